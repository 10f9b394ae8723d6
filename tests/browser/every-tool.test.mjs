// Every action of every page: used by keyboard alone, without a network, without a request, with the result of the command
// line. The table is in vectors.mjs.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { commandLine, forgetResult, keepResults, result, typed } from './asking.mjs';
import { VECTORS } from './vectors.mjs';
import { watched, withoutNetwork } from './watch.mjs';
import { browser, fillByKeyboard, inTheWorkshop, isAwake, tabTo, workshop } from './workshop.mjs';

let commands, links;

inTheWorkshop({
  async open() {
    commands = commandLine();
    const { page, close } = await watched(browser, [workshop.places[0].page()]);
    await page.goto(workshop.places[0].page());
    links = await page.locator('.shelf a').evaluateAll((all) => all.map((link) => new URL(link.href).pathname.split('/').pop()));
    await close();
  },
  async close() {
    commands?.remove();
  },
});

const PAGES = [...new Set(VECTORS.map((vector) => vector.page))];

for (const name of PAGES) {
  test(`${name}: by keyboard, without a network, as the command line says it`, async () => {
    const [place] = workshop.places;
    const { page, close } = await watched(browser, [place.page()]);
    await page.goto(place.page(name));
    await isAwake(page, place);
    const requests = await withoutNetwork(page);
    await keepResults(page);
    const tried = new Set();
    for (const vector of VECTORS.filter((vector) => vector.page === name)) {
      const { action, command, same, pictureOf } = vector;
      tried.add(action);
      if (pictureOf) await choosePicture(page, action, await drawn(page, pictureOf));
      else await fillByKeyboard(page, action, typed(vector), () => forgetResult(page));
      await same(await result(page), vector.result ?? (await commands.ask(command)), commands.ask);
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
