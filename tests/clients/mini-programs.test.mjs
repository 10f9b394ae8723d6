// Mini programs in a super app, by plain HTTP through the release binary: what a program, its backend or a thief of the host's
// token tries at the endpoints themselves. The bridge between the pages stands in tests/browser.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { Browser, walk } from './browser.mjs';
import { ACCESS_TOKEN, EXCHANGE, Key, callback, claims, hash, post } from './native-apps.mjs';
import { startProvider } from './provider.mjs';
import { until } from './waiting.mjs';

const CODE = 'urn:vestibule:params:oauth:token-type:authorization-code';
/** Of a program's backend, and of another's. */
const [VERIFIER, OTHER] = ['v', 'w'].map((letter) => letter.repeat(43));
const ALL = 'openid profile email phone admin offline_access';
let provider, metadata, ada, host, rival, taxi, shop;

before(async () => {
  provider = await startProvider();
  metadata = await (await fetch(`${provider.issuer}/.well-known/openid-configuration`)).json();
  ada = await provider.addUser('ada@example.com', 'correct horse battery staple', '--name', 'Ada Lovelace');
  for (const name of ['super', 'rival']) {
    const grants = ['authorization_code', 'refresh_token', EXCHANGE].flatMap((grant) => ['--grant', grant]);
    const args = ['--client-id', name, '--type', 'native', '--trusted', '--redirect-uri', callback(name), '--scope', ALL];
    await provider.addClient(name, ...args, ...grants);
  }
  taxi = await program('taxi', 'openid profile');
  shop = await program('shop', 'openid profile');
  [host, rival] = [await signedIn('super'), await signedIn('rival')];
});

after(() => provider?.stop());

test('a sheet first, then silently, as the server says it, with a subject of the program’s own', async () => {
  const sheet = await host.sheet('taxi', 'openid profile email admin');
  assert.deepEqual([sheet.client.name, sheet.scopes.map(({ name, silent }) => [name, silent])], ['taxi', [['openid', false], ['profile', false]]], JSON.stringify(sheet));
  assert.ok(sheet.scopes.every(({ words }) => words.length > 8));
  const first = await host.code('taxi');
  assert.deepEqual([first.status, first.error, first.access_token], [400, 'consent_required', undefined]);
  const given = await host.code('taxi', { allowed_scope: 'openid profile', nonce: 'n-1' });
  assert.deepEqual([given.status, given.issued_token_type, given.token_type, given.refresh_token, given.id_token], [200, CODE, 'N_A', undefined, undefined]);
  assert.ok(given.expires_in > 0 && given.expires_in <= 60, String(given.expires_in));
  const tokens = await taxi.redeem(given.access_token);
  assert.equal(tokens.scope, 'openid profile', JSON.stringify(tokens));
  const [own, its] = [host.token, tokens.id_token].map(claims);
  assert.deepEqual([its.aud, its.nonce, its.auth_time], ['taxi', 'n-1', own.auth_time], 'when the person was asked last');
  assert.notEqual(its.sub, own.sub, 'pairwise');
  const told = await (await userinfo(tokens.access_token)).json();
  assert.deepEqual([told.sub, told.name, told.email], [its.sub, 'Ada Lovelace', undefined]);
  assert.deepEqual((await host.sheet('taxi', 'openid profile')).scopes.map(({ silent }) => silent), [true, true]);
  assert.equal((await host.code('taxi')).status, 200, 'remembered');
  const other = await shop.redeem((await host.allowed('shop')).access_token);
  assert.equal(new Set([own.sub, its.sub, claims(other.id_token).sub]).size, 3, 'nobody can compare');
});

test('a program gets neither the host’s scopes nor what outlives the host', async () => {
  for (const scope of [ALL, 'openid email', 'openid admin', 'openid offline_access']) {
    const given = await host.code('taxi', { scope, allowed_scope: ALL });
    assert.equal(given.status, 200, JSON.stringify(given));
    const tokens = await taxi.redeem(given.access_token);
    assert.equal(tokens.scope, scope === ALL ? 'openid profile' : 'openid');
    assert.equal((await taxi.introspect(tokens.access_token)).scope, tokens.scope);
    // Nor later, by its own door: what a refresh asks for is bounded by what was given.
    const wider = await taxi.refresh(tokens, { scope: 'openid email admin' });
    assert.ok(wider.error === 'invalid_scope' || !/email|admin/.test(wider.scope), JSON.stringify(wider));
  }
  // What the person has not allowed on the sheet is not given, whatever is asked for.
  const ferry = await program('ferry', 'openid profile');
  const less = await host.code('ferry', { allowed_scope: 'openid' });
  assert.equal((await ferry.redeem(less.access_token)).scope, 'openid');
});

