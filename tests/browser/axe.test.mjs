// The pages where people sign in, and their account, before axe-core: no violation, in two languages,
// light and dark, narrow and wide. Each scene of the pictures comes about on the way.
import assert from 'node:assert/strict';
import { createRequire } from 'node:module';
import { after, before, test } from 'node:test';
import { violations } from './axe.mjs';
import { startChromium, startDemo, startThird } from './demo.mjs';
import { SCENES } from './scenes.mjs';
import { watched } from './watch.mjs';

const AXE = createRequire(import.meta.url).resolve('axe-core/axe.min.js');
let demo, third, browser, grace;

before(async () => {
  demo = await startDemo();
  third = await startThird(demo);
  browser = await startChromium();
  grace = await demo.addUser('grace@example.com', 'Grace Hopper', 'a moth in relay seventy');
});

after(async () => {
  await browser?.close();
  await third?.stop();
  await demo?.stop();
});

for (const [locale, colorScheme, width] of [['en', 'light', 1280], ['ar', 'dark', 320]]) {
  test(`axe-core finds nothing, ${locale}, ${colorScheme}, ${width} px`, async () => {
    const allowed = [demo.issuer, demo.photos, demo.drive, third.origin];
    const { page, close } = await watched(browser, allowed, { locale, colorScheme, viewport: { width, height: 800 } });
    await page.addInitScript({ path: AXE });
    const ada = await demo.addUser(`ada@${locale}.example.com`, 'Ada Lovelace', 'correct horse battery staple');
    const found = [];
    for (const act of Object.values(SCENES)) {
      await act(page, { demo, third, ada, grace });
      found.push(...(await violations(page)));
      const [content, screen] = await page.evaluate(() => [document.documentElement.scrollWidth, window.innerWidth]);
      if (content > screen) found.push(`${page.url()} is ${content} px wide on ${screen}`);
    }
    assert.deepEqual(found, []);
    await close();
  });
}
