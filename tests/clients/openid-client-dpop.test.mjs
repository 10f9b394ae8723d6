// Tokens that are bound to a key (RFC 9449) on panva's openid-client, for a public client: where a nonce of the server is taken
// and where it is demanded, which is when the library has to ask twice.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import * as oidc from 'openid-client';
import { Browser, walk } from './browser.mjs';
import { claims } from './native-apps.mjs';
import { startProvider } from './provider.mjs';

const CALLBACK = 'https://wallet.example/callback';
const SCOPE = 'openid profile email';
const DEVICE = 'urn:ietf:params:oauth:grant-type:device_code';
let provider, ada;

for (const nonce of ['accepted', 'required']) {
  describe(`with tokens.dpop_nonce = "${nonce}"`, () => {
    before(async () => {
      provider = await startProvider({ config: `[tokens]\ndpop_nonce = "${nonce}"\n` });
      ada = await provider.addUser('ada@example.com', 'correct horse battery staple');
    });
    after(() => provider?.stop());
    declare((places) => (nonce === 'required' ? places : []));
  });
}

/** `due` gives the endpoints that ask for a nonce, out of those that have seen a proof without one. */
function declare(due) {
  test('a code, a token and what it opens are bound to one key', async () => {
    const { config, asked } = await app('Wallet');
    const own = await newKey(config);
    const { url, steps, ...answer } = await signIn(config, own());
    assert.deepEqual([...url.searchParams.keys()].sort(), ['client_id', 'request_uri'], 'RFC 9126 §4');
    assert.deepEqual(steps, ['signin', 'consent']);
    const tokens = await redeem(config, answer, own());
    await assertBound(tokens, own);
    const { sub } = tokens.claims();
    const told = await oidc.fetchUserInfo(config, tokens.access_token, sub, own());
    assert.deepEqual([told.sub, told.email], [sub, 'ada@example.com']);
    // As any API is asked, by the other method that the endpoint takes.
    const posted = await ask(config, tokens.access_token, own());
    assert.equal((await posted.json()).sub, sub);
    assert.deepEqual(asked, due(['par', 'token', 'userinfo', 'userinfo']));

    asked.length = 0;
    const thief = await newKey(config);
    assert.equal(await refusal(oidc.fetchUserInfo(config, tokens.access_token, sub)), 'invalid_token', 'it is no bearer token');
    assert.equal(await refusal(oidc.fetchUserInfo(config, tokens.access_token, sub, thief())), 'invalid_dpop_proof');
    assert.equal(await refusal(ask(config, tokens.access_token, thief())), 'invalid_dpop_proof');
    assert.deepEqual(asked, due(['userinfo', 'userinfo']));
  });

  test('a handle that is kept asks for one nonce and goes on with those that follow', async () => {
    const { config, asked } = await app('Keeper');
    const kept = (await newKey(config))();
    const tokens = await redeem(config, await signIn(config, kept), kept);
    await oidc.fetchUserInfo(config, tokens.access_token, tokens.claims().sub, kept);
    const next = await oidc.refreshTokenGrant(config, tokens.refresh_token, undefined, kept);
    assert.equal(next.token_type, 'dpop');
    assert.deepEqual(asked, due(['par']));
  });

  test('a refresh token counts with the same key alone, and a try without it costs nothing', async () => {
    const { config, asked } = await app('Refresher');
    const [own, thief] = [await newKey(config), await newKey(config)];
    const tokens = await redeem(config, await signIn(config, own()), own());
    const refresh = (token, by) => oidc.refreshTokenGrant(config, token, undefined, by);
    asked.length = 0;
    let last = tokens;
    for (let turn = 0; turn < 2; turn++) {
      assert.equal(await refusal(refresh(last.refresh_token)), 'invalid_grant', 'without a key');
      assert.equal(await refusal(refresh(last.refresh_token, thief())), 'invalid_grant', 'by another key');
      const next = await refresh(last.refresh_token, own());
      assert.notEqual(next.refresh_token, last.refresh_token);
      await assertBound(next, own);
      last = next;
    }
    assert.deepEqual(asked, due(['token', 'token', 'token', 'token']));
    const { sub } = tokens.claims();
    assert.equal((await oidc.fetchUserInfo(config, last.access_token, sub, own())).sub, sub);
  });

  test('a code that was asked for with one key is redeemed with no other', async () => {
    const { config } = await app('Binder');
    const [own, thief] = [await newKey(config), await newKey(config)];
    const dpop_jkt = await own().DPoP.calculateThumbprint();
    // RFC 9449 §10, §10.1: by a proof beside the pushed request, by the parameter in it, or by both.
    for (const [by, more] of [[own(), {}], [undefined, { dpop_jkt }], [own(), { dpop_jkt }]]) {
      const answer = await signIn(config, by, more);
      assert.equal(await refusal(redeem(config, answer, thief())), 'invalid_grant', 'by another key');
      assert.equal(await refusal(redeem(config, answer)), 'invalid_grant', 'without a key');
      await assertBound(await redeem(config, answer, own()), own);
    }
    assert.equal(await refusal(signIn(config, thief(), { dpop_jkt })), 'invalid_dpop_proof', 'two keys at once');
  });

  test('a client that demands it of itself gets no token without', async () => {
    const { config } = await app('Strict', '--metadata', JSON.stringify({ dpop_bound_access_tokens: true }));
    const own = await newKey(config);
    const answer = await signIn(config);
    assert.equal(await refusal(redeem(config, answer)), 'invalid_dpop_proof', 'RFC 9449 §5.2');
    await assertBound(await redeem(config, answer, own()), own);
  });

  test('an app whose clock is an hour behind goes on with a nonce', async () => {
    const { config, asked } = await app('Late');
    const { client_id } = config.clientMetadata();
    const late = await discover({ client_id }, { [oidc.clockSkew]: -3600 });
    const own = await newKey(late);
    const tokens = await redeem(config, await signIn(config, own()), own());
    await oidc.fetchUserInfo(config, tokens.access_token, tokens.claims().sub, own());
    assert.deepEqual(asked, ['par', 'token', 'userinfo'], 'RFC 9449 §8, whatever the setting');
  });

  test('what a device is granted is bound to the key it polls with', async () => {
    const { config, asked } = await app('Telly', '--grant', DEVICE);
    const [own, thief] = [await newKey(config), await newKey(config)];
    const codes = await oidc.initiateDeviceAuthorization(config, { scope: SCOPE });
    const polling = oidc.pollDeviceAuthorizationGrant(config, codes, undefined, own());
    await allow(codes);
    const tokens = await polling;
    await assertBound(tokens, own);
    assert.deepEqual(asked, due(['token']));
    const { sub } = tokens.claims();
    assert.equal((await oidc.fetchUserInfo(config, tokens.access_token, sub, own())).sub, sub);
    const refresh = (by) => oidc.refreshTokenGrant(config, tokens.refresh_token, undefined, by);
    for (const by of [undefined, thief()]) assert.equal(await refusal(refresh(by)), 'invalid_grant');
    await assertBound(await refresh(own()), own);
  });
}

