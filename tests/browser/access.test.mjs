// The pages before axe-core: nothing that it calls serious or critical, light and dark, narrow and wide.
import assert from 'node:assert/strict';
import { createRequire } from 'node:module';
import { after, before, test } from 'node:test';
import { startChromium } from './demo.mjs';
import { serious } from './serious.mjs';
import { VECTORS } from './vectors.mjs';
import { watched } from './watch.mjs';
import { openWorkshop } from './workshop.mjs';

const AXE = createRequire(import.meta.url).resolve('axe-core/axe.min.js');
let workshop, browser;

before(async () => {
  workshop = await openWorkshop();
  browser = await startChromium();
});

after(async () => {
  await browser?.close();
  await workshop?.stop();
});

for (const [colorScheme, width] of [['light', 1280], ['dark', 320]]) {
  test(`axe-core finds nothing serious in the tools, ${colorScheme}, ${width} px`, async () => {
    const [place] = workshop.places;
    const { page, close } = await watched(browser, [place.page()], { colorScheme, viewport: { width, height: 800 } });
    await page.addInitScript({ path: AXE });
    const found = [];
    for (const name of ['', ...new Set(VECTORS.map((vector) => vector.page))]) {
      await page.goto(place.page(name));
      if (!name) found.push(...(await serious(page)));
      else await page.locator('html[data-ready]').waitFor({ state: 'attached' });
      // With a result on it: the first question of the table that only takes typing.
      const vector = VECTORS.find((vector) => vector.page === name && vector.command && !(Object.values(vector.values)[0] instanceof URL));
      if (!vector) continue;
      const tab = page.locator(`#tab-${vector.action || 'only'}`);
      if (await tab.count()) await tab.click();
      await page.evaluate(fill, { action: vector.action, values: vector.values });
      await page.locator(`.panel[data-action="${vector.action}"] .output > *`).first().waitFor();
      found.push(...(await serious(page)));
    }
    assert.deepEqual(found, []);
    await close();
  });
}

/** Puts values into a form at once; typing is tried elsewhere. */
function fill({ action, values }) {
  const form = document.querySelector(`.panel[data-action="${action}"] form`);
  for (const [name, value] of Object.entries(values)) {
    const control = form.elements[name];
    if (typeof value === 'boolean') control.checked = value;
    else control.value = value;
    control.dispatchEvent(new Event('input', { bubbles: true }));
  }
  form.requestSubmit();
}
