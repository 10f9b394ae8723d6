// What every client library is put through. A library is an adapter with one function per step; this is the list.
import assert from 'node:assert/strict';
import { randomBytes, createHash, generateKeyPairSync } from 'node:crypto';
import { test, before, after } from 'node:test';
import { startProvider } from './provider.mjs';
import { Browser, walk } from './browser.mjs';

export const REDIRECT_URI = 'http://localhost:9876/callback';
export const AFTER_LOGOUT = 'http://localhost:9876/bye';
const METHODS = ['client_secret_basic', 'client_secret_post', 'private_key_jwt', 'client_secret_jwt', 'none'];

/** Declares the tests of one library. */
export function list(library) {
  let provider, user;
  before(async () => {
    provider = await startProvider();
    user = await provider.addUser('ada@example.com', 'correct horse battery staple', '--name', 'Ada Lovelace');
  });
  after(() => provider?.stop());

  for (const alg of ['RS256', 'ES256']) {
    test(`${library.name}: the whole list with ${alg} ID tokens`, () => whole(library, provider, user, alg));
  }
  for (const method of METHODS) {
    test(`${library.name}: ${method}`, () => authenticated(library, provider, user, method));
  }
  for (const mode of ['query', 'form_post']) {
    test(`${library.name}: response_mode=${mode}`, () => answeredBy(library, provider, user, mode));
  }
  test(`${library.name}: prompt=none`, () => silent(library, provider, user));
  test(`${library.name}: what must be refused`, () => refused(library, provider, user));
}

async function whole(library, provider, user, alg) {
  const { handle, browser } = await setUp(library, provider, { alg });
  const tokens = await signIn(library, handle, browser, user);
  assert.equal(headerOf(tokens.id_token).alg, alg);
  assert.equal(headerOf(tokens.access_token).typ, 'at+jwt', 'RFC 9068 §2.1');
  assert.equal(tokens.claims.iss, provider.issuer);
  assert.ok(tokens.claims.auth_time && tokens.claims.sid && tokens.claims.at_hash);
  assert.deepEqual(tokens.claims.amr, ['pwd']);

  const info = await library.userinfo(handle, tokens.access_token, tokens.claims.sub);
  assert.equal(info.email, 'ada@example.com');
  assert.equal(info.email_verified, true);
  assert.equal(info.name, 'Ada Lovelace');

  const live = await library.introspect(handle, tokens.access_token);
  assert.equal(live.active, true);
  assert.equal(live.sub, tokens.claims.sub);

  const second = await library.refresh(handle, tokens.refresh_token);
  const third = await library.refresh(handle, second.refresh_token);
  const texts = [tokens, second, third].map((one) => one.refresh_token);
  assert.equal(new Set(texts).size, 3, 'each refresh rotates the token');
  await library.userinfo(handle, third.access_token, tokens.claims.sub);

  await library.revoke(handle, third.refresh_token);
  assert.equal((await library.introspect(handle, third.access_token)).active, false);
  await rejects(library.refresh(handle, third.refresh_token), 'invalid_grant');

  const again = await signIn(library, handle, browser, user);
  const url = library.logoutUrl(handle, { id_token_hint: again.id_token, post_logout_redirect_uri: AFTER_LOGOUT, state: 'bye' });
  const out = await walk(browser, url, user);
  assert.equal(`${out.left.origin}${out.left.pathname}`, AFTER_LOGOUT);
  assert.equal(out.params.get('state'), 'bye');
  await rejects(library.refresh(handle, again.refresh_token), 'invalid_grant');
  const silent = await walk(browser, authorizationUrl(library, handle, { prompt: 'none' }).url, user);
  assert.equal(silent.params.get('error'), 'login_required');

  const service = await registered(provider, { type: 'service', alg, grants: ['client_credentials'] });
  const machine = await library.discover(provider.issuer, service);
  const own = await library.clientCredentials(machine);
  assert.equal(own.refresh_token, undefined, 'RFC 6749 §4.4.3');
  assert.equal((await library.introspect(machine, own.access_token)).active, true);
  await library.revoke(machine, own.access_token);
  assert.equal((await library.introspect(machine, own.access_token)).active, false);
}

async function authenticated(library, provider, user, method) {
  const { client, handle, browser } = await setUp(library, provider, { method });
  const tokens = await signIn(library, handle, browser, user);
  const fresh = await library.refresh(handle, tokens.refresh_token);
  if (method !== 'none') assert.equal((await library.introspect(handle, fresh.access_token)).active, true);
  await library.revoke(handle, fresh.refresh_token);
  await rejects(library.refresh(handle, fresh.refresh_token), 'invalid_grant');

  if (method === 'none') return;
  const stranger = await library.discover(provider.issuer, { ...client, ...wrongCredentials(client) });
  await rejects(library.refresh(stranger, fresh.refresh_token), 'invalid_client');
}

async function answeredBy(library, provider, user, mode) {
  const { handle, browser } = await setUp(library, provider, {});
  const tokens = await signIn(library, handle, browser, user, { response_mode: mode }, (page) => {
    assert.equal(Boolean(page.posted), mode === 'form_post');
    assert.equal(page.params.get('iss'), provider.issuer, 'RFC 9207 §2');
  });
  assert.ok(tokens.access_token);
}

