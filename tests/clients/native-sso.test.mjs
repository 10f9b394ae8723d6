// OpenID Connect Native SSO 1.0 and token exchange (RFC 8693) through the release binary, by a client that knows the
// specifications alone: fetch, forms and JSON, and no library.
import assert from 'node:assert/strict';
import { createHash, randomBytes } from 'node:crypto';
import { after, before, test } from 'node:test';
import { Browser, walk } from './browser.mjs';
import { startProvider } from './provider.mjs';

const EXCHANGE = 'urn:ietf:params:oauth:grant-type:token-exchange';
const ACCESS_TOKEN = 'urn:ietf:params:oauth:token-type:access_token';
const ID_TOKEN = 'urn:ietf:params:oauth:token-type:id_token';
const DEVICE_SECRET = 'urn:openid:params:token-type:device-secret';
let provider, metadata, ada;

before(async () => {
  provider = await startProvider();
  ada = await provider.addUser('ada@example.com', 'correct horse battery staple');
  metadata = await (await fetch(`${provider.issuer}/.well-known/openid-configuration`)).json();
  // A group without extra demands: as the specification has it, the secret is a bearer secret.
  for (const name of ['notes', 'mail']) await app(name, '--app-group', 'acme', '--trusted');
  await app('stranger', '--app-group', 'other', '--trusted');
  await provider.cli(['app-group', 'set', 'acme', '--rotation', 'off', '--device-proof', 'off']);
});

after(() => provider?.stop());

function app(name, ...more) {
  const args = ['--client-id', name, '--type', 'native', '--redirect-uri', callback(name), '--scope', 'openid profile email'];
  return provider.addClient(name, ...args, ...more);
}

const callback = (name) => `https://${name}.example/callback`;

async function post(endpoint, fields) {
  const answer = await fetch(endpoint, { method: 'POST', body: new URLSearchParams(fields) });
  return { status: answer.status, ...(await answer.json()) };
}

/** Signs in to an app in a browser, and redeems the code. */
async function signIn(name, scope, secret = {}) {
  const verifier = randomBytes(32).toString('base64url');
  const code_challenge = createHash('sha256').update(verifier).digest('base64url');
  const asked = { client_id: name, redirect_uri: callback(name), response_type: 'code', scope, nonce: 'n', state: 's' };
  const request = new URLSearchParams({ ...asked, code_challenge, code_challenge_method: 'S256' });
  const browser = new Browser(provider.issuer);
  const { params } = await walk(browser, `${metadata.authorization_endpoint}?${request}`, ada);
  const redeemed = { grant_type: 'authorization_code', code: params.get('code'), redirect_uri: callback(name), code_verifier: verifier };
  return post(metadata.token_endpoint, { ...redeemed, client_id: name, ...secret });
}

/** Native SSO §4.2. */
const join = (name, first, more = {}) =>
  post(metadata.token_endpoint, {
    grant_type: EXCHANGE,
    client_id: name,
    audience: metadata.issuer,
    subject_token: first.id_token,
    subject_token_type: ID_TOKEN,
    actor_token: first.device_secret,
    actor_token_type: DEVICE_SECRET,
    ...more,
  });

const claims = (token) => JSON.parse(Buffer.from(token.split('.')[1], 'base64url'));
const hash = (text) => createHash('sha256').update(text).digest('base64url');
const userinfo = (token) => fetch(metadata.userinfo_endpoint, { headers: { authorization: `Bearer ${token}` } });

test('the second app of a developer is simply signed in', async () => {
  assert.equal(metadata.native_sso_supported, true, 'section 5');
  const notes = await signIn('notes', 'openid profile device_sso');
  assert.ok(notes.device_secret, JSON.stringify(notes));
  assert.equal(claims(notes.id_token).ds_hash, hash(notes.device_secret), 'section 3.4');
  const mail = await join('mail', notes);
  assert.deepEqual([mail.status, mail.issued_token_type], [200, ACCESS_TOKEN], JSON.stringify(mail));
  const [one, two] = [notes, mail].map(({ id_token }) => claims(id_token));
  assert.deepEqual([two.sub, two.sid, two.auth_time, two.aud], [one.sub, one.sid, one.auth_time, 'mail']);
  assert.equal((await (await userinfo(mail.access_token)).json()).sub, one.sub);
  // As often as the apps like, and for the first drafts' name of the type.
  const alias = { actor_token_type: 'urn:x-oath:params:oauth:token-type:device-secret' };
  assert.equal((await join('mail', mail, alias)).status, 200);
});

