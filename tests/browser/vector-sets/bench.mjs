// A page of the tools with its network cut, and the command line beside it.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startChromium } from '../demo.mjs';
import { watched, withoutNetwork } from '../watch.mjs';
import { isAwake, openWorkshop } from '../workshop.mjs';
import { askPage, CommandLine, definitions } from './questions.mjs';

/** Opens the page of a tool. `requests` is what was requested since the network was cut. */
export async function openBench(tool) {
  const workshop = await openWorkshop();
  const browser = await startChromium();
  const dir = mkdtempSync(join(tmpdir(), 'vestibule-sets-'));
  const [place] = workshop.places;
  const { page, close } = await watched(browser, [place.page()]);
  await page.goto(place.page(tool));
  await isAwake(page, place);
  const requests = await withoutNetwork(page);
  const fields = await definitions(page);
  const command = new CommandLine(dir, fields);
  return {
    page,
    fields,
    requests,
    /** What the module answers, and what the command does. */
    askPage: (questions) => askPage(page, questions),
    askCommand: (questions) => command.askAll(questions),
    async stop() {
      try {
        await close();
      } finally {
        await browser.close();
        await workshop.stop();
        rmSync(dir, { recursive: true, force: true });
      }
    },
  };
}