async function silent(library, provider, user) {
  const { handle, browser } = await setUp(library, provider, {});
  const ask = () => walk(browser, authorizationUrl(library, handle, { prompt: 'none' }).url, user);
  const before = await ask();
  assert.equal(before.params.get('error'), 'login_required', 'OIDC Core §3.1.2.6');
  assert.equal(before.params.get('iss'), provider.issuer, 'errors carry iss too');
  await signIn(library, handle, browser, user);
  assert.ok((await ask()).params.get('code'), 'a second answer needs no page');

  const untrusted = await setUp(library, provider, { trusted: false });
  const other = authorizationUrl(library, untrusted.handle, { prompt: 'none' }).url;
  const due = (await walk(browser, other, user)).params.get('error');
  assert.match(due, /^(consent|interaction)_required$/);
}

async function refused(library, provider, user) {
  const { handle, browser } = await setUp(library, provider, {});
  const answer = async () => {
    const request = authorizationUrl(library, handle);
    const page = await walk(browser, request.url, user);
    return { request, page };
  };
  const { request, page } = await answer();
  await rejects(library.redeem(handle, page, { ...request, verifier: randomBytes(32).toString('base64url') }), 'invalid_grant');

  const twice = await answer();
  const tokens = await library.redeem(handle, twice.page, twice.request);
  await rejects(library.redeem(handle, twice.page, twice.request), 'invalid_grant');
  assert.equal((await library.introspect(handle, tokens.access_token)).active, false, 'a replay revokes, RFC 6749 §4.1.2');

  const foreign = await answer();
  foreign.page.params.set('iss', 'https://elsewhere.example');
  await assert.rejects(library.redeem(handle, foreign.page, foreign.request), 'RFC 9207 §2.4');
  const mixed = await answer();
  await assert.rejects(library.redeem(handle, mixed.page, { ...mixed.request, nonce: 'another' }), 'nonce');
}

async function setUp(library, provider, options) {
  const client = await registered(provider, { type: options.method === 'none' ? 'spa' : 'web', ...options });
  const handle = await library.discover(provider.issuer, client);
  return { client, handle, browser: new Browser(provider.issuer) };
}

let count = 0;

/** Identifiers and secrets carry characters that form-encoding changes (RFC 6749 §2.3.1). */
async function registered(provider, { type, alg = 'RS256', method = 'client_secret_basic', grants, trusted = true }) {
  const keys = method === 'private_key_jwt' ? keyPair() : undefined;
  const metadata = { id_token_signed_response_alg: alg };
  if (keys) metadata.jwks = { keys: [keys.jwk] };
  const args = ['--type', type, '--client-id', `test-${type}.${++count}`, '--auth', method];
  if (type !== 'service') {
    args.push('--redirect-uri', REDIRECT_URI, '--post-logout-redirect-uri', AFTER_LOGOUT);
    args.push('--scope', 'openid profile email offline_access');
  }
  for (const grant of grants ?? ['authorization_code', 'refresh_token']) args.push('--grant', grant);
  if (trusted) args.push('--trusted');
  const client = await provider.addClient(`Test ${type}`, ...args, '--metadata', JSON.stringify(metadata));
  return { ...client, alg, method, key: keys?.privateKey };
}

function authorizationUrl(library, handle, more = {}) {
  const request = {
    verifier: randomBytes(32).toString('base64url'),
    state: randomBytes(16).toString('base64url'),
    nonce: randomBytes(16).toString('base64url'),
  };
  const url = library.authorizationUrl(handle, {
    redirect_uri: REDIRECT_URI,
    scope: 'openid profile email',
    code_challenge: createHash('sha256').update(request.verifier).digest('base64url'),
    code_challenge_method: 'S256',
    state: request.state,
    nonce: request.nonce,
    ...more,
  });
  return { ...request, url };
}

async function signIn(library, handle, browser, user, more = {}, look = () => {}) {
  const request = authorizationUrl(library, handle, more);
  const page = await walk(browser, request.url, user);
  look(page);
  return library.redeem(handle, page, request);
}

/** The wrong secret, or a key the client did not register. */
function wrongCredentials(client) {
  return client.key ? { key: keyPair().privateKey } : { client_secret: `${client.client_secret}x` };
}

function keyPair() {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const jwk = { ...publicKey.export({ format: 'jwk' }), alg: 'ES256', use: 'sig', kid: 'one' };
  return { privateKey: privateKey.export({ format: 'jwk' }), jwk };
}

/** The private key as the libraries take it. */
export async function signingKey(client) {
  const key = await crypto.subtle.importKey('jwk', client.key, { name: 'ECDSA', namedCurve: 'P-256' }, false, ['sign']);
  return { key, kid: 'one' };
}

function headerOf(token) {
  return JSON.parse(Buffer.from(token.split('.')[0], 'base64url'));
}

/** A challenge (RFC 6749 §5.2, where HTTP Basic was used) keeps the error in its body. */
async function rejects(promise, code) {
  const error = await promise.then(
    () => assert.fail(`no ${code}`),
    (error) => error,
  );
  const challenged = error.response instanceof Response && !error.response.bodyUsed;
  const said = challenged ? (await error.response.json()).error : error.error;
  assert.equal(said, code, error.stack);
}
