// Second factors and step-up, in Chromium: an authenticator app set up from its picture, recovery codes, passkeys.
import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { binary, run } from '../clients/provider.mjs';
import { askAt, authenticator, claim, claimsIn, isIn, makePasskey, press, signIn, startChromium, startDemo, startThird, step } from './demo.mjs';
import { watched } from './watch.mjs';

let demo, third, browser, dir;
let people = 0;

before(async () => {
  demo = await startDemo();
  third = await startThird(demo);
  browser = await startChromium();
  dir = mkdtempSync(join(tmpdir(), 'vestibule-qr-'));
});

after(async () => {
  await browser?.close();
  await third?.stop();
  await demo?.stop();
  if (dir) rmSync(dir, { recursive: true, force: true });
});

function person(name) {
  return demo.addUser(`factor-${++people}@example.com`, name, 'correct horse battery staple');
}

test('an authenticator app is set up from its picture, and a lost one is replaced by a written code', async () => {
  const ada = await person('Ada Lovelace');
  const { page, close } = await watched(browser, [demo.issuer, demo.photos], {});
  await page.goto(`${demo.issuer}/account`);
  await signIn(page, ada);
  await page.locator('a[href*="/account/codes"]').click();
  const uri = new URL(await read(await page.locator('.qr').screenshot()));
  assert.equal(uri.protocol, 'otpauth:');
  const secret = uri.searchParams.get('secret');
  assert.equal((await page.locator('code.secret').innerText()).replaceAll(' ', ''), secret);
  const setUp = await step(page, 'totp');
  await setUp.locator('[name="code"]').fill(code(secret, -30));
  await press(page, 'totp', 'verify');
  await page.locator('[data-step="totp-remove"]').waitFor();
  await press(page, 'recovery-codes', 'renew');
  const codes = await page.locator('.codes code').allInnerTexts();
  assert.equal(codes.length, 10);
  const saving = page.waitForEvent('download');
  await press(page, 'recovery-download', 'download');
  assert.equal((await saving).suggestedFilename(), 'recovery-codes.txt');

  await page.context().clearCookies();
  await askAt(page, demo.photos);
  await signIn(page, ada);
  await (await step(page, 'totp')).locator('[name="code"]').fill(code(secret));
  await press(page, 'totp', 'verify');
  await isIn(page, demo.photos);
  assert.equal(await claim(page, 'acr'), 'urn:vestibule:acr:multi-factor');

  await page.context().clearCookies();
  await askAt(page, demo.photos);
  await signIn(page, ada);
  await step(page, 'totp');
  await page.locator('a[href*="by=recovery-code"]').click();
  await (await step(page, 'recovery-code')).locator('[name="code"]').fill(codes[0].toUpperCase());
  await press(page, 'recovery-code', 'verify');
  await isIn(page, demo.photos);
  await close();
});

test('an app asks for more, and gets just that', async () => {
  const ada = await person('Ada Lovelace');
  const { page, close } = await watched(browser, [demo.issuer, third.origin], {});
  const device = await authenticator(page);
  await makePasskey(page, demo.issuer, ada);
  await page.goto(third.url({}));
  await press(page, 'consent', 'allow');
  assert.equal((await claimsOf(page)).acr, 'urn:vestibule:acr:single-factor');

  // The same session, and the passkey beside it: nobody is asked for the password again.
  await page.goto(third.url({ acr_values: 'phr' }));
  await step(page, 'passkey');
  assert.equal(await page.locator('[name="password"]').count(), 0);
  await press(page, 'passkey', 'passkey');
  const claims = await claimsOf(page);
  assert.equal(claims.acr, 'phr');
  assert.deepEqual(claims.amr.filter((name) => name === 'mfa' || name === 'user'), ['user', 'mfa']);
  assert.equal((await device.credentials()).length, 1);
  await close();
});

