// The token tools in Chromium: by keyboard alone, without a network, without a request, with the command line's results.
import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import { test } from 'node:test';
import { watched } from './watch.mjs';
import { browser, fillByKeyboard, inTheWorkshop, isAwake, report, result, workshop } from './workshop.mjs';

inTheWorkshop();

/** The same at each place, in a browser of its own that must have nothing to complain of. */
function everywhere(name, options, steps) {
  for (const at of [0, 1, 2]) {
    test(`${name}, ${['served', 'from a file server', 'from a disk'][at]}`, async () => {
      const place = workshop.places[at];
      const allowed = place.page().startsWith('http') ? [place.page()] : [];
      const { page, close } = await watched(browser, allowed, options);
      await steps(page, place);
      await close();
    });
  }
}

const MESSAGE = 'what do ya want for nothing?';
const SHA256 = '5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843';

everywhere('the network is cut after loading, and a signature is made by keyboard alone', {}, async (page, place) => {
  await page.goto(place.page('hmac'));
  await isAwake(page, place);
  await page.context().setOffline(true);
  await fillByKeyboard(page, 'sign', { key: 'Jefe', message: MESSAGE });
  assert.equal(await result(page, 'sign'), SHA256);
  await fillByKeyboard(page, 'verify', { key: 'Jefe', message: MESSAGE, signature: `sha256=${SHA256}` });
  assert.match(await report(page, 'verify'), /It matches/);
});

everywhere('nothing is requested after loading', {}, async (page, place) => {
  await page.goto(place.page('hmac'));
  await isAwake(page, place);
  const log = await page.context().newCDPSession(page);
  const requests = [];
  log.on('Network.requestWillBeSent', ({ request }) => requests.push(request.url));
  page.context().on('request', (request) => requests.push(request.url()));
  await log.send('Network.enable');
  await fillByKeyboard(page, 'sign', { alg: 'sha512', key: 'Jefe', message: MESSAGE, output: 'base64' });
  await page.locator('.panel:not([hidden]) .output button').first().click();
  await page.locator('.panel:not([hidden]) [data-share]').click();
  await page.waitForTimeout(500);
  assert.deepEqual(requests, []);
});

test('once opened, all pages open without a network', async () => {
  for (const place of workshop.places.filter((place) => place.offline)) {
    const { page, close } = await watched(browser, [place.page()]);
    await page.goto(place.page('hmac'));
    await isAwake(page, place);
    await page.context().setOffline(true);
    await page.reload();
    await fillByKeyboard(page, 'sign', { key: 'Jefe', message: MESSAGE });
    assert.equal(await result(page, 'sign'), SHA256, place.name);
    await page.goto(place.page());
    for (const link of await page.locator('.shelf a').evaluateAll((links) => links.map((link) => link.href))) {
      await page.goto(link);
      await page.locator('html[data-ready]').waitFor({ state: 'attached' });
    }
    await close();
  }
});

test('a result is there while one types, and a mismatch is explained', async () => {
  const [place] = workshop.places;
  const { page, close } = await watched(browser, [place.page()]);
  await page.goto(place.page('hmac'));
  await isAwake(page, place);
  await page.locator('#tab-verify').click();
  const panel = page.locator('.panel[data-action="verify"]');
  await panel.locator('[name="key"]').fill('Jefe');
  await panel.locator('[name="message"]').fill(`${MESSAGE}\n`);
  await panel.locator('[name="signature"]').fill(SHA256);
  await panel.getByText('It does not match.').first().waitFor();
  await panel.getByText(/without its final newline/).waitFor();
  await panel.locator('[name="message"]').fill(MESSAGE);
  await panel.getByText('It matches.').first().waitFor();
  await close();
});

test('a file is signed piece by piece, as another library signs it', async () => {
  const [place] = workshop.places;
  const { page, close } = await watched(browser, [place.page()]);
  await page.goto(place.page('hmac'));
  await isAwake(page, place);
  const buffer = Buffer.alloc(3_500_000, 'vestibule ');
  await page.locator('#sign-key').fill('Jefe');
  await page.locator('#sign-message-file').setInputFiles({ name: 'body.bin', mimeType: 'application/octet-stream', buffer });
  // Of the empty message there is a signature before.
  const expected = createHmac('sha256', 'Jefe').update(buffer).digest('hex');
  await page.locator('.panel[data-action="sign"] .output').getByText(expected, { exact: true }).waitFor();
  await close();
});

test('a link to share holds no secret, and fills the form', async () => {
  const [place] = workshop.places;
  const { page, close } = await watched(browser, [place.page()]);
  await page.goto(place.page('hmac'));
  await isAwake(page, place);
  await fillByKeyboard(page, 'sign', { alg: 'sha512', key: 'a-secret-of-ours', message: MESSAGE });
  await page.locator('.panel:not([hidden]) [data-share]').click();
  const link = await page.locator('.panel:not([hidden]) [data-share][data-link]').getAttribute('data-link');
  assert.ok(link.includes('#') && !link.includes('a-secret-of-ours'), link);
  await page.goto('about:blank');
  await page.goto(link);
  await isAwake(page, place);
  assert.equal(await page.locator('#sign-message').inputValue(), MESSAGE);
  assert.equal(await page.locator('#sign-alg').inputValue(), 'sha512');
  assert.equal(await page.locator('#sign-key').inputValue(), '');
  await close();
});