test('a code is its program’s, its verifier’s and its backend’s, once', async () => {
  const next = async () => (await host.allowed('taxi')).access_token;
  const code = await next();
  for (const [what, refused, error] of [
    ['by another program', await shop.redeem(code), 'invalid_grant'],
    ['by another verifier', await taxi.redeem(code, { code_verifier: OTHER }), 'invalid_grant'],
    ['without a verifier', await taxi.redeem(code, { code_verifier: '' }), 'invalid_grant'],
    ['without a secret', await taxi.redeem(code, { client_secret: '' }), 'invalid_client'],
    ['by another’s secret', await taxi.redeem(code, { client_secret: shop.secret }), 'invalid_client'],
    ['by the host', await post(metadata.token_endpoint, { ...redeeming(code), client_id: 'super' }), 'invalid_grant'],
    ['as a refresh token', await taxi.refresh({ refresh_token: code }), 'invalid_grant'],
    ['cut', await taxi.redeem(code.slice(0, -1)), 'invalid_grant'],
  ]) {
    assert.equal(refused.error, error, `${what}: ${JSON.stringify(refused)}`);
    assert.equal(refused.access_token, undefined, what);
  }
  const tokens = await taxi.redeem(code);
  assert.equal(tokens.scope, 'openid profile', 'what others tried cost nothing');
  // A code that comes again was stolen: what it gave ends (RFC 6749 §4.1.2).
  assert.equal((await taxi.redeem(code)).error, 'invalid_grant');
  assert.equal((await userinfo(tokens.access_token)).status, 401);
  const raced = await next();
  const race = await Promise.all(Array.from({ length: 8 }, () => taxi.redeem(raced)));
  assert.ok(race.filter(({ access_token }) => access_token).length <= 1, JSON.stringify(race));
  // One program’s code in another’s request for tokens at the host.
  const used = await host.code('taxi', { subject_token: await next(), allowed_scope: ALL });
  assert.equal(used.error, 'invalid_request');
});

test('the host’s token is worth something with the host’s key alone, for the host’s own programs', async () => {
  const thief = new Key();
  const dpop = (more) => thief.dpop('POST', metadata.token_endpoint, more);
  for (const [what, more, headers, error] of [
    ['no proof', {}, {}, 'invalid_dpop_proof'],
    ['a thief’s key', {}, { dpop: dpop() }, 'invalid_dpop_proof'],
    ['as a rival', { client_id: 'rival' }, { dpop: rival.key.dpop('POST', metadata.token_endpoint) }, 'invalid_request'],
    ['for a program of nobody', { audience: 'nowhere' }, undefined, 'invalid_target'],
    ['for an app that is no program', { audience: 'rival' }, undefined, 'invalid_target'],
    ['for itself', { audience: 'super' }, undefined, 'invalid_target'],
    ['for no program', { audience: '' }, undefined, 'invalid_request'],
    ['without a challenge', { code_challenge: '' }, undefined, 'invalid_request'],
    ['by the plain method', { code_challenge_method: 'plain' }, undefined, 'invalid_request'],
    ['with a scope that is none', { scope: 'openid "' }, undefined, 'invalid_scope'],
  ]) {
    const refused = await host.code('taxi', { allowed_scope: ALL, ...more }, headers);
    assert.deepEqual([refused.status, refused.error, refused.access_token], [400, error, undefined], `${what}: ${JSON.stringify(refused)}`);
  }
  assert.equal((await rival.code('taxi', { allowed_scope: ALL })).error, 'invalid_target', 'another host’s program');
  // A host whose own token is a bearer's gets no code for anybody.
  const free = await signedIn('super', false);
  assert.equal((await free.code('taxi', { allowed_scope: ALL })).error, 'invalid_dpop_proof');
  // A program is no host, with its token or with the host's.
  const tokens = await taxi.redeem((await host.allowed('taxi')).access_token);
  const asProgram = { client_id: 'taxi', client_secret: taxi.secret, audience: 'shop', allowed_scope: ALL };
  for (const subject_token of [tokens.access_token, host.token]) {
    const refused = await host.code('shop', { ...asProgram, subject_token });
    assert.equal(refused.error, 'unauthorized_client', JSON.stringify(refused));
  }
  // The sheet is the host's to see.
  const sheet = await fetch(`${provider.issuer}/api/mini-programs/v1/programs/taxi?scope=openid`, { headers: { authorization: `Bearer ${tokens.access_token}` } });
  assert.ok(sheet.status >= 400, String(sheet.status));
  assert.equal((await rival.sheet('taxi', 'openid')).error, 'invalid_target');
});

