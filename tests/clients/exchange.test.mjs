// Token exchange (RFC 8693) through the release binary, by panva's openid-client: a shop's token becomes another service's, by
// delegation and by impersonation, along a policy that names pairs of clients. What a gateway gets in the plain case stands in
// native-sso.test.mjs.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import * as oidc from 'openid-client';
import { ACCESS_TOKEN, EXCHANGE, ID_TOKEN, claims } from './native-apps.mjs';
import { startProvider } from './provider.mjs';
import { until } from './waiting.mjs';
import { asked, webApp } from './web-app.mjs';

const SERVICE = ['--type', 'service', '--auth', 'client_secret_post'];
const GRANTS = ['--grant', EXCHANGE, '--grant', 'client_credentials'];
let provider, ada, shop, orders, stock, courier, gateway;

before(async () => {
  provider = await startProvider();
  ada = await provider.addUser('ada@example.com', 'correct horse battery staple');
  shop = await webApp(provider, 'shop', { scope: 'openid profile read offline_access' });
  orders = await service('orders');
  stock = await service('stock');
  gateway = await service('gateway', [
    { client: 'shop', audience: ['orders'], scope: 'read write' },
    { client: 'shop', audience: ['stock'], scope: 'read', act: 'impersonation' },
    { client: 'shop', audience: ['ledger'], scope: 'read', adds: 'ledger' },
  ]);
  // It exchanges what the gateway got, and nothing of the shop's.
  courier = await service('courier', [
    { client: 'gateway', audience: ['stock'], scope: 'read' },
    { client: 'gateway', audience: ['orders'], scope: 'read', act: 'impersonation' },
  ]);
});

after(() => provider?.stop());

test('by delegation the token says who acts, and who acted before; by impersonation nobody is added', async () => {
  const subject = await shopping();
  const first = await gateway.exchange(subject, { audience: 'orders' });
  const said = claims(first.access_token);
  assert.deepEqual([said.sub, said.aud, said.client_id], [claims(subject).sub, 'orders', 'gateway']);
  assert.deepEqual(said.act, { sub: 'gateway' }, 'section 4.1');
  assert.deepEqual((await orders.introspect(first.access_token)).act, { sub: 'gateway' });
  // From there to the next hand: outermost stands who acts now.
  const second = await courier.exchange(first.access_token, { audience: 'stock' });
  const chain = { sub: 'courier', act: { sub: 'gateway' } };
  assert.deepEqual([claims(second.access_token).act, second.scope], [chain, 'read']);
  assert.deepEqual((await stock.introspect(second.access_token)).act, chain);
  // Who impersonates adds no name, and takes none away.
  const silent = await gateway.exchange(subject, { audience: 'stock' });
  assert.equal(claims(silent.access_token).act, undefined);
  assert.equal((await stock.introspect(silent.access_token)).act, undefined);
  const after = await courier.exchange(first.access_token, { audience: 'orders' });
  assert.deepEqual(claims(after.access_token).act, { sub: 'gateway' });
  for (const token of [first, second, silent, after]) {
    assert.deepEqual([token.refresh_token, token.id_token, token.issued_token_type], [undefined, undefined, ACCESS_TOKEN]);
  }
});

test('an actor token names who acts, where it is a token of the client’s own', async () => {
  const subject = await shopping();
  const own = await gateway.own();
  const by = (actor_token) => ({ audience: 'orders', actor_token, actor_token_type: ACCESS_TOKEN });
  const acting = await gateway.exchange(subject, by(own));
  assert.deepEqual(claims(acting.access_token).act, { sub: claims(own).sub });
  for (const [what, more] of [
    ['another client’s', by(await courier.own())],
    ['the person’s', by(subject)],
    ['a text', by('x.y.z')],
    ['one that is cut', by(own.slice(0, -2))],
    ['a token without its type', { ...by(own), actor_token_type: undefined }],
    ['a type without a token', { ...by(undefined) }],
    ['an ID token’s type', { ...by(own), actor_token_type: ID_TOKEN }],
  ]) {
    assert.equal(await refusal(gateway.exchange(subject, more)), 'invalid_request', what);
  }
});

