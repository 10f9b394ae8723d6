// Every action of every page: used by keyboard alone, without a network, without a request, with the result of the command
// line. The table is in vectors.mjs.
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { binary } from '../clients/provider.mjs';
import { startChromium } from './demo.mjs';
import { FILES, VECTORS } from './vectors.mjs';
import { watched, withoutNetwork } from './watch.mjs';
import { fillByKeyboard, isAwake, openWorkshop, tabTo } from './workshop.mjs';

let workshop, browser, dir, links;

before(async () => {
  workshop = await openWorkshop();
  browser = await startChromium();
  dir = mkdtempSync(join(tmpdir(), 'vestibule-vectors-'));
  for (const [name, text] of Object.entries(FILES)) writeFileSync(join(dir, name), text);
  const { page, close } = await watched(browser, [workshop.places[0].page()]);
  await page.goto(workshop.places[0].page());
  links = await page.locator('.shelf a').evaluateAll((all) => all.map((link) => new URL(link.href).pathname.split('/').pop()));
  await close();
});

after(async () => {
  await browser?.close();
  await workshop?.stop();
  rmSync(dir, { recursive: true, force: true });
});

/** What a command says with `--json`; a verdict of «no» is an answer too. */
function command(args, input = '') {
  const given = args.map((arg) => (arg.startsWith('@') ? join(dir, arg.slice(1)) : arg));
  return new Promise((answered, failed) => {
    const child = execFile(binary(), [...given, '--json'], { cwd: dir, env: { HOME: dir } }, (error, out, err) => {
      if (error && error.code !== 1) failed(new Error(`${args.join(' ')}: ${err}`));
      else answered(JSON.parse(out));
    });
    // Most commands do not read it, and may have ended by now.
    child.stdin.on('error', () => {});
    child.stdin.end(input);
  });
}

const PAGES = [...new Set(VECTORS.map((vector) => vector.page))];

for (const name of PAGES) {
  test(`${name}: by keyboard, without a network, as the command line says it`, async () => {
    const [place] = workshop.places;
    const { page, close } = await watched(browser, [place.page()]);
    await page.goto(place.page(name));
    await isAwake(page, place);
    const requests = await withoutNetwork(page);
    await page.evaluate(() => {
      const { shown } = tools;
      tools.shown = (panel, done) => {
        shown?.(panel, done);
        window.shownResult = done.result;
      };
    });
    const tried = new Set();
    for (const { action, values, command: args, same, result, pictureOf } of VECTORS.filter((vector) => vector.page === name)) {
      tried.add(action);
      const typed = Object.entries(values).map(([field, value]) => [field, value instanceof URL ? readFileSync(value, 'utf8') : value]);
      const forget = () => page.evaluate(() => (window.shownResult = undefined));
      if (pictureOf) await choosePicture(page, action, await drawn(page, pictureOf));
      else await fillByKeyboard(page, action, Object.fromEntries(typed), forget);
      const shown = await (await page.waitForFunction(() => window.shownResult)).jsonValue();
      await same(shown, result ?? (await command(args)), command);
    }
    const actions = await page.locator('.panel').evaluateAll((panels) => panels.map((panel) => panel.dataset.action));
    assert.deepEqual([...tried].sort(), actions.sort(), 'every action stands in the table');
    assert.deepEqual(requests, []);
    await close();
  });
}

test('every page stands in the table', () => assert.deepEqual([...PAGES].sort(), [...links].sort()));

/** A code as a picture, drawn by the page. */
async function drawn(page, text) {
  await fillByKeyboard(page, 'draw', { text });
  return page.locator('.panel[data-action="draw"] .picture').screenshot();
}

async function choosePicture(page, action, buffer) {
  // Playwright takes the chooser over once somebody listens; that takes a moment, and must not race the key.
  page.on('filechooser', () => {});
  await page.locator(`#tab-${action}`).focus();
  await page.keyboard.press('Enter');
  await tabTo(page, `#${action}-picture-file`);
  const [chooser] = await Promise.all([page.waitForEvent('filechooser'), page.keyboard.press('Enter')]);
  await chooser.setFiles({ name: 'qr.png', mimeType: 'image/png', buffer });
  await page.locator(`.panel[data-action="${action}"] .output .block`).first().waitFor();
}
