// The debugger's page as a person uses it, and what other pages take from the browser itself: RSA keys and pictures.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { watched } from './watch.mjs';
import { browser, fillByKeyboard, inTheWorkshop, isAwake, workshop } from './workshop.mjs';

const SECRET = 'an example of a secret, of 32 bytes';
inTheWorkshop();

/** A page of a tool in a browser of its own that must have nothing to complain of. */
function on(name, title, steps) {
  test(`${name}: ${title}`, async () => {
    const [place] = workshop.places;
    const { page, close } = await watched(browser, [place.page()]);
    await page.goto(place.page(name));
    await isAwake(page, place);
    await steps(page);
    await close();
  });
}

const base64url = (text) => Buffer.from(text).toString('base64url');
const json = (value) => JSON.stringify(value);
const verdict = (within, words) => within.locator('.verdict', { hasText: words });
const output = (page, action) => page.locator(`.panel[data-action="${action}"] .output`).first();

on('token', 'shows the parts by more than colour, the claims in their own order, and when they end', async (page) => {
  const claims = { sub: 'ada', exp: 1000000000, aud: 'x', iat: 999990000 };
  await page.locator('#verify-token').fill(`Bearer ${base64url('{"typ":"JWT","alg":"ES256"}')}.${base64url(json(claims))}.c2ln`);
  const out = output(page, 'verify');
  await out.getByText('expired', { exact: false }).first().waitFor();
  const rows = await out.locator('table').last().locator('tbody tr td:first-child').allInnerTexts();
  assert.deepEqual(rows, Object.keys(claims));
  const names = await page.locator('.legend:not([hidden]) .piece').allInnerTexts();
  assert.deepEqual(names, ['header', 'payload', 'signature']);
  const lines = await page.locator('.under .piece').evaluateAll((all) => all.map((piece) => getComputedStyle(piece).textDecorationStyle));
  assert.equal(new Set(lines).size, 3, 'each part has a line of its own kind');
});

on('token', 'verifies while one types, says why not, and signs what was edited again', async (page) => {
  const token = await workshop.cli(['jwt', 'sign', '--claims', '{"sub":"ada"}', '--secret', SECRET]);
  await page.locator('#verify-token').fill(token.trim());
  const out = output(page, 'verify');
  await out.getByText('Not verified.', { exact: false }).waitFor();
  await page.locator('#verify-secret').fill(`${SECRET} `);
  await verdict(out, /Not valid\./).waitFor();
  await page.locator('#verify-secret').fill(SECRET);
  await verdict(out, /Valid\./).waitFor();
  await out.getByRole('button', { name: 'Edit and sign again' }).click();
  const sign = page.locator('.panel[data-action="sign"]');
  await sign.locator('[name="claims"]').fill('{"sub":"grace"}');
  await sign.locator('[name="secret"]').fill(SECRET);
  await sign.getByRole('button', { name: 'Read it' }).click();
  await out.getByText('grace').first().waitFor();
  await verdict(out, /Valid\./).waitFor();
});

on('token', 'verifies an SD-JWT with its disclosures', async (page) => {
  const args = ['--claims', '{"sub":"ada","email":"ada@example.com"}', '--hide', '/email', '--secret', SECRET];
  await page.locator('#verify-token').fill((await workshop.cli(['sd-jwt', 'issue', ...args])).trim());
  const out = output(page, 'verify');
  await out.getByText('ada@example.com').first().waitFor();
  await page.locator('#verify-secret').fill(SECRET);
  await verdict(out, /Valid\./).waitFor();
});

on('token', 'opens layer by layer, each with its own key', async (page) => {
  const key = await workshop.cli(['jwk', 'generate', '--kty', 'EC', '--use', 'enc']);
  const inner = await workshop.cli(['jwt', 'sign', '--claims', '{"sub":"ada"}', '--secret', SECRET]);
  await page.locator('#tab-encrypt').click();
  const encrypt = page.locator('.panel[data-action="encrypt"]');
  await encrypt.locator('[name="message"]').fill(inner.trim());
  await encrypt.locator('[name="to"]').fill(await workshop.cli(['jwk', 'public', '-'], key));
  await encrypt.getByRole('button', { name: 'Read it' }).click();
  const out = output(page, 'verify');
  await out.getByText('an encrypted token (JWE)').waitFor();
  assert.equal(await page.locator('.layer').count(), 0);
  await page.locator('#verify-key').fill(key);
  const layer = page.locator('.layer');
  await layer.getByText('a signed token (JWT)').waitFor();
  assert.equal(await layer.locator('[name="token"]').inputValue(), inner.trim());
  await layer.locator('[name="secret"]').fill(SECRET);
  await verdict(layer, /Valid\./).waitFor();
  await page.locator('#verify-key').fill('');
  await layer.waitFor({ state: 'detached' });
});