test('without a line for this pair nothing is exchanged', async () => {
  const subject = await shopping();
  const silent = await gateway.exchange(subject, { audience: 'stock' });
  // Registered for the grant, with no line at all or none for this pair.
  const bare = await service('bare', []);
  for (const one of [bare, courier]) assert.equal(await refusal(one.exchange(subject, { audience: 'orders' })), 'invalid_request', one.name);
  // Not registered for the grant, whatever it has.
  for (const one of [orders, { ...shop, exchange: exchangeOf(shop.config) }]) {
    assert.equal(await refusal(one.exchange(subject, { audience: 'orders' })), 'unauthorized_client', one.name);
  }
  for (const [more, error] of [
    [{ audience: 'elsewhere' }, 'invalid_target'],
    [{ resource: 'https://orders.example' }, 'invalid_target'],
    [{ audience: 'orders', resource: 'https://elsewhere.example' }, 'invalid_target'],
    [{ audience: ['orders', 'stock'] }, 'invalid_target'],
    [{}, 'invalid_request'],
    [{ audience: 'orders', scope: 'openid' }, 'invalid_scope'],
    [{ audience: 'orders', scope: 'profile' }, 'invalid_scope'],
    // The line has it, and the shop's token has not.
    [{ audience: 'orders', scope: 'read write' }, 'invalid_scope'],
    [{ audience: 'orders', scope: 'read ledger' }, 'invalid_scope'],
    [{ audience: 'orders', requested_token_type: ID_TOKEN }, 'invalid_request'],
    [{ audience: 'orders', requested_token_type: 'urn:ietf:params:oauth:token-type:refresh_token' }, 'invalid_request'],
    [{ audience: 'orders', subject_token_type: undefined }, 'invalid_request'],
    [{ audience: 'orders', subject_token_type: 'urn:ietf:params:oauth:token-type:jwt' }, 'invalid_request'],
  ]) {
    assert.equal(await refusal(gateway.exchange(subject, more)), error, JSON.stringify(more));
  }
  // What is no access token of a person of ours.
  const [head, body] = subject.split('.');
  const forged = Buffer.from(JSON.stringify({ ...claims(subject), scope: 'read write' })).toString('base64url');
  for (const [what, token] of [
    ['a machine’s', await gateway.own()],
    ['one that is cut', `${head}.${body}`],
    ['one with other scopes', [head, forged, subject.split('.')[2]].join('.')],
    ['none', ''],
  ]) {
    assert.equal(await refusal(gateway.exchange(token, { audience: 'orders' })), 'invalid_request', what);
  }
  // A token that is nobody's but the gateway's is not taken further by those it was not made for.
  assert.equal(await refusal(bare.exchange(silent.access_token, { audience: 'stock' })), 'invalid_request');
  const added = await gateway.exchange(subject, { audience: 'ledger', scope: 'read ledger' });
  assert.equal(added.scope.split(' ').sort().join(' '), 'ledger read', 'what a line adds is given where it is asked for');
  assert.equal((await gateway.exchange(subject, { audience: 'ledger' })).scope, 'read');
});

test('a line that is taken away exchanges no more', async () => {
  const subject = await shopping();
  const cart = await service('cart', [{ client: 'shop', audience: ['orders'], scope: 'read' }]);
  const given = await cart.exchange(subject, { audience: 'orders' });
  await provider.cli(['client', 'update', 'cart', '--metadata', JSON.stringify({ vestibule_exchange: [] })]);
  await until(async () => (await outcome(cart.exchange(subject, { audience: 'orders' }))) === 'invalid_request');
  assert.equal((await orders.introspect(given.access_token)).active, true, 'what was given stands');
});

test('an exchanged token ends with what it came of, and does not end it', async () => {
  const tokens = await shop.signIn(ada, { scope: 'openid read' });
  const [one, two] = [await gateway.exchange(tokens.access_token, { audience: 'orders' }), await gateway.exchange(tokens.access_token, { audience: 'orders' })];
  const next = await courier.exchange(two.access_token, { audience: 'stock' });
  assert.ok(claims(next.access_token).exp <= claims(tokens.access_token).exp, 'never longer than its subject');
  await oidc.tokenRevocation(gateway.config, one.access_token);
  assert.equal((await orders.introspect(one.access_token)).active, false);
  assert.equal((await orders.introspect(two.access_token)).active, true);
  assert.equal((await shop.introspect(tokens.access_token)).active, true);
  await oidc.tokenRevocation(shop.config, tokens.refresh_token);
  assert.equal((await orders.introspect(two.access_token)).active, false);
  assert.equal((await stock.introspect(next.access_token)).active, false, 'at the second hand, too');
  assert.equal(await refusal(gateway.exchange(tokens.access_token, { audience: 'orders' })), 'invalid_request');
});