test('a program that its host blocks holds nothing any more, and another goes on', async () => {
  const bus = await program('bus', 'openid profile');
  const tokens = await bus.redeem((await host.allowed('bus')).access_token);
  const pending = (await host.allowed('bus')).access_token;
  assert.equal((await userinfo(tokens.access_token)).status, 200);
  await provider.cli(['client', 'update', 'bus', '--state', 'blocked']);
  await until(async () => (await userinfo(tokens.access_token)).status === 401);
  for (const refused of [await bus.refresh(tokens), await bus.redeem(pending), await bus.introspect(tokens.access_token)]) {
    assert.equal(refused.error, 'invalid_client', JSON.stringify(refused));
  }
  for (const refused of [await host.code('bus', { allowed_scope: ALL }), await host.sheet('bus', 'openid')]) assert.equal(refused.error, 'invalid_target');
  assert.equal((await taxi.redeem((await host.allowed('taxi')).access_token)).scope, 'openid profile');
  // A draft is for those whom somebody invites, also by the door of all other apps.
  await provider.cli(['client', 'update', 'bus', '--state', 'draft']);
  await until(async () => (await host.sheet('bus', 'openid')).error === 'invalid_target' && (await bus.introspect(tokens.access_token)).active === false);
  const request = { client_id: 'bus', redirect_uri: callback('bus'), response_type: 'code', scope: 'openid', nonce: 'n' };
  const browser = new Browser(provider.issuer);
  const page = await browser.open(`${metadata.authorization_endpoint}?${new URLSearchParams(request)}`);
  const shown = await browser.submit(page, 'signin', ada);
  assert.equal(shown.step, 'not-admitted', shown.html);
  await provider.cli(['client', 'invite', 'bus', ada.username]);
  await until(async () => (await host.code('bus', { allowed_scope: 'openid' })).status === 200);
});

test('where the host’s session ends, all that its programs have ends', async () => {
  const lender = await signedIn('super');
  const tokens = await taxi.redeem((await lender.allowed('taxi')).access_token);
  const pending = (await lender.allowed('taxi')).access_token;
  assert.ok(claims(tokens.access_token).sid);
  await provider.cli(['session', 'revoke', claims(lender.token).sid, '--user', ada.username]);
  assert.equal((await userinfo(tokens.access_token)).status, 401);
  assert.equal((await taxi.refresh(tokens)).error, 'invalid_grant');
  assert.equal((await taxi.redeem(pending)).error, 'invalid_grant');
  assert.equal((await lender.code('taxi', { allowed_scope: ALL })).error, 'invalid_request');
  assert.equal((await host.allowed('taxi')).status, 200, 'another session of the same person goes on');
});