on('token', 'sees what else is pasted, leads on, and lets no link carry a key', async (page) => {
  const key = await workshop.cli(['jwk', 'generate', '--kty', 'OKP']);
  const out = output(page, 'verify');
  for (const [text, words] of [
    [await workshop.cli(['jwk', 'to-pem', '-'], key), 'a private key in PEM'],
    [`{"keys":[${key}]}`, 'a key set (JWKS)'],
    ['X-Hub-Signature-256: sha256=00', 'the signature of a webhook request'],
    [key, 'a private key (JWK)'],
  ]) {
    await page.locator('#verify-token').fill(text);
    await out.getByText(words).first().waitFor();
  }
  const share = page.locator('.panel[data-action="verify"] [data-share]');
  await share.click();
  assert.ok(!(await share.getAttribute('data-link')).includes('kty'));
  await out.getByRole('button', { name: 'Use it as the key' }).click();
  assert.equal(await page.locator('#verify-key').inputValue(), key);
  await page.locator('#verify-token').fill('X-Hub-Signature-256: sha256=00');
  await out.getByRole('link', { name: 'hmac verify' }).click();
  await page.locator('html[data-ready]').waitFor({ state: 'attached' });
  assert.equal(await page.locator('#verify-header').inputValue(), 'X-Hub-Signature-256: sha256=00');
  assert.equal(await page.locator('#verify-preset').inputValue(), 'github');
});

on('token', 'sets a JWT beside a JWE of the same claims', async (page) => {
  await page.locator('#tab-compare').click();
  await page.locator('#compare-claims').fill('{"email":"ada@example.com"}');
  const forms = page.locator('.form-of');
  await forms.nth(2).waitFor();
  assert.equal(await forms.count(), 3);
  assert.match(await forms.nth(0).innerText(), /ada@example\.com/);
  assert.doesNotMatch(await forms.nth(1).innerText(), /ada@example\.com/);
});

on('jwk', 'makes RSA keys with the browser, private and public apart', async (page) => {
  await page.evaluate(() => {
    const { generateKey } = crypto.subtle;
    crypto.subtle.generateKey = (...args) => (window.made = generateKey.apply(crypto.subtle, args));
  });
  await fillByKeyboard(page, 'generate', { kty: 'RSA', alg: 'RS256', format: 'jwks' });
  const out = output(page, 'generate');
  await out.getByText('Keep this to yourself.').waitFor();
  assert.ok(await page.evaluate(() => window.made !== undefined), 'by Web Crypto');
  const shown = JSON.parse(await out.locator('.block:not(.private) code').first().textContent());
  assert.ok(shown.keys[0].n && !shown.keys[0].d);
  assert.equal(shown.keys[0].alg, 'RS256');
});

on('totp', 'reads the code of an authenticator from a picture', async (page) => {
  const uri = 'otpauth://totp/Example:ada?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ&issuer=Example';
  const svg = JSON.parse(await workshop.cli(['qr', 'draw', uri, '--json'])).svg;
  const buffer = Buffer.from(svg.replace('<svg ', '<svg width="300" height="300" '));
  await page.locator('#only-uri-picture').setInputFiles({ name: 'qr.svg', mimeType: 'image/svg+xml', buffer });
  await page.waitForFunction((wanted) => document.querySelector('#only-uri').value === wanted, uri);
  // Of an empty form there is an answer, too: the code's own must be there before the next picture is tried.
  await output(page, '').getByText('good for').waitFor();
  const nothing = { name: 'x.svg', mimeType: 'image/svg+xml', buffer: Buffer.from('<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"/>') };
  await page.locator('#only-uri-picture').setInputFiles(nothing);
  await page.getByText('There is no QR code to be found').waitFor();
});
