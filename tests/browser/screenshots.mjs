// Every page in three languages, light and dark, at three widths: into target/screenshots with one sheet of them all,
// and the few that the README shows into docs/screenshots.
import { copyFileSync, mkdirSync, writeFileSync } from 'node:fs';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { join } from 'node:path';
import { TOOL_SCENES } from './tool-scenes.mjs';
import { press, signIn, startChromium, startDemo, startThird, step } from './demo.mjs';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const ALL = join(ROOT, 'target/screenshots');
const SHOWN = join(ROOT, 'docs/screenshots');
const LANGUAGES = process.argv.length > 2 ? process.argv.slice(2) : ['en', 'de', 'ar'];
const SCHEMES = ['light', 'dark'];
const WIDTHS = [320, 768, 1280];
const README = ['photos-in', 'drive', 'signin', 'continue', 'consent', 'account'];
const OF_THE_APPS = new Set(['photos', 'photos-in', 'drive', 'drive-in']);

/** The scenes in the order of one walk; each begins where the one before it ended. */
const SCENES = {
  photos: (page, { demo }) => page.goto(demo.photos),
  async signin(page) {
    await page.locator('[data-action="login"]').click();
    await step(page, 'signin');
  },
  async 'signin-wrong'(page, { ada }) {
    await signIn(page, { ...ada, password: 'not this one' });
    await page.locator('[role="alert"]').waitFor();
  },
  async signup(page) {
    await page.locator('a[href*="/signup"]').click();
    await step(page, 'signup');
  },
  async 'signup-sent'(page) {
    await page.locator('[name="email"]').fill(`new-${Date.now()}@example.com`);
    await page.locator('[name="name"]').fill('Mary Somerville');
    await page.locator('[name="password"]').fill('the connexion of the sciences');
    await press(page, 'signup', 'signup');
    await step(page, 'mail-sent');
  },
  async recover(page, { demo }) {
    await page.goto(`${demo.issuer}/recover`);
    await step(page, 'recover');
  },
  async 'recover-sent'(page, { ada }) {
    await page.locator('[name="email"]').fill(ada.username);
    await press(page, 'recover', 'recover');
    await step(page, 'mail-sent');
  },
  async 'new-password'(page, { demo, ada }) {
    await page.goto(await demo.link(ada.username));
    await step(page, 'new-password');
  },
  async 'photos-in'(page, { demo, ada }) {
    await page.goto(demo.photos);
    await page.locator('[data-action="login"]').click();
    await signIn(page, ada);
    await page.locator('[data-who]').waitFor();
  },
  drive: (page, { demo }) => page.goto(demo.drive),
  async continue(page) {
    await page.locator('[data-action="login"]').click();
    await step(page, 'continue');
  },
  async 'drive-in'(page) {
    await press(page, 'continue', 'continue');
    await page.locator('[data-who]').waitFor();
  },
  async consent(page, { third }) {
    await page.goto(third.url({ prompt: 'consent' }));
    await step(page, 'consent');
  },
  async chooser(page, { third, grace }) {
    await page.goto(third.url({ prompt: 'login', login_hint: grace.username }));
    await page.locator('[data-step="signin"], [data-step="account-other"]').first().waitFor();
    if (await page.locator('[data-step="account-other"]').count()) await press(page, 'account-other', 'other');
    await signIn(page, grace);
    await step(page, 'consent');
    await page.goto(third.url({ prompt: 'select_account' }));
    await step(page, 'account');
  },
  async account(page, { demo }) {
    await page.goto(`${demo.issuer}/account`);
    await page.locator('main h1').waitFor();
  },
  async error(page, { third }) {
    await page.goto(third.url({ redirect_uri: `${third.origin}/elsewhere` }));
    await page.locator('[data-error]').waitFor();
  },
  async signout(page, { demo }) {
    await page.goto(`${demo.issuer}/oauth2/logout`);
    await step(page, 'signout');
  },
  ...TOOL_SCENES,
};

const demo = await startDemo();
const third = await startThird(demo);
const browser = await startChromium();
try {
  const grace = await demo.addUser('grace@example.com', 'Grace Hopper', 'a moth in relay seventy');
  mkdirSync(ALL, { recursive: true });
  mkdirSync(SHOWN, { recursive: true });
  const failed = [];
  for (const language of LANGUAGES) {
    // Somebody new for each, so that «Continue as» is asked again.
    const ada = await demo.addUser(`ada@${language}.example.com`, 'Ada Lovelace', 'correct horse battery staple');
    failed.push(...(await photograph(language, { demo, third, ada, grace })));
  }
  for (const scene of README) copyForReadme(scene);
  await contactSheet();
  console.log(`pictures in ${ALL}, the README's in ${SHOWN}`);
  if (failed.length) {
    console.error(`scenes that did not come about:\n${failed.join('\n')}`);
    process.exitCode = 1;
  }
} finally {
  await browser.close();
  await third.stop();
  await demo.stop();
}

/** A scene that does not come about is reported; the others are taken nevertheless. */
async function photograph(language, world) {
  const context = await browser.newContext({ locale: language, reducedMotion: 'reduce' });
  context.setDefaultTimeout(8_000);
  const page = await context.newPage();
  const failed = [];
  for (const [scene, act] of Object.entries(SCENES)) {
    try {
      await act(page, world);
      await takeAll(page, scene, language);
    } catch (error) {
      failed.push(`${language} ${scene}: ${error.message.split('\n').slice(0, 4).join(' ')}`);
    }
  }
  await context.close();
  return failed;
}

async function takeAll(page, scene, language) {
  for (const colorScheme of SCHEMES) {
    await page.emulateMedia({ colorScheme });
    for (const width of WIDTHS) {
      await page.setViewportSize({ width, height: width === 320 ? 640 : 800 });
      const [content, screen] = await page.evaluate(() => [document.documentElement.scrollWidth, window.innerWidth]);
      const fullPage = scene.startsWith('tools-');
      await page.screenshot({ path: picture(scene, language, colorScheme, width), fullPage });
      if (content > screen) throw new Error(`${content} px wide on a screen of ${screen}`);
    }
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

async function contactSheet() {
  const row = (scene) => {
    // The apps speak English only.
    const languages = OF_THE_APPS.has(scene) ? ['en'] : LANGUAGES;
    const pictures = languages.flatMap((language) =>
      SCHEMES.flatMap((scheme) => WIDTHS.map((width) => `<img src="${pathToFileURL(picture(scene, language, scheme, width))}">`)),
    );
    return `<h2>${scene}</h2><div>${pictures.join('')}</div>`;
  };
  const style = 'body{font:14px sans-serif;background:#888;margin:12px}div{display:flex;flex-wrap:wrap;gap:6px}img{height:240px}';
  const html = `<!doctype html><meta charset="utf-8"><style>${style}</style>${Object.keys(SCENES).map(row).join('')}`;
  const file = join(ALL, 'contact-sheet.html');
  writeFileSync(file, html);
  const page = await browser.newPage({ viewport: { width: 2600, height: 1000 } });
  await page.goto(pathToFileURL(file).href);
  await page.screenshot({ path: join(ALL, 'contact-sheet.png'), fullPage: true });
  await page.close();
}