test('a public client exchanges its own tokens alone, and by their key', async () => {
  const policy = { vestibule_exchange: [{ client: 'wallet', audience: ['orders'], scope: 'profile' }, { client: 'shop', audience: ['orders'], scope: 'read' }] };
  const redirect = 'https://wallet.example/cb';
  const grants = ['--grant', 'authorization_code', '--grant', EXCHANGE];
  const args = ['--client-id', 'wallet', '--type', 'native', '--trusted', '--redirect-uri', redirect, '--scope', 'openid profile'];
  await provider.addClient('Wallet', ...args, ...grants, '--metadata', JSON.stringify(policy));
  const config = await discover('wallet', oidc.None());
  const keys = await Promise.all([oidc.randomDPoPKeyPair('ES256'), oidc.randomDPoPKeyPair('ES256')]);
  const [own, thief] = keys.map((key) => ({ DPoP: oidc.getDPoPHandle(config, key) }));
  const signIn = async (by) => {
    const { left, verifier } = await asked(provider, { config, redirect }, ada);
    return oidc.authorizationCodeGrant(config, left, { pkceCodeVerifier: verifier }, undefined, by);
  };
  const [bound, free] = [await signIn(own), await signIn(undefined)];
  const exchange = (subject_token, by) =>
    oidc.genericGrantRequest(config, EXCHANGE, { subject_token, subject_token_type: ACCESS_TOKEN, audience: 'orders' }, by);
  const given = await exchange(bound.access_token, own);
  assert.deepEqual(claims(given.access_token).cnf, { jkt: await own.DPoP.calculateThumbprint() });
  assert.equal(await refusal(exchange(bound.access_token, thief)), 'invalid_request', 'by another key');
  assert.equal(await refusal(exchange(bound.access_token)), 'invalid_request', 'without one');
  assert.equal(await refusal(exchange(free.access_token, own)), 'unauthorized_client', 'what is not bound');
  assert.equal(await refusal(exchange(await shopping(), own)), 'unauthorized_client', 'another client’s, in spite of a line');
});

/** A token of the shop's for Ada. */
async function shopping() {
  return (await shop.signIn(ada, { scope: 'openid read' })).access_token;
}

/** A service, which may exchange by these lines; without any it has not the grant. */
async function service(name, lines) {
  const policy = lines ? [...GRANTS, '--metadata', JSON.stringify({ vestibule_exchange: lines })] : [];
  const { client_secret } = await provider.addClient(name, '--client-id', name, ...SERVICE, ...policy);
  const config = await discover(name, oidc.ClientSecretPost(client_secret));
  return {
    name,
    config,
    exchange: exchangeOf(config),
    own: async () => (await oidc.clientCredentialsGrant(config)).access_token,
    introspect: (token) => oidc.tokenIntrospection(config, token),
  };
}

function discover(id, authentication) {
  return oidc.discovery(new URL(provider.issuer), id, undefined, authentication, { execute: [oidc.allowInsecureRequests] });
}

/** What is undefined stays away. */
function exchangeOf(config) {
  return (subject_token, more) => {
    const asked = Object.entries({ subject_token, subject_token_type: ACCESS_TOKEN, ...more });
    const form = new URLSearchParams();
    for (const [name, value] of asked) for (const one of [value].flat()) if (one !== undefined) form.append(name, one);
    return oidc.genericGrantRequest(config, EXCHANGE, form);
  };
}

async function outcome(promise) {
  return promise.then(
    () => 'given',
    (error) => error.error ?? Promise.reject(error),
  );
}

async function refusal(promise) {
  const code = await outcome(promise);
  assert.notEqual(code, 'given', 'it was not refused');
  return code;
}
