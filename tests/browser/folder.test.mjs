// The tools as a folder: every action of every page, opened from a disk; and in the browser that has seen one page of a plain
// web server, once that server is gone. Each answers as the command line does, and nothing is asked for on the way.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ask, commandLine, forgetResult, keepResults, result } from './asking.mjs';
import { VECTORS } from './vectors.mjs';
import { watched } from './watch.mjs';
import { browser, inTheWorkshop, isAwake, startFileServer, workshop } from './workshop.mjs';

let commands;

inTheWorkshop({
  async open() {
    commands = commandLine();
  },
  async close() {
    commands?.remove();
  },
});

/** Uses every action of every page that the list names. */
async function useAll(page, addressOf) {
  const pages = [...new Set(VECTORS.map((vector) => vector.page))];
  await page.goto(addressOf('index'));
  const links = await page.locator('.shelf a').evaluateAll((all) => all.map((link) => link.href));
  assert.deepEqual(links.sort(), pages.map(addressOf).sort());
  for (const name of pages) {
    await page.goto(addressOf(name));
    await page.locator('html[data-ready]').waitFor({ state: 'attached' });
    await keepResults(page);
    for (const vector of VECTORS.filter((vector) => vector.page === name)) {
      await forgetResult(page);
      await ask(page, vector);
      await vector.same(await result(page), vector.result ?? (await commands.ask(vector.command)), commands.ask);
    }
  }
}

test('every tool works from a disk', async () => {
  const place = workshop.places.at(-1);
  const { page, close } = await watched(browser, []);
  await page.context().setOffline(true);
  const asked = [];
  page.on('request', (request) => asked.push(request.url()));
  await useAll(page, (name) => place.page(name));
  assert.ok(asked.length > 0);
  assert.deepEqual(asked.filter((url) => !/^(file|data|blob):/.test(url)), []);
  await close();
});

test('every tool works when the web server is gone that one of them came from', async () => {
  const server = await startFileServer(workshop.folder);
  const { page, close } = await watched(browser, [server.origin]);
  const addressOf = (name) => `${server.origin}/${name}.html`;
  await page.goto(addressOf('hmac'));
  await isAwake(page, { offline: true });
  await server.stop();
  await page.context().setOffline(true);
  await useAll(page, addressOf);
  for (const address of [`${server.origin}/`, `${server.origin}/ar/jwk.html`, `${server.origin}/de/index.html`]) {
    await page.goto(address);
    await page.locator('html[data-offline]').waitFor({ state: 'attached' });
  }
  await close();
});