test('a copy of a passkey that is behind is refused', async () => {
  const ada = await person('Ada Lovelace');
  const { page, close } = await watched(browser, [demo.issuer, demo.photos, third.origin], {});
  const device = await authenticator(page);
  await makePasskey(page, demo.issuer, ada);
  const counted = async (signCount) => (await device.credentials()).map((credential) => ({ ...credential, signCount }));
  const [copy, used] = [await counted(1), await counted(1000)];
  await device.putBack(used);
  await page.context().clearCookies();
  await askAt(page, demo.photos);
  await isIn(page, demo.photos);

  await device.isPresent(false);
  await device.putBack(copy);
  await page.context().clearCookies();
  await askAt(page, demo.photos);
  await step(page, 'passkey');
  await device.isPresent(true);
  const refused = page.waitForResponse((answer) => answer.request().method() === 'POST');
  await press(page, 'passkey', 'passkey');
  assert.equal((await refused).status(), 200, 'one that is accepted leads on to the app');
  await device.putBack([]);
  await close();
});

test('what another origin lured out of an authenticator is refused', async () => {
  const ada = await person('Ada Lovelace');
  const { page, close } = await watched(browser, [demo.issuer, demo.photos, third.origin], {});
  const device = await authenticator(page);
  await makePasskey(page, demo.issuer, ada);
  const used = (await device.credentials()).map((credential) => ({ ...credential, signCount: 5000 }));
  await device.putBack([]);
  // What another page lured out of the browser is worth nothing here, though its counter is ahead.
  await page.context().clearCookies();
  await askAt(page, demo.photos);
  const asked = await (await step(page, 'passkey')).getAttribute('data-options');
  const elsewhere = await page.context().newPage();
  const theirs = await authenticator(elsewhere);
  await theirs.putBack(used);
  await elsewhere.goto(third.callback);
  const lured = await elsewhere.evaluate(async (options) => {
    try {
      const publicKey = PublicKeyCredential.parseRequestOptionsFromJSON(JSON.parse(options));
      return JSON.stringify(await navigator.credentials.get({ publicKey, signal: AbortSignal.timeout(3000) }));
    } catch (error) {
      return error.name;
    }
  }, asked);
  await elsewhere.close();
  await page.evaluate((credential) => {
    const form = document.querySelector('[data-step="passkey"]');
    form.elements.credential.value = credential;
    HTMLFormElement.prototype.submit.call(form);
  }, lured);
  await page.getByText('That passkey was not accepted here.').waitFor();
  await close();
});

/** What the ID token says that the third app gets for the code it was sent. */
async function claimsOf(page) {
  return claimsIn((await third.redeem(page)).id_token);
}

/** RFC 6238 with what every app takes: SHA-1, six digits, thirty seconds. */
function code(secret, seconds = 0) {
  const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';
  const bits = [...secret].map((letter) => letters.indexOf(letter).toString(2).padStart(5, '0')).join('');
  const key = Buffer.from(bits.match(/.{8}/g).map((byte) => Number.parseInt(byte, 2)));
  const counter = Buffer.alloc(8);
  counter.writeBigUInt64BE(BigInt(Math.floor((Date.now() / 1000 + seconds) / 30)));
  const tag = createHmac('sha1', key).update(counter).digest();
  const word = tag.readUInt32BE(tag[19] & 15) & 0x7fffffff;
  return String(word % 1_000_000).padStart(6, '0');
}

/** Reads the QR code in a picture, by our own tool. */
async function read(png) {
  const page = await browser.newPage();
  const { width, height, grey } = await page.evaluate(async (data) => {
    const picture = await createImageBitmap(await (await fetch(`data:image/png;base64,${data}`)).blob());
    const { width, height } = picture;
    const canvas = new OffscreenCanvas(width, height).getContext('2d');
    canvas.drawImage(picture, 0, 0);
    const pixels = canvas.getImageData(0, 0, width, height).data;
    return { width, height, grey: Array.from({ length: width * height }, (_, at) => pixels[4 * at]) };
  }, png.toString('base64'));
  await page.close();
  const file = join(dir, 'qr.pgm');
  writeFileSync(file, Buffer.concat([Buffer.from(`P5\n${width} ${height}\n255\n`), Buffer.from(grey)]));
  return (await run(binary(), ['qr', 'read', '--file', file], {})).trim();
}
