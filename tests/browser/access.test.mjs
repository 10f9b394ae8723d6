// The tools before axe-core: each panel of each page as it opens, unfolded, and with a result on it, light and dark, narrow
// and wide; and what a panel says when something is wrong. No violation is let pass.
import assert from 'node:assert/strict';
import { createRequire } from 'node:module';
import { test } from 'node:test';
import { ask, openTab } from './asking.mjs';
import { violations } from './axe.mjs';
import { VECTORS } from './vectors.mjs';
import { watched } from './watch.mjs';
import { browser, inTheWorkshop, workshop } from './workshop.mjs';

const AXE = createRequire(import.meta.url).resolve('axe-core/axe.min.js');
inTheWorkshop();

const PAGES = [...new Set(VECTORS.map((vector) => vector.page))];
const LOOKS = [['light', 1280], ['dark', 320]];

/** A page that axe-core is loaded into, and looks at in each look, with what was found. A colour that fades is neither one. */
async function inspected(locale) {
  const [place] = workshop.places;
  const { page, close } = await watched(browser, [place.page()], { locale, reducedMotion: 'reduce' });
  await page.addInitScript({ path: AXE });
  const found = [];
  const look = async (looks = LOOKS) => {
    for (const [colorScheme, width] of looks) {
      await page.emulateMedia({ colorScheme });
      await page.setViewportSize({ width, height: 800 });
      found.push(...(await violations(page)).map((text) => `${colorScheme} ${width}: ${text}`));
    }
  };
  return { place, page, close, look, found };
}

for (const name of ['', ...PAGES]) {
  test(`axe-core finds nothing on any panel of ${name || 'the list'}`, async () => {
    const { place, page, close, look, found } = await inspected('en');
    await page.goto(place.page(name));
    if (!name) {
      await unfold(page);
      await look();
    }
    for (const action of await page.locator('.panel').evaluateAll((panels) => panels.map((panel) => panel.dataset.action))) {
      await open(page, action);
      await look([['dark', 320]]);
      await ask(page, VECTORS.find((vector) => vector.page === name && vector.action === action));
      await unfold(page);
      await look();
    }
    assert.deepEqual(found, []);
    await close();
  });
}

for (const locale of ['en', 'ar']) {
  test(`axe-core finds nothing where something is wrong, or is within another, ${locale}`, async () => {
    const { place, page, close, look, found } = await inspected(locale);
    await page.goto(place.page('hmac'));
    await open(page, 'verify');
    await page.locator('#verify-preset').selectOption('stripe');
    await page.locator('#verify-key').fill('Jefe');
    await page.locator('#verify-header').fill('Stripe-Signature: x');
    await page.locator('#panel-verify [aria-invalid="true"]').waitFor();
    await look();
    await page.locator('#verify-key-file').setInputFiles({ name: 'key', mimeType: 'text/plain', buffer: Buffer.from('Jefe') });
    await page.locator('#verify-key-chosen').waitFor();
    await look();
    await page.goto(place.page('jwks'));
    await open(page, 'lint');
    await page.locator('#lint-set').fill('{"keys":[{"kty":"oct","k":"AAAA"}]}');
    await page.locator('#panel-lint .note').first().waitFor();
    await look();
    const inner = (await workshop.cli(['jwt', 'sign', '--claims', '{"sub":"ada"}', '--secret', SECRET])).trim();
    const outer = (await workshop.cli(['jwe', 'encrypt', '--secret', SECRET, '--alg', 'dir', '--message', inner])).trim();
    await page.goto(place.page('token'));
    await open(page, 'verify');
    await page.locator('#verify-token').fill(outer);
    await page.locator('#verify-secret').fill(SECRET);
    await page.locator('.layer .verdict').waitFor();
    await unfold(page);
    await look();
    assert.deepEqual(found, []);
    await close();
  });
}

/** 32 bytes, as A128CBC-HS256 takes them. */
const SECRET = 'an example of a secret, of bytes';

/** Opens the tab of an action, and whatever is folded away on it. */
async function open(page, action) {
  await openTab(page, action);
  await unfold(page);
}

const unfold = (page) => page.evaluate(() => document.querySelectorAll('details').forEach((details) => (details.open = true)));
