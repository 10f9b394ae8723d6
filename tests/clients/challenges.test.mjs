// What the provider's own endpoints answer to whoever proves too little (RFC 6750, RFC 9449, RFC 9470), and what of it a page of an
// app may read (Fetch §3.2), through the release binary.
import assert from 'node:assert/strict';
import { createServer } from 'node:net';
import { after, before, test } from 'node:test';
import { Browser, walk } from './browser.mjs';
import './localhost.mjs';
import { Key, claims, hash } from './native-apps.mjs';
import { startProvider } from './provider.mjs';

const DOMAIN = 'vestibule.localhost';
const APP = 'https://spa.example';
const REDIRECT = `${APP}/cb`;
const FOREIGN = ['https://evil.example', 'https://spa.example.evil.example', 'https://spa.example:444', 'http://spa.example', 'null', 'https://SPA.example'];
let provider, metadata, ada;

before(async () => {
  provider = await startProvider({ config: '[tokens]\ndpop_nonce = "required"\n' });
  metadata = await (await fetch(`${provider.issuer}/.well-known/openid-configuration`)).json();
  ada = await provider.addUser('ada@example.com', 'correct horse battery staple');
  const args = ['--type', 'spa', '--trusted', '--redirect-uri', REDIRECT, '--scope', 'openid profile email'];
  await provider.addClient('Spa', '--client-id', 'spa', ...args);
});

after(() => provider?.stop());

/** The endpoints that apps in a browser call, each with what it refuses. */
const endpoints = () => [
  ['token', metadata.token_endpoint, { grant_type: 'refresh_token', client_id: 'spa', refresh_token: 'x' }],
  ['userinfo', metadata.userinfo_endpoint, { access_token: 'x' }],
  ['revoke', metadata.revocation_endpoint, { client_id: 'nobody', token: 'x' }],
  ['par', metadata.pushed_authorization_request_endpoint, { client_id: 'spa', redirect_uri: 'https://evil.example/' }],
  ['device', metadata.device_authorization_endpoint, { client_id: 'nobody' }],
];

test('a page of an app reads the answers and their challenges, and no other page does', async () => {
  const exposed = (headers) => (headers.get('access-control-expose-headers') ?? '').toLowerCase().split(/,\s*/);
  for (const [name, address, form] of endpoints()) {
    const send = (origin, body = new URLSearchParams(form), headers = {}) =>
      fetch(address, { method: 'POST', headers: { ...(origin && { origin }), ...headers }, body });
    // What is refused before any endpoint has looked at it is to be read as well.
    const json = { 'content-type': 'application/json' };
    const tooLong = new URLSearchParams({ ...form, x: 'x'.repeat(200_000) });
    for (const answer of [await send(APP), await send(APP, '{}', json), await send(APP, tooLong), await fetch(address, { method: 'PUT', headers: { origin: APP } })]) {
      const { headers, status } = answer;
      assert.ok(status >= 400, `${name}: ${status}`);
      assert.equal(headers.get('access-control-allow-origin'), APP, `${name}: ${status}`);
      assert.match(headers.get('vary') ?? '', /\bOrigin\b/i, `${name}: ${status}`);
      for (const header of ['dpop-nonce', 'www-authenticate']) assert.ok(exposed(headers).includes(header), `${name}: ${status}`);
      assert.equal(headers.get('access-control-allow-credentials'), null);
    }
    for (const origin of [...FOREIGN, undefined]) {
      const { headers } = await send(origin);
      assert.equal(headers.get('access-control-allow-origin'), null, `${name}: ${origin}`);
      assert.equal(headers.get('access-control-expose-headers'), null, `${name}: ${origin}`);
      assert.match(headers.get('vary') ?? '', /\bOrigin\b/i, 'or a cache would give it to another');
    }
    for (const [origin, allowed] of [[APP, APP], ...FOREIGN.map((origin) => [origin, null])]) {
      const asking = { origin, 'access-control-request-method': 'POST', 'access-control-request-headers': 'dpop, authorization, content-type' };
      const { status, headers } = await fetch(address, { method: 'OPTIONS', headers: asking });
      assert.equal(status, 204, `${name}: ${origin}`);
      assert.equal(headers.get('access-control-allow-origin'), allowed, `${name}: ${origin}`);
      const may = (headers.get('access-control-allow-headers') ?? '').toLowerCase().split(/,\s*/);
      for (const header of ['dpop', 'authorization', 'content-type']) assert.equal(may.includes(header), Boolean(allowed), `${name}: ${origin}`);
      assert.equal(headers.get('access-control-allow-credentials'), null);
    }
  }
});

