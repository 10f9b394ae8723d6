// App to app where the bank's app is not installed: the same link goes on in Chromium.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { pushed } from '../clients/bank-app.mjs';
import { press, signIn, startChromium, startDemo, step } from './demo.mjs';
import { watched } from './watch.mjs';

const ORIGIN = 'https://fintech.example';
let demo, browser;

before(async () => {
  demo = await startDemo();
  browser = await startChromium();
});

after(async () => {
  await browser?.close();
  await demo?.stop();
});

test('the link opens in the browser, and the request is the one that was pushed', async () => {
  const ada = await demo.addUser('fintech@example.com', 'Ada Lovelace', 'correct horse battery staple');
  const fintech = await demo.addClient('Fintech', '--type', 'web', '--redirect-uri', `${ORIGIN}/callback`, '--scope', 'openid profile email');
  const link = await pushed(demo, fintech, 'bank', { redirect_uri: `${ORIGIN}/callback`, scope: 'openid profile', state: 'x' });
  const { page, close } = await watched(browser, [demo.issuer, ORIGIN], { ignoreHTTPSErrors: true });
  await page.route(`${ORIGIN}/**`, (route) =>
    route.fulfill({ contentType: 'text/html', body: '<!doctype html><html lang="en"><link rel="icon" href="data:,"><title>Fintech</title>' }),
  );
  await page.goto(`${link}&scope=openid+email&state=evil`);
  await signIn(page, ada);
  const consent = await step(page, 'consent');
  assert.equal(await consent.locator('[name="scope"][value="email"]').count(), 0, 'what stands beside the reference does not count');
  await press(page, 'consent', 'allow');
  await page.waitForURL(`${ORIGIN}/**`);
  const { searchParams } = new URL(page.url());
  assert.ok(searchParams.get('code'));
  assert.equal(searchParams.get('state'), 'x');
  // The link is used up.
  await page.goto(link);
  assert.equal(await page.locator('[data-error]').getAttribute('data-error'), 'invalid_request_uri');
  await close();
});