test('nobody else is let in by a device secret, and it ends with what it opened', async () => {
  const notes = await signIn('notes', 'openid device_sso');
  const other = await signIn('notes', 'openid device_sso');
  for (const [name, more, error] of [
    ['stranger', {}, 'invalid_grant'],
    ['mail', { actor_token: other.device_secret }, 'invalid_grant'],
    ['mail', { actor_token: `${notes.device_secret}x` }, 'invalid_grant'],
    ['mail', { subject_token: `${notes.id_token}x` }, 'invalid_grant'],
    ['mail', { audience: 'https://elsewhere.example' }, 'invalid_request'],
    ['mail', { scope: 'profile' }, 'invalid_scope'],
  ]) {
    assert.equal((await join(name, notes, more)).error, error, JSON.stringify([name, more]));
  }
  const mail = await join('mail', notes);
  const revoked = await fetch(metadata.revocation_endpoint, {
    method: 'POST',
    body: new URLSearchParams({ client_id: 'mail', token: mail.device_secret }),
  });
  assert.equal(revoked.status, 200);
  assert.equal((await join('mail', notes)).error, 'invalid_grant');
  assert.equal((await userinfo(mail.access_token)).status, 401);
});

test('a gateway acts for a person, and says so', async () => {
  const line = { client: 'shop', audience: ['orders'], scope: 'read write' };
  const web = ['--type', 'web', '--auth', 'client_secret_post', '--trusted'];
  const shop = await provider.addClient('Shop', '--client-id', 'shop', ...web, '--redirect-uri', callback('shop'), '--scope', 'openid read');
  const orders = await provider.addClient('Orders', '--client-id', 'orders', ...web, '--redirect-uri', callback('orders'));
  const policy = JSON.stringify({ vestibule_exchange: [line] });
  const grants = ['--grant', 'client_credentials', '--grant', EXCHANGE];
  const gateway = await provider.addClient('Gateway', '--client-id', 'gateway', '--type', 'service', '--auth', 'client_secret_post', ...grants, '--metadata', policy);
  const own = ({ client_id, client_secret }) => ({ client_id, client_secret });
  const tokens = await signIn('shop', 'openid read', own(shop));
  const exchange = (more, by = gateway) =>
    post(metadata.token_endpoint, {
      grant_type: EXCHANGE,
      subject_token: tokens.access_token,
      subject_token_type: ACCESS_TOKEN,
      audience: 'orders',
      ...own(by),
      ...more,
    });
  const acting = await exchange({});
  assert.deepEqual([acting.status, acting.issued_token_type, acting.scope], [200, ACCESS_TOKEN, 'read'], JSON.stringify(acting));
  assert.equal(acting.refresh_token ?? acting.id_token, undefined, 'neither an identity nor a way to come back');
  const [was, is] = [tokens, acting].map(({ access_token }) => claims(access_token));
  assert.deepEqual([is.sub, is.aud, is.client_id, is.act], [was.sub, 'orders', 'gateway', { sub: 'gateway' }], 'section 4.1');
  assert.ok(is.exp <= was.exp, 'never longer than its subject');
  const introspect = () => post(metadata.introspection_endpoint, { token: acting.access_token, ...own(orders) });
  const seen = await introspect();
  assert.deepEqual([seen.active, seen.act], [true, { sub: 'gateway' }]);
  for (const [more, by, error] of [
    [{ audience: 'elsewhere' }, gateway, 'invalid_target'],
    [{ scope: 'read admin' }, gateway, 'invalid_scope'],
    [{ scope: 'read write' }, gateway, 'invalid_scope'],
    [{ subject_token: tokens.id_token }, gateway, 'invalid_request'],
    [{}, shop, 'unauthorized_client'],
  ]) {
    assert.equal((await exchange(more, by)).error, error, JSON.stringify(more));
  }
  const revoked = await fetch(metadata.revocation_endpoint, { method: 'POST', body: new URLSearchParams({ token: tokens.refresh_token, ...own(shop) }) });
  assert.equal(revoked.status, 200);
  assert.equal((await introspect()).active, false, 'it ends with what it came of');
});