test('metadata and keys are for every page, and the rest for none', async () => {
  const allowed = async (address, more = {}) => (await fetch(address, { headers: { origin: FOREIGN[0] }, redirect: 'manual', ...more })).headers.get('access-control-allow-origin');
  for (const address of [`${provider.issuer}/.well-known/openid-configuration`, `${provider.issuer}/.well-known/oauth-authorization-server`, metadata.jwks_uri]) {
    assert.equal(await allowed(address), '*', address);
  }
  const own = { headers: { origin: APP } };
  for (const path of ['/oauth2/authorize?client_id=spa', '/signin', '/account', '/oauth2/check-session', '/forward-auth', '/api/app2app/v1/requests/x', '/nowhere']) {
    assert.equal(await allowed(provider.issuer + path, own), null, path);
  }
  assert.equal(await allowed(metadata.introspection_endpoint, { ...own, method: 'POST' }), null);
  assert.equal(await allowed(`${provider.issuer}/api/device-keys/v1/keys`, { ...own, method: 'POST' }), null);
});

test('an app in a page gets by what it may read alone: a nonce, a token, and what is wrong with it', async () => {
  const key = new Key();
  const verifier = 'dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk';
  const asked = { client_id: 'spa', redirect_uri: REDIRECT, response_type: 'code', scope: 'openid profile' };
  const query = new URLSearchParams({ ...asked, code_challenge: hash(verifier), code_challenge_method: 'S256' });
  const { params } = await walk(new Browser(provider.issuer), `${metadata.authorization_endpoint}?${query}`, ada);
  const form = { grant_type: 'authorization_code', client_id: 'spa', code: params.get('code'), redirect_uri: REDIRECT, code_verifier: verifier };
  const send = (address, options) => fetch(address, { ...options, headers: { origin: APP, ...options.headers } }).then(readable);
  const redeem = (more) => send(metadata.token_endpoint, { method: 'POST', body: new URLSearchParams(form), headers: { dpop: key.dpop('POST', metadata.token_endpoint, more) } });
  const first = await redeem({});
  assert.deepEqual([first.status, first.body.error], [400, 'use_dpop_nonce'], 'RFC 9449 §8');
  assert.ok(first.headers['dpop-nonce']);
  const { body: tokens, headers } = await redeem({ nonce: first.headers['dpop-nonce'] });
  assert.equal(tokens.token_type, 'DPoP', JSON.stringify(tokens));
  const { access_token: token } = tokens;
  const userinfo = (scheme, more, proof = true) => {
    const dpop = key.dpop('GET', metadata.userinfo_endpoint, { ath: hash(token), ...more });
    return send(metadata.userinfo_endpoint, { headers: { authorization: `${scheme} ${token}`, ...(proof && { dpop }) } });
  };
  const without = await userinfo('DPoP', {});
  assert.equal(without.status, 401);
  assert.match(without.headers['www-authenticate'], /^DPoP error="use_dpop_nonce", .*algs="[^"]*\bES256\b/, 'section 9');
  const nonce = without.headers['dpop-nonce'];
  assert.ok(nonce && headers['dpop-nonce']);
  assert.equal((await userinfo('DPoP', { nonce })).body.sub, claims(token).sub);
  for (const [what, answer, challenge] of [
    ['as a bearer’s', await userinfo('Bearer', {}, false), /^Bearer error="invalid_token"/],
    ['without a proof', await userinfo('DPoP', {}, false), /^DPoP error="invalid_dpop_proof"/],
    ['for another token', await userinfo('DPoP', { nonce, ath: hash('x') }), /^DPoP error="invalid_dpop_proof"/],
    ['no token', await send(metadata.userinfo_endpoint, { headers: {} }), /^Bearer, DPoP algs="/],
  ]) {
    assert.equal(answer.status, 401, what);
    assert.match(answer.headers['www-authenticate'], challenge, what);
  }
});

