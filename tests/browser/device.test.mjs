// A television is signed in by a code, in Chromium: the picture's address on a phone, the warning, the answer, and signing the
// television out again.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { press, signIn, startChromium, startDemo, step } from './demo.mjs';
import { watched } from './watch.mjs';

const GRANT = 'urn:ietf:params:oauth:grant-type:device_code';
let demo, browser, telly;

before(async () => {
  demo = await startDemo();
  browser = await startChromium();
  const args = ['--type', 'native', '--grant', GRANT, '--grant', 'refresh_token', '--scope', 'openid profile'];
  telly = await demo.addClient('Telly', ...args);
});

after(async () => {
  await browser?.close();
  await demo?.stop();
});

async function ask(path, fields) {
  const body = new URLSearchParams({ client_id: telly.client_id, ...fields });
  const headers = { 'user-agent': 'Telly/1.0 (Linux; Android 14)' };
  return (await fetch(`${demo.issuer}${path}`, { method: 'POST', body, headers })).json();
}

const poll = (codes) => ask('/oauth2/token', { grant_type: GRANT, device_code: codes.device_code });

test('a person follows the picture, reads the warning, and lets the television in', async () => {
  const ada = await demo.addUser('viewer@example.com', 'Ada Lovelace', 'correct horse battery staple');
  const { page, close } = await watched(browser, [demo.issuer], { javaScriptEnabled: false, viewport: { width: 360, height: 720 } });
  const codes = await ask('/oauth2/device', { scope: 'openid profile' });
  const picture = await page.goto(codes.vestibule_qr_uri);
  assert.equal(picture.headers()['content-type'], 'image/svg+xml');

  await page.goto(codes.verification_uri_complete);
  assert.equal(await (await step(page, 'device')).locator('[name="user_code"]').inputValue(), codes.user_code);
  assert.equal((await poll(codes)).error, 'authorization_pending', 'opening the address answers nothing');
  await press(page, 'device', 'next');
  await signIn(page, ada);
  await step(page, 'consent');
  const warning = await page.locator('[data-device]').innerText();
  for (const words of ['Telly', 'Android', '127.0.0.x', 'don’t allow it']) assert.ok(warning.includes(words), warning);
  await press(page, 'consent', 'allow');
  assert.match(await page.locator('h1').innerText(), /Your device is connected/);
  await page.reload();
  assert.match(await page.locator('h1').innerText(), /Your device is connected/);

  const tokens = await poll(codes);
  assert.ok(tokens.access_token, JSON.stringify(tokens));
  const refresh = (token) => ask('/oauth2/token', { grant_type: 'refresh_token', refresh_token: token });
  const next = await refresh(tokens.refresh_token);
  await page.goto(`${demo.issuer}/account/apps`);
  await press(page, 'device-end', 'end-device');
  assert.equal((await refresh(next.refresh_token)).error, 'invalid_grant');
  await close();
});

test('a wrong code stands at its field', async () => {
  const { page, close } = await watched(browser, [demo.issuer]);
  await page.goto(`${demo.issuer}/device`);
  await (await step(page, 'device')).locator('[name="user_code"]').fill('bbbb bbbb');
  await press(page, 'device', 'next');
  assert.match(await page.locator('#user_code-problem').innerText(), /No device waits with this code/);
  assert.equal(await page.locator('[name="user_code"]').inputValue(), 'bbbb bbbb');
  await close();
});
