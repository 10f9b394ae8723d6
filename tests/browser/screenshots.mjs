// Every page in three languages, light and dark, at three widths: into target/screenshots with sheets of them all, and the few
// that the README shows into docs/screenshots. Most pages are samples of their own (crates/web/examples/preview), so that each
// state of each page is there; the apps, the tools and the pictures of the README are taken on a walk through the demo.
// axe-core looks at each, and what is wider than its screen is reported.
import { copyFileSync, mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { join } from 'node:path';
import { violations } from './axe.mjs';
import { TOOL_SCENES } from './tool-scenes.mjs';
import { startChromium, startDemo, startThird } from './demo.mjs';
import { SCENES } from './scenes.mjs';
import { startFileServer } from './workshop.mjs';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const ALL = join(ROOT, 'target/screenshots');
const SHOWN = join(ROOT, 'docs/screenshots');
const ASKED = process.argv.slice(2);
const LANGUAGES = ASKED.filter((one) => !one.startsWith('--')).length ? ASKED.filter((one) => !one.startsWith('--')) : ['en', 'de', 'ar'];
const SCHEMES = ['light', 'dark'];
const WIDTHS = [320, 768, 1280];
const README = ['photos-in', 'drive', 'signin', 'continue', 'consent', 'account'];
const OF_THE_APPS = new Set(['photos', 'photos-in', 'drive', 'drive-in', 'locked-shut']);
const ON_A_SHEET = 4;
const AXE = createRequire(import.meta.url).resolve('axe-core/axe.min.js');

const browser = await startChromium();
const faults = [];
try {
  mkdirSync(ALL, { recursive: true });
  mkdirSync(SHOWN, { recursive: true });
  const taken = [];
  // `--samples` and `--walk` take one half alone.
  if (!ASKED.includes('--walk')) taken.push(...(await samples(process.env.VESTIBULE_PREVIEW)));
  if (!ASKED.includes('--samples')) taken.push(...(await walk()));
  const sheets = await contactSheets(taken);
  console.log(`${taken.length} pages on ${sheets} sheets in ${ALL}, the README's in ${SHOWN}`);
  if (faults.length) {
    console.error(`what is wrong with them:\n${[...new Set(faults)].join('\n')}`);
    process.exitCode = 1;
  }
} finally {
  await browser.close();
}

/** The pages that the preview wrote into a folder, `NAME.LANGUAGE.html`. Those with long names are looked at and not taken. */
async function samples(folder) {
  if (!folder) throw new Error('VESTIBULE_PREVIEW names no folder; run this with `cargo xtask screenshots`');
  const server = await startFileServer(folder);
  const names = readdirSync(folder).filter((name) => name.endsWith('.en.html')).map((name) => name.slice(0, -'.en.html'.length)).sort();
  for (const language of LANGUAGES) {
    const context = await opened(language);
    const page = await context.newPage();
    // One of them is a form that goes out to an app by itself.
    await page.route('**/form-post.*', (route) => route.abort());
    for (const name of names) {
      await page.goto(`${server.origin}/${name}.${language}.html`);
      await attempt(`${language} ${name}`, () => takeAll(page, `page-${name}`, language, { fullPage: true, isKept: !/-(long|brand)$/.test(name) }));
    }
    await context.close();
  }
  await server.stop();
  return names.filter((name) => !/-(long|brand)$/.test(name)).map((name) => `page-${name}`);
}

/** A scene that does not come about is reported; the others are taken nevertheless. */
async function walk() {
  const demo = await startDemo();
  const third = await startThird(demo);
  const scenes = { ...SCENES, ...TOOL_SCENES };
  try {
    const grace = await demo.addUser('grace@example.com', 'Grace Hopper', 'a moth in relay seventy');
    for (const language of LANGUAGES) {
      // Somebody new for each, so that «Continue as» is asked again.
      const ada = await demo.addUser(`ada@${language}.example.com`, 'Ada Lovelace', 'correct horse battery staple');
      const context = await opened(language);
      const page = await context.newPage();
      for (const [scene, act] of Object.entries(scenes)) {
        await attempt(`${language} ${scene}`, async () => {
          await act(page, { demo, third, ada, grace });
          await takeAll(page, scene, language, { fullPage: scene.startsWith('tools-'), isKept: true });
        });
      }
      await context.close();
    }
  } finally {
    await third.stop();
    await demo.stop();
  }
  README.forEach(copyForReadme);
  return Object.keys(scenes);
}

async function opened(language) {
  const context = await browser.newContext({ locale: language, reducedMotion: 'reduce' });
  context.setDefaultTimeout(8_000);
  await context.addInitScript({ path: AXE });
  return context;
}

async function attempt(what, act) {
  try {
    await act();
  } catch (error) {
    faults.push(`${what}: ${error.message.split('\n').slice(0, 4).join(' ')}`);
  }
}

async function takeAll(page, scene, language, { fullPage, isKept }) {
  for (const colorScheme of SCHEMES) {
    await page.emulateMedia({ colorScheme });
    for (const width of WIDTHS) {
      await page.setViewportSize({ width, height: width === 320 ? 640 : 800 });
      const [content, screen] = await page.evaluate(() => [document.documentElement.scrollWidth, window.innerWidth]);
      if (isKept) await page.screenshot({ path: picture(scene, language, colorScheme, width), fullPage });
      if (content > screen) faults.push(`${language} ${scene}: ${content} px wide on a screen of ${screen}`);
    }
    faults.push(...(await violations(page)).map((fault) => `${language} ${scene}: ${fault}`));
  }
}

function picture(scene, language, scheme, width) {
  return join(ALL, `${scene}-${language}-${scheme}-${width}.png`);
}

function copyForReadme(scene) {
  try {
    copyFileSync(picture(scene, 'en', 'light', 768), join(SHOWN, `${scene}.png`));
    copyFileSync(picture(scene, 'en', 'dark', 768), join(SHOWN, `${scene}-dark.png`));
  } catch {
    // The scene did not come about, which has been reported.
  }
}

/** Sheets of a few pages each: a row for each language, with what is light on the left. */
async function contactSheets(taken) {
  for (const old of readdirSync(ALL).filter((name) => name.startsWith('sheet-'))) rmSync(join(ALL, old));
  const row = (scene, language) =>
    SCHEMES.flatMap((scheme) => WIDTHS.map((width) => `<img src="${pathToFileURL(picture(scene, language, scheme, width))}">`)).join('');
  const block = (scene) => {
    // The apps speak English only.
    const languages = OF_THE_APPS.has(scene) ? ['en'] : LANGUAGES;
    return `<h2>${scene}</h2>${languages.map((language) => `<div>${row(scene, language)}</div>`).join('')}`;
  };
  const style = 'body{font:14px sans-serif;background:#888;margin:12px}div{display:flex;gap:6px;margin-bottom:6px}img{height:230px}';
  let sheets = 0;
  const page = await browser.newPage({ viewport: { width: 1460, height: 1000 } });
  for (let at = 0; at < taken.length; at += ON_A_SHEET) {
    const name = join(ALL, `sheet-${String(++sheets).padStart(2, '0')}`);
    const html = `<!doctype html><meta charset="utf-8"><style>${style}</style>${taken.slice(at, at + ON_A_SHEET).map(block).join('')}`;
    writeFileSync(`${name}.html`, html);
    await page.goto(pathToFileURL(`${name}.html`).href);
    await page.screenshot({ path: `${name}.png`, fullPage: true });
  }
  await page.close();
  return sheets;
}
