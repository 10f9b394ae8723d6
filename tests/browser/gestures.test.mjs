// What hands do on the pages of the tools: copying, saving, dragging files and texts, giving a value in each of its forms,
// and checking a whole webhook request at a time that stands still.
import assert from 'node:assert/strict';
import { createHmac, generateKeyPairSync } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { watched } from './watch.mjs';
import { browser, inTheWorkshop, isAwake, workshop } from './workshop.mjs';

let dir;

inTheWorkshop({
  async open() {
    dir = mkdtempSync(join(tmpdir(), 'vestibule-gestures-'));
  },
  async close() {
    rmSync(dir, { recursive: true, force: true });
  },
});

/** A page of a tool with one of its tabs open, in a browser of its own that must have nothing to complain of. */
function on(name, action, title, steps, options) {
  test(`${name}: ${title}`, async () => {
    const [place] = workshop.places;
    const { page, close } = await watched(browser, [place.page()], options);
    await page.clock.setFixedTime(NOW * 1000);
    await page.goto(place.page(name));
    await isAwake(page, place);
    if (await page.locator(`#tab-${action}`).count()) await page.locator(`#tab-${action}`).click();
    const panel = page.locator(`.panel[data-action="${action}"]`);
    await steps(page, panel, panel.locator('.output').first());
    await close();
  });
}

const NOW = Date.parse('2026-01-01T00:00:00Z') / 1000;
const KEY = Buffer.from('key of 16 bytes!');
const MESSAGE = Buffer.from('Grüße\r\nund Küsse');
const hmac = (alg, encoding, key = KEY, message = MESSAGE) => createHmac(alg, key).update(message).digest(encoding);
const shown = (out, text) => out.locator('code').getByText(text, { exact: true }).first().waitFor();

const reading = { permissions: ['clipboard-read', 'clipboard-write'] };

on('hmac', 'sign', 'what is copied is what is shown', async (page, panel, out) => {
  await panel.locator('[name="key"]').fill('Jefe');
  await panel.locator('[name="message"]').fill('what do ya want for nothing?');
  const signature = hmac('sha256', 'hex', 'Jefe', 'what do ya want for nothing?');
  await shown(out, signature);
  const button = out.getByRole('button', { name: 'Copy' }).first();
  await button.click();
  await out.getByRole('button', { name: 'Copied' }).waitFor();
  assert.equal(await panel.getByRole('status').textContent(), 'Copied');
  assert.equal(await page.evaluate(() => navigator.clipboard.readText()), signature);
  await out.getByRole('button', { name: 'Copy' }).first().waitFor();
  await panel.locator('[data-share]').click();
  await panel.locator('[data-share][data-link]').waitFor();
  assert.equal(await page.evaluate(() => navigator.clipboard.readText()), await panel.locator('[data-share]').getAttribute('data-link'));
}, reading);

on('jwk', 'generate', 'the private key is copied and saved whole, and not shown before it is asked for', async (page, panel, out) => {
  await panel.locator('[name="kty"]').selectOption('EC');
  await panel.getByRole('button', { name: 'Generate' }).click();
  const block = out.locator('.block.private');
  await block.getByText('Keep this to yourself.').waitFor();
  const code = block.locator('code');
  const veil = () => code.evaluate((element) => getComputedStyle(element).webkitTextSecurity);
  assert.equal(await veil(), 'disc');
  await block.getByRole('button', { name: 'Copy' }).click();
  await block.getByRole('button', { name: 'Copied' }).waitFor();
  const copied = JSON.parse(await page.evaluate(() => navigator.clipboard.readText()));
  assert.ok(copied.kty === 'EC' && copied.d);
  const [saved] = await Promise.all([page.waitForEvent('download'), block.getByRole('button', { name: 'Save' }).click()]);
  assert.match(saved.suggestedFilename(), /\.json$/);
  assert.deepEqual(JSON.parse(readFileSync(await saved.path(), 'utf8')), copied);
  await block.getByRole('button', { name: 'Show' }).click();
  assert.equal(await veil(), 'none');
  const open = out.locator('.block:not(.private)').first();
  assert.ok(!(await open.innerText()).includes('"d"'));
}, reading);

/** Gives bytes to a field in one of its forms. */
const FORMS = {
  text: (panel, name, bytes) => typed(panel, name, bytes.toString('utf8'), 'text'),
  hex: (panel, name, bytes) => typed(panel, name, bytes.toString('hex'), 'hex'),
  base64: (panel, name, bytes) => typed(panel, name, bytes.toString('base64'), 'base64'),
  base64url: (panel, name, bytes) => typed(panel, name, bytes.toString('base64url'), 'base64url'),
  file: (panel, name, buffer) => panel.locator(`[id$="-${name}-file"]`).setInputFiles({ name, mimeType: 'application/octet-stream', buffer }),
};

async function typed(panel, name, text, as) {
  await panel.locator(`[id$="-${name}-as"]`).selectOption(as);
  await panel.locator(`[name="${name}"]`).fill(text);
}