test('who has proven too little for a part of a website is told what would do', async () => {
  const port = await freePort();
  const config = `public_url = "http://id.${DOMAIN}:${port}"\ntrusted_proxies = ["127.0.0.1/32"]\n[session]\nsite_domain = ".${DOMAIN}"\n`;
  const house = await startProvider({ config, listen: `127.0.0.1:${port}` });
  try {
    const user = await house.addUser('ada@example.com', 'correct horse battery staple');
    const site = `http://wiki.${DOMAIN}:${port}`;
    const rules = ['/vault acr=phr', '/till acr=urn:vestibule:acr:multi-factor max-age=300', '/fresh max-age=600'].flatMap((rule) => ['--rule', rule]);
    await house.cli(['site', 'add', `wiki.${DOMAIN}:${port}`, ...rules]);
    const ask = async (path, headers = {}) => {
      const answer = await fetch(`${house.issuer}/forward-auth`, { headers: { 'x-original-url': `${site}${path}`, ...headers }, redirect: 'manual' });
      return { status: answer.status, headers: Object.fromEntries(answer.headers) };
    };
    const browser = new Browser(house.issuer);
    const stranger = await ask('/till');
    assert.equal(stranger.status, 401);
    const demanded = /^Vestibule-Site error="insufficient_user_authentication"/;
    assert.doesNotMatch(stranger.headers['www-authenticate'] ?? '', demanded, 'who is nobody signs in, and no more');
    const page = await browser.open((await ask('/page')).headers.location);
    await browser.submit(page, 'signin', user);
    const cookie = browser.cookie('vestibule-site');
    assert.ok(cookie, 'the sites’ cookie');
    assert.equal((await ask('/page', { cookie })).status, 200);
    assert.equal((await ask('/fresh', { cookie })).status, 200, 'just signed in');
    for (const [path, challenge] of [
      ['/vault', 'Vestibule-Site error="insufficient_user_authentication", acr_values="phr"'],
      ['/till', 'Vestibule-Site error="insufficient_user_authentication", acr_values="urn:vestibule:acr:multi-factor", max_age="300"'],
    ]) {
      const told = await ask(path, { cookie });
      assert.deepEqual([told.status, told.headers['www-authenticate']], [401, challenge], 'RFC 9470 §3');
      const to = new URL(told.headers.location);
      assert.deepEqual([to.origin, to.searchParams.get('to')], [house.issuer, `${site}${path}`]);
      assert.equal(told.headers['remote-user'], undefined);
    }
  } finally {
    await house.stop();
  }
});

/** As a script of a page sees an answer: of another origin's headers those alone that are safe or exposed (Fetch §3.2.6). */
async function readable(answer) {
  assert.equal(answer.headers.get('access-control-allow-origin'), APP);
  const exposed = answer.headers.get('access-control-expose-headers').toLowerCase().split(/,\s*/);
  const safe = ['cache-control', 'content-language', 'content-length', 'content-type', 'expires', 'last-modified', 'pragma'];
  const headers = Object.fromEntries([...answer.headers].filter(([name]) => [...exposed, ...safe].includes(name)));
  const text = await answer.text();
  return { status: answer.status, headers, body: text ? JSON.parse(text) : {} };
}

/** A port that nobody listens on. */
async function freePort() {
  const server = createServer();
  await new Promise((ready) => server.listen(0, '127.0.0.1', ready));
  const { port } = server.address();
  await new Promise((closed) => server.close(closed));
  return port;
}