test('what a program’s API demands is a condition, which the host meets and no program', async () => {
  const strong = 'urn:vestibule:acr:multi-factor';
  for (const more of [{ acr_values: strong }, { acr_values: strong, allowed_scope: ALL }]) {
    const refused = await host.code('taxi', more);
    assert.ok(['unmet_authentication_requirements', 'interaction_required', 'login_required'].includes(refused.error), JSON.stringify(refused));
    assert.equal(refused.access_token, undefined);
  }
  assert.equal((await host.code('taxi', { acr_values: 'urn:vestibule:acr:single-factor', max_age: '3600', allowed_scope: ALL })).status, 200);
  assert.equal((await host.code('taxi', { max_age: '0' })).error, 'login_required');
  assert.equal((await host.code('taxi', { max_age: '0', allowed_scope: ALL })).error, 'interaction_required', 'a yes on the sheet is no sign-in');
  for (const wrong of [{ max_age: 'soon' }, { max_age: '-1' }, { acr_values: Array(9).fill('a').join(' ') }]) {
    assert.equal((await host.code('taxi', { ...wrong, allowed_scope: ALL })).error, 'invalid_request', JSON.stringify(wrong));
  }
});

test('a program without a backend of its own is none', async () => {
  const add = (...args) => provider.addClient('Bare', '--client-id', 'bare', '--host', 'super', '--redirect-uri', 'https://bare.example/cb', ...args);
  for (const args of [['--type', 'spa'], ['--type', 'native'], ['--type', 'web', '--auth', 'none']]) {
    await assert.rejects(add(...args), /it must authenticate itself/, args.join(' '));
  }
  // Nor does one become so.
  await assert.rejects(provider.cli(['client', 'update', 'taxi', '--auth', 'none']), /it must authenticate itself/);
  await assert.rejects(provider.cli(['client', 'show', 'bare']), /there is no client/);
  // One that is registered begins as a draft.
  await add('--type', 'web');
  assert.equal((await host.code('bare', { allowed_scope: ALL })).error, 'invalid_target');
});

/** The super app in a session of Ada's; its tokens are bound to its key, unless it has none. */
async function signedIn(name, bound = true) {
  const key = new Key();
  const proof = (method, address, more) => ({ dpop: key.dpop(method, address, more) });
  const request = { client_id: name, redirect_uri: callback(name), response_type: 'code', scope: 'openid profile', code_challenge: hash(VERIFIER), code_challenge_method: 'S256' };
  const { params } = await walk(new Browser(provider.issuer), `${metadata.authorization_endpoint}?${new URLSearchParams(request)}`, ada);
  const fields = { ...redeeming(params.get('code')), client_id: name, redirect_uri: callback(name) };
  const { access_token: token } = await post(metadata.token_endpoint, fields, bound ? proof('POST', metadata.token_endpoint) : {});
  const code = (program, more = {}, headers = proof('POST', metadata.token_endpoint)) => {
    const usual = { client_id: name, grant_type: EXCHANGE, subject_token: token, subject_token_type: ACCESS_TOKEN, requested_token_type: CODE, audience: program };
    const asked = { scope: 'openid profile', code_challenge: hash(VERIFIER), code_challenge_method: 'S256' };
    return post(metadata.token_endpoint, { ...usual, ...asked, ...more }, headers);
  };
  return {
    key,
    token,
    code,
    allowed: (program) => code(program, { allowed_scope: 'openid profile' }),
    async sheet(program, scope) {
      const address = `${provider.issuer}/api/mini-programs/v1/programs/${program}`;
      const headers = { authorization: `DPoP ${token}`, ...proof('GET', address, { ath: hash(token) }) };
      return (await fetch(`${address}?${new URLSearchParams({ scope })}`, { headers })).json();
    },
  };
}

/** A live program of the super app, with its backend. */
async function program(name, scope) {
  const args = ['--client-id', name, '--host', 'super', '--state', 'live', '--redirect-uri', callback(name), '--auth', 'client_secret_post'];
  const { client_secret: secret } = await provider.addClient(name, ...args, '--scope', scope);
  const own = { client_id: name, client_secret: secret };
  return {
    secret,
    redeem: (code, more = {}) => post(metadata.token_endpoint, { ...redeeming(code), ...own, ...more }),
    refresh: ({ refresh_token }, more = {}) => post(metadata.token_endpoint, { grant_type: 'refresh_token', refresh_token, ...own, ...more }),
    introspect: (token) => post(metadata.introspection_endpoint, { token, ...own }),
  };
}

const redeeming = (code) => ({ grant_type: 'authorization_code', code, code_verifier: VERIFIER });

function userinfo(token) {
  return fetch(metadata.userinfo_endpoint, { headers: { authorization: `Bearer ${token}` } });
}