on('hmac', 'sign', 'key and message in each form, the signature in each encoding, by each hash', async (page, panel, out) => {
  const bytes = Buffer.from([...Array(256).keys()]);
  // A text box has line feeds alone, and no bytes that are no text.
  const text = Buffer.from('Grüße\nund Küsse');
  const hashes = ['sha1', 'sha256', 'sha384', 'sha512'];
  const encodings = ['hex', 'base64', 'base64url'];
  let turn = 0;
  for (const [asKey, giveKey] of Object.entries(FORMS)) {
    for (const [asMessage, giveMessage] of Object.entries(FORMS)) {
      const [alg, encoding] = [hashes[turn % 4], encodings[turn % 3]];
      turn += 1;
      const key = asKey === 'text' ? KEY : Buffer.concat([KEY, bytes]);
      const message = asMessage === 'text' ? text : Buffer.concat([bytes, Buffer.from(`${turn}`)]);
      await panel.locator('[type="reset"]').click();
      await panel.locator('[name="alg"]').selectOption(alg);
      await panel.locator('[name="output"]').selectOption(encoding);
      await giveKey(panel, 'key', key);
      await giveMessage(panel, 'message', message);
      await shown(out, hmac(alg, encoding, key, message));
    }
  }
});

on('hmac', 'verify', 'a signature in any encoding is a match in any', async (page, panel, out) => {
  await FORMS.hex(panel, 'key', KEY);
  await FORMS.base64(panel, 'message', MESSAGE);
  for (const signature of [`sha256=${hmac('sha256', 'hex')}`, hmac('sha256', 'hex').toUpperCase(), hmac('sha256', 'base64'), hmac('sha256', 'base64url')]) {
    await panel.locator('[name="signature"]').fill('00');
    await out.getByText('It does not match.').waitFor();
    await panel.locator('[name="signature"]').fill(signature);
    await out.getByText('It matches.').waitFor();
  }
  await FORMS.text(panel, 'key', Buffer.from(KEY.toString('hex')));
  await out.locator('.note.answer').getByText(/hex/).first().waitFor();
});

on('hmac', 'sign', 'SHA-1 says that it is of yesterday, to eyes and in words', async (page, panel, out) => {
  const choice = panel.locator('[name="alg"]');
  await panel.locator('[name="key"]').fill('k');
  await shown(out, hmac('sha256', 'hex', 'k', ''));
  assert.equal(await out.locator('.note.warning').count(), 0);
  const width = () => choice.evaluate((element) => getComputedStyle(element).borderInlineStartWidth);
  const plain = await width();
  await choice.selectOption('sha1');
  await shown(out, hmac('sha1', 'hex', 'k', ''));
  await out.locator('.note.warning').getByText(/SHA-1 is legacy/).waitFor();
  assert.match(await choice.locator('option:checked').innerText(), /legacy/);
  assert.notEqual(await width(), plain);
});

const BODY = '{"id":"evt_1"}';
const WHSEC = `whsec_${KEY.toString('base64')}`;
/** The headers of a request that was sent at a time. Stripe takes the whole `whsec_…` as the key; the last, what it stands for. */
const WEBHOOKS = {
  github: { key: 'k', headers: () => [`X-Hub-Signature-256: sha256=${hmac('sha256', 'hex', 'k', BODY)}`] },
  shopify: { key: 'k', headers: () => [`X-Shopify-Hmac-Sha256: ${hmac('sha256', 'base64', 'k', BODY)}`] },
  stripe: {
    key: WHSEC,
    headers: (at) => [`Stripe-Signature: t=${at},v1=${'0'.repeat(64)},v1=${hmac('sha256', 'hex', WHSEC, `${at}.${BODY}`)}`],
  },
  slack: {
    key: 'k',
    headers: (at) => [`X-Slack-Request-Timestamp: ${at}`, `X-Slack-Signature: v0=${hmac('sha256', 'hex', 'k', `v0:${at}:${BODY}`)}`],
  },
  'standard-webhooks': {
    key: WHSEC,
    headers: (at) => ['webhook-id: msg_1', `webhook-timestamp: ${at}`, `webhook-signature: v1,${hmac('sha256', 'base64', KEY, `msg_1.${at}.${BODY}`)}`],
  },
};