/** A public client; `asked` gathers the endpoints that sent a proof back for a nonce. */
async function app(name, ...more) {
  const grants = ['--grant', 'authorization_code', '--grant', 'refresh_token'];
  const args = ['--type', 'native', '--redirect-uri', CALLBACK, '--scope', SCOPE, ...grants, ...more];
  const config = await discover(await provider.addClient(name, ...args));
  const asked = [];
  config[oidc.customFetch] = async (url, options) => {
    const answer = await fetch(url, options);
    const said = answer.ok ? '' : await answer.clone().text();
    if (said.includes('"use_dpop_nonce"')) asked.push(new URL(url).pathname.split('/').at(-1));
    return answer;
  };
  return { config, asked };
}

function discover({ client_id }, metadata) {
  const options = { execute: [oidc.allowInsecureRequests] };
  return oidc.discovery(new URL(provider.issuer), client_id, metadata, oidc.None(), options);
}

/** A key. Each call gives another handle of it, which knows no nonce. */
async function newKey(config) {
  const pair = await oidc.randomDPoPKeyPair('ES256');
  return () => ({ DPoP: oidc.getDPoPHandle(config, pair) });
}

/** Pushes a request, signs in and consents. */
async function signIn(config, by, more = {}) {
  const checks = { pkceCodeVerifier: oidc.randomPKCECodeVerifier(), expectedState: oidc.randomState(), expectedNonce: oidc.randomNonce() };
  const parameters = {
    redirect_uri: CALLBACK,
    scope: SCOPE,
    code_challenge: await oidc.calculatePKCECodeChallenge(checks.pkceCodeVerifier),
    code_challenge_method: 'S256',
    state: checks.expectedState,
    nonce: checks.expectedNonce,
    ...more,
  };
  const url = await oidc.buildAuthorizationUrlWithPAR(config, parameters, by);
  const steps = [];
  const { left } = await walk(new Browser(provider.issuer), url, ada, steps);
  return { url, steps, left, checks };
}

function redeem(config, { left, checks }, by) {
  return oidc.authorizationCodeGrant(config, left, checks, undefined, by);
}

function ask(config, token, by) {
  const endpoint = new URL(config.serverMetadata().userinfo_endpoint);
  return oidc.fetchProtectedResource(config, token, endpoint, 'POST', undefined, undefined, by);
}

/** Types a device's code, signs in and consents. */
async function allow(codes) {
  const browser = new Browser(provider.issuer);
  let page = await browser.open(codes.verification_uri);
  page = await browser.submit(page, 'next', { user_code: codes.user_code });
  page = await browser.submit(page, 'signin', ada);
  page = await browser.submit(page, 'allow', { scope: page.form.boxes.scope });
  assert.match(page.html, /data-step="message"/);
}

/** RFC 9449 §5, §6.1; the library gives the type in small letters. */
async function assertBound(tokens, own) {
  assert.equal(tokens.token_type, 'dpop');
  assert.deepEqual(claims(tokens.access_token).cnf, { jkt: await own().DPoP.calculateThumbprint() });
}

/** With what code a call was refused: in the body, or in a challenge (RFC 9449 §7.1). */
async function refusal(promise) {
  const error = await promise.then(
    () => assert.fail('it was not refused'),
    (error) => error,
  );
  const code = error.error ?? error.cause?.[0]?.parameters?.error;
  assert.ok(code, error.stack);
  return code;
}