test('a link holds no key, wherever it was pasted', async () => {
  const [place] = workshop.places;
  const { page, close } = await watched(browser, [place.page()]);
  const secret = 'c2VjcmV0LW9mLW91cnM';
  const pasted = JSON.stringify({ keys: [{ kty: 'oct', k: secret }] });
  for (const [tool, action, values] of [
    ['jwks', 'lint', { set: pasted }],
    ['hmac', 'sign', { alg: 'sha512', key: 'a-secret-of-ours', message: pasted }],
    ['qr', 'draw', { text: `otpauth://totp/x?secret=${secret}` }],
    ['recognise', '', { text: pasted }],
    ['base64url', 'decode', { text: secret }],
    ['oidc', 'redirect', { url: `https://shop.example/cb?code=${secret}` }],
  ]) {
    await page.goto(place.page(tool));
    await isAwake(page, place);
    await fillByKeyboard(page, action, values);
    const button = page.locator('.panel:not([hidden]) [data-share]');
    await button.click();
    const link = await page.locator('.panel:not([hidden]) [data-share][data-link]').getAttribute('data-link');
    assert.ok(link.includes('#') && !decodeURIComponent(link).includes(secret), `${tool} ${action}: ${link}`);
  }
  await close();
});

test('the pages keep nothing, and say so to the browser', async () => {
  const [place] = workshop.places;
  const { page, close } = await watched(browser, [place.page()]);
  const answer = await page.goto(place.page('hmac'));
  const policy = answer.headers()['content-security-policy'];
  for (const part of ["connect-src 'none'", "form-action 'none'", "script-src 'self' 'wasm-unsafe-eval'", "default-src 'none'"]) {
    assert.ok(policy.includes(part), policy);
  }
  await isAwake(page, place);
  await fillByKeyboard(page, 'sign', { key: 'a-secret-of-ours', message: MESSAGE });
  assert.deepEqual(await page.context().cookies(), []);
  const kept = await page.evaluate(async () => {
    const texts = [JSON.stringify(localStorage), JSON.stringify(sessionStorage)];
    for (const name of await caches.keys()) {
      const cache = await caches.open(name);
      for (const request of await cache.keys()) texts.push(request.url, await (await cache.match(request)).text());
    }
    return texts.join('\n') + (await indexedDB.databases()).length;
  });
  assert.ok(!kept.includes('a-secret-of-ours'));
  assert.ok(kept.startsWith('{}\n{}'));
  await assert.rejects(page.evaluate(() => fetch('/healthz')), 'the page cannot request anything');
  await page.waitForTimeout(50);
  await page.context().close();
  void close;
});

let transferred = Infinity;

test('how long it takes and how much it is', async () => {
  const [place] = workshop.places;
  const { page, close } = await watched(browser, [place.page()]);
  const log = await page.context().newCDPSession(page);
  let transfer = 0;
  log.on('Network.loadingFinished', ({ encodedDataLength }) => (transfer += encodedDataLength));
  await log.send('Network.enable');
  const [times, answers] = [[], []];
  for (let turn = 0; turn < 5; turn++) {
    await page.goto(place.page('hmac'));
    await page.locator('html[data-ready]').waitFor({ state: 'attached' });
    times.push(Number(await page.locator('html').getAttribute('data-ready')));
    await page.locator('html[data-answers]').waitFor({ state: 'attached' });
    answers.push(Number(await page.locator('html').getAttribute('data-answers')));
    if (turn === 0) {
      await isAwake(page, place);
      transferred = transfer;
      console.log(`tools: ${Math.round(transfer / 1000)} kB transferred for the first page`);
    }
  }
  console.log(`tools: fields and buttons work after ${times.join(', ')} ms, answers come after ${answers.join(', ')} ms`);
  await close();
});

test('how much is transferred', () => {
  assert.ok(transferred < 600_000, `${transferred} bytes`);
});

for (const locale of ['en', 'de', 'ar']) {
  test(`nothing is wider than a small screen, ${locale}`, async () => {
    const [place] = workshop.places;
    const { page, close } = await watched(browser, [place.page()], { locale, viewport: { width: 320, height: 640 } });
    await page.goto(place.page());
    const links = await page.locator('.shelf a').evaluateAll((links) => links.map((link) => link.href));
    for (const link of [place.page(), ...links]) {
      await page.goto(link);
      assert.equal(await page.locator('html').getAttribute('lang'), locale);
      const tabs = await page.locator('[role="tab"]').count();
      for (let at = 0; at < Math.max(1, tabs); at++) {
        if (tabs) await page.locator('[role="tab"]').nth(at).click();
        const [content, screen] = await page.evaluate(() => [document.documentElement.scrollWidth, window.innerWidth]);
        assert.ok(content <= screen, `${page.url()} is ${content} px wide on ${screen}`);
      }
    }
    await close();
  });
}