on('hmac', 'verify', 'whole webhook requests, and how old they may be', async (page, panel, out) => {
  await panel.locator('.more summary').click();
  await panel.locator('[name="message"]').fill(BODY);
  const fill = async (at, tolerance) => {
    await panel.locator('[name="header"]').fill(headersAt(at));
    await panel.locator('[name="tolerance"]').fill(tolerance);
  };
  let headersAt;
  for (const [preset, { key, headers }] of Object.entries(WEBHOOKS)) {
    headersAt = (at) => headers(at).join('\n');
    await panel.locator('[name="preset"]').selectOption(preset);
    await panel.locator('[name="key"]').fill(key);
    await panel.locator('[name="message"]').fill(`${BODY} `);
    await fill(NOW, '5m');
    await out.getByText('It does not match.').waitFor();
    await panel.locator('[name="message"]').fill(BODY);
    await out.getByText('It matches.').waitFor();
    if (['github', 'shopify'].includes(preset)) continue;
    // What is sent again later has a signature that is right, and is refused for its age alone.
    await fill(NOW - 301, '5m');
    await out.getByText('It does not match.').waitFor();
    await out.locator('.note').getByText(/old|ago/).first().waitFor();
    await fill(NOW - 299, '5m');
    await out.getByText('It matches.').waitFor();
    await fill(NOW + 301, '5m');
    await out.getByText('It does not match.').waitFor();
    await fill(NOW - 301, '10m');
    await out.getByText('It matches.').waitFor();
  }
});

/** Drags files of this machine, or a text, from another window to the middle of an element, and lets go. */
async function drag(page, target, { files = [], text }) {
  await target.scrollIntoViewIfNeeded();
  const box = await target.boundingBox();
  const point = { x: box.x + box.width / 2, y: box.y + box.height / 2 };
  const items = text === undefined ? [] : [{ mimeType: 'text/plain', data: text }];
  const cdp = await page.context().newCDPSession(page);
  for (const type of ['dragEnter', 'dragOver', 'drop']) {
    await cdp.send('Input.dispatchDragEvent', { type, ...point, data: { items, files, dragOperationsMask: 1 } });
  }
  await cdp.detach();
}

function file(name, content) {
  const path = join(dir, name);
  writeFileSync(path, content);
  return path;
}

on('hmac', 'sign', 'a file is dropped onto a field, another in its place, and one beside it goes nowhere', async (page, panel, out) => {
  await panel.locator('[name="key"]').fill('Jefe');
  const field = panel.locator('.field', { has: page.locator('[name="message"]') });
  await drag(page, field.locator('textarea'), { files: [file('first.bin', MESSAGE)] });
  await shown(out, hmac('sha256', 'hex', 'Jefe'));
  await field.getByText('first.bin').waitFor();
  await drag(page, field.locator('.with'), { files: [file('second.bin', KEY)] });
  await shown(out, hmac('sha256', 'hex', 'Jefe', KEY));
  const address = page.url();
  await drag(page, page.locator('h1'), { files: [file('third.bin', 'x')] });
  await drag(page, panel.locator('.outcome h2'), { files: [file('third.bin', 'x')] });
  const isOpenedInstead = await page.locator('h1').evaluate((heading) => {
    const dataTransfer = new DataTransfer();
    dataTransfer.items.add(new File(['x'], 'x'));
    return heading.dispatchEvent(new DragEvent('drop', { bubbles: true, cancelable: true, dataTransfer }));
  });
  assert.equal(isOpenedInstead, false);
  await field.getByRole('button', { name: 'Remove' }).click();
  await shown(out, hmac('sha256', 'hex', 'Jefe', ''));
  assert.equal(page.url(), address);
  assert.equal(page.context().pages().length, 1);
  assert.equal(await panel.locator('[name="key"]').inputValue(), 'Jefe');
});

on('hmac', 'sign', 'a text that is dragged into a field stands in it', async (page, panel, out) => {
  await panel.locator('[name="key"]').fill('Jefe');
  await drag(page, panel.locator('[name="message"]'), { text: 'dragged' });
  await shown(out, hmac('sha256', 'hex', 'Jefe', 'dragged'));
  assert.equal(await panel.locator('[name="message"]').inputValue(), 'dragged');
});

on('jwks', 'lint', 'a box grows until all can be read, up to a height', async (page, panel) => {
  const box = panel.locator('[name="set"]');
  const cut = () => box.evaluate((element) => element.scrollHeight - element.clientHeight);
  for (const width of [320, 1280]) {
    await page.setViewportSize({ width, height: 800 });
    await box.fill('');
    const { height } = await box.boundingBox();
    await box.fill(`{"keys":[{"kty":"EC","crv":"P-256","x":"${'A'.repeat(43)}","y":"${'A'.repeat(43)}"}]}`);
    assert.equal(await cut(), 0, `${width} px`);
    await box.fill('x'.repeat(20_000));
    assert.ok((await box.boundingBox()).height < 8 * height);
  }
});

on('jwks', 'lint', 'a key set is dropped onto the inspector', async (page, panel, out) => {
  const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const set = (key) => JSON.stringify({ keys: [{ ...key.export({ format: 'jwk' }), kid: 'a', use: 'sig', alg: 'ES256' }] });
  await drag(page, panel.locator('[name="set"]'), { files: [file('jwks.json', set(privateKey))] });
  await out.locator('.note.fault').getByText(/private/).first().waitFor();
  await drag(page, panel.locator('.field', { has: page.locator('[name="set"]') }).locator('.with'), { files: [file('clean.json', set(publicKey))] });
  await out.locator('.verdict.yes').waitFor();
  assert.equal(await out.locator('.note.fault').count(), 0);
});
