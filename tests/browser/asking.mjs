// Asks a question of the table in vectors.mjs: of a page, whose fields are filled at once (typing is tried elsewhere), and of
// the command line.
import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { binary } from '../clients/provider.mjs';
import { FILES } from './vectors.mjs';

/** The command line over the table's files: `ask` gives what it says with `--json`; a verdict of «no» is an answer too. */
export function commandLine() {
  const dir = mkdtempSync(join(tmpdir(), 'vestibule-vectors-'));
  for (const [name, text] of Object.entries(FILES)) writeFileSync(join(dir, name), text);
  return {
    ask(args, input = '') {
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
    },
    remove: () => rmSync(dir, { recursive: true, force: true }),
  };
}

/** Lets the page keep what each action gives, for `result`. */
export const keepResults = (page) =>
  page.evaluate(() => {
    const { shown } = tools;
    tools.shown = (panel, done) => {
      shown?.(panel, done);
      window.shownResult = done.result;
    };
  });

export const forgetResult = (page) => page.evaluate(() => (window.shownResult = undefined));

/** What the page shows, as the command line would print it with `--json`. */
export const result = async (page) => (await page.waitForFunction(() => window.shownResult)).jsonValue();

/** What is typed for a question: a file's text for its address. */
export const typed = ({ values }) =>
  Object.fromEntries(Object.entries(values).map(([name, value]) => [name, value instanceof URL ? readFileSync(value, 'utf8') : value]));

/** Opens the tab of an action. */
export async function openTab(page, action) {
  await page.locator('html[data-ready]').waitFor({ state: 'attached' });
  const tab = page.locator(`#tab-${action}`);
  if (await tab.count()) await tab.click();
}

/** Puts a question into its form and asks it. */
export async function ask(page, vector) {
  const { action, pictureOf } = vector;
  await openTab(page, action);
  if (pictureOf) {
    // The page has drawn it in the panel before this one.
    const drawn = await page.locator('.picture').first().evaluate((picture) => new XMLSerializer().serializeToString(picture));
    const buffer = Buffer.from(drawn.replace('<svg ', '<svg width="300" height="300" '));
    await page.locator(`#${action}-picture-file`).setInputFiles({ name: 'qr.svg', mimeType: 'image/svg+xml', buffer });
  } else {
    await page.evaluate(fill, { action, values: typed(vector) });
  }
  await page.locator(`.panel[data-action="${action}"] .output > :not(.hint)`).first().waitFor();
}

/** In the page. */
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
