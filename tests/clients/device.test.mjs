// The device grant (RFC 8628) on panva's openid-client, which polls by itself, and a person who types the code.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import * as oidc from 'openid-client';
import { Browser } from './browser.mjs';
import { startProvider } from './provider.mjs';

const GRANT = 'urn:ietf:params:oauth:grant-type:device_code';
let provider, ada;

before(async () => {
  provider = await startProvider();
  ada = await provider.addUser('ada@example.com', 'correct horse battery staple');
});

after(() => provider?.stop());

async function television(name, ...more) {
  const args = ['--type', 'native', '--grant', GRANT, '--grant', 'refresh_token', '--scope', 'openid profile', ...more];
  const client = await provider.addClient(name, ...args);
  const options = { execute: [oidc.allowInsecureRequests] };
  return oidc.discovery(new URL(provider.issuer), client.client_id, undefined, oidc.None(), options);
}

/** Types the code, signs in where that is due, and presses a button of the consent page. */
async function answer(codes, button) {
  const browser = new Browser(provider.issuer);
  let page = await browser.open(codes.verification_uri);
  page = await browser.submit(page, 'next', { user_code: codes.user_code });
  assert.equal(page.step, 'signin');
  page = await browser.submit(page, 'signin', ada);
  assert.equal(page.step, 'consent');
  page = await browser.submit(page, button, { scope: page.form.boxes.scope });
  assert.match(page.html, /data-step="message"/);
}

test('a television is signed in, and stays so', async () => {
  const config = await television('Telly', '--trusted');
  const codes = await oidc.initiateDeviceAuthorization(config, { scope: 'openid profile' });
  assert.match(codes.user_code, /^[B-Z]{4}-[B-Z]{4}$/);
  const polling = oidc.pollDeviceAuthorizationGrant(config, codes);
  await answer(codes, 'allow');
  const tokens = await polling;
  const { sub } = tokens.claims();
  const told = await oidc.fetchUserInfo(config, tokens.access_token, sub);
  assert.equal(told.sub, sub);
  const again = await oidc.refreshTokenGrant(config, tokens.refresh_token);
  assert.ok(again.access_token);
});

test('a television whose person says no is told so', async () => {
  const config = await television('Radio');
  const codes = await oidc.initiateDeviceAuthorization(config, { scope: 'openid' });
  const polling = assert.rejects(oidc.pollDeviceAuthorizationGrant(config, codes), { error: 'access_denied' });
  await answer(codes, 'deny');
  await polling;
});
