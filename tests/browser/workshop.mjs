// The token tools to be tried: served by a provider, from a plain file server, and from a disk; and hands that use nothing
// but the keyboard.
import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { extname, join } from 'node:path';
import { after, before } from 'node:test';
import { pathToFileURL } from 'node:url';
import { binary, run, startProvider } from '../clients/provider.mjs';
import { startChromium } from './demo.mjs';

/** What `inTheWorkshop` has opened. */
export let workshop, browser;

/**
 * Opens the workshop and a browser before the file's first test, then what the file wants besides, and closes all of it after
 * its last. One hook, since those of a file do not wait for each other.
 */
export function inTheWorkshop({ open, close } = {}) {
  before(async () => {
    workshop = await openWorkshop();
    browser = await startChromium();
    await open?.();
  });
  after(async () => {
    await close?.();
    await browser?.close();
    await workshop?.stop();
  });
}

/** The three places at which the pages stand; `page(name)` is the address of a tool. */
export async function openWorkshop() {
  const dir = mkdtempSync(join(tmpdir(), 'vestibule-tools-'));
  const folder = join(dir, 'tools');
  await run(binary(), ['tools', '--out', folder], { cwd: dir, env: { PATH: process.env.PATH, HOME: dir } });
  const provider = await startProvider();
  const plain = await startFileServer(folder);
  const places = [
    { name: 'served', page: (tool = '') => `${provider.issuer}/tools/${tool}`, offline: true },
    { name: 'from a file server', page: (tool = 'index') => `${plain.origin}/${tool}.html`, offline: true },
    { name: 'from a disk', page: (tool = 'index') => pathToFileURL(join(folder, `${tool}.html`)).href, offline: false },
  ];
  return {
    places,
    folder,
    provider,
    /** What the command line prints. */
    cli: (args, input) => provider.cli(args, input),
    async stop() {
      await provider.stop();
      await plain.stop();
      rmSync(dir, { recursive: true, force: true });
    },
  };
}

/** A server that knows files and nothing else. */
export async function startFileServer(folder) {
  const server = createServer((request, answer) => {
    const path = new URL(request.url, 'http://x').pathname;
    try {
      const body = readFileSync(join(folder, path.endsWith('/') ? `${path}index.html` : path));
      answer.writeHead(200, { 'content-type': TYPES[extname(path) || '.html'] ?? 'application/octet-stream' }).end(body);
    } catch {
      answer.writeHead(404).end();
    }
  });
  await new Promise((ready) => server.listen(0, '127.0.0.1', ready));
  const stop = () => new Promise((done) => server.close(done) && server.closeAllConnections());
  return { origin: `http://localhost:${server.address().port}`, stop };
}

const TYPES = {
  '.css': 'text/css',
  '.html': 'text/html',
  '.js': 'text/javascript',
  '.svg': 'image/svg+xml',
  '.webmanifest': 'application/manifest+json',
};

/** Waits until the page works, and where a worker keeps it, until it does. */
export async function isAwake(page, place) {
  await page.locator('html[data-ready]').waitFor({ state: 'attached' });
  if (place.offline) await page.locator('html[data-offline]').waitFor({ state: 'attached' });
}

/** Goes with Tab alone to the element that `selector` means, from wherever the focus is. */
export async function tabTo(page, selector) {
  for (let step = 0; step < 120; step++) {
    if (await page.evaluate((wanted) => document.activeElement?.matches(wanted) ?? false, selector)) return;
    await page.keyboard.press('Tab');
  }
  assert.fail(`the keyboard never comes to ${selector} on ${page.url()}`);
}

/** Opens a tab of the tool with the arrow keys. */
export async function openTab(page, action) {
  const wanted = `[role="tab"]#tab-${action}`;
  if (!(await page.locator(wanted).count())) return;
  await tabTo(page, '[role="tab"][aria-selected="true"]');
  for (let step = 0; step < 12; step++) {
    if (await page.evaluate((selector) => document.activeElement?.matches(selector), wanted)) return;
    await page.keyboard.press('ArrowRight');
  }
  assert.fail(`the arrow keys never come to ${action}`);
}

/** Types values into the fields of an action and asks for its result with Enter on its button; `asking` is called before. */
export async function fillByKeyboard(page, action, values, asking = () => {}) {
  await openTab(page, action);
  const panel = `.panel[data-action="${action}"]`;
  for (const [name, value] of Object.entries(values)) {
    const field = `${panel} [name="${name}"]`;
    const control = page.locator(field);
    if (!(await control.isVisible())) {
      await tabTo(page, `${panel} .more summary`);
      await page.keyboard.press('Enter');
    }
    await tabTo(page, field);
    const kind = await control.evaluate((element) => element.type);
    if (kind === 'checkbox') {
      if ((await control.isChecked()) !== value) await page.keyboard.press('Space');
    } else if (kind.startsWith('select')) {
      await choose(page, control, String(value));
    } else {
      await page.keyboard.press('ControlOrMeta+A');
      await page.keyboard.insertText(String(value));
    }
    // The fields come in the order of the page; whoever gives them in another goes round once more.
  }
  await tabTo(page, `${panel} button[type="submit"]`);
  await asking();
  await page.keyboard.press('Enter');
  await page.locator(`${panel} .output > *`).first().waitFor();
}

async function choose(page, control, value) {
  await page.keyboard.press('Home');
  for (let step = 0; step < 40; step++) {
    if ((await control.inputValue()) === value) return;
    await page.keyboard.press('ArrowDown');
  }
  assert.fail(`there is no choice ${value}`);
}

/** The first value of a result, as a person would copy it. */
export async function result(page, action) {
  return page.locator(`.panel[data-action="${action}"] .output .block code`).first().innerText();
}

/** Everything that a result says. */
export async function report(page, action) {
  return page.locator(`.panel[data-action="${action}"] .output`).innerText();
}
