// Signing out reaches every app, in Chromium: relying parties on somebody else's library, each told in another way.
//
// To a browser the names below .localhost are sites of their own, so that apps are third parties in the provider's frames, and
// the provider in theirs, as on the open web.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { startRelyingParty } from '../clients/relying-party.mjs';
import { press, signIn, startChromium, startDemo, startTolerantChromium, step } from './demo.mjs';
import { watched } from './watch.mjs';

const APPS = { shop: 'back-channel', club: 'front-channel', desk: 'session-frame', mute: 'no answer', slow: 'slow frame' };
let demo, apps;
let people = 0;

before(async () => {
  demo = await startDemo();
  apps = {};
  for (const [name, way] of Object.entries(APPS)) apps[name] = await startRelyingParty(demo, name, way);
});

after(async () => {
  for (const app of Object.values(apps ?? {})) await app.stop();
  await demo?.stop();
});

/** Signs somebody new in at the named apps, in a browser of its own. */
function visit(name, names, { blocksThirdParties, ...options }, steps) {
  test(name, async () => {
    const those = names.map((name) => apps[name]);
    for (const app of those) app.forget();
    const browser = blocksThirdParties ? await startChromium() : startTolerantChromium();
    try {
      const ada = await demo.addUser(`leaver-${++people}@example.com`, 'Ada Lovelace', 'correct horse battery staple');
      const { page, close } = await watched(browser, [demo.issuer, ...those.map((app) => app.origin)], options);
      for (const app of those) {
        await page.goto(`${app.origin}/login`);
        if (app === those[0]) await signIn(page, ada);
        else await press(page, 'continue', 'continue');
        await page.locator('[data-who]').waitFor();
      }
      const sids = those.flatMap((app) => app.sids());
      assert.equal(new Set(sids).size, 1, 'one session in all apps');
      await steps(page, sids[0]);
      await close();
    } finally {
      await browser.close();
    }
  });
}

visit('signing out of everything reaches three apps, each in its own way', ['shop', 'club', 'desk'], {}, async (page, sid) => {
  const { shop, club, desk } = apps;
  await says(page, 'unchanged');
  const more = await page.context().newPage();
  await signOut(more);
  assert.equal(await more.locator('.problem').count(), 0, 'all could be told');
  // The page that was open all the time sees it by itself, and asks anew where no page is shown.
  await page.locator('[data-nobody]').waitFor();
  assert.deepEqual(desk.heard, [{ by: 'frame', answer: 'login_required' }]);
  await until(() => club.heard.length);
  assert.deepEqual(club.heard, [{ by: 'front-channel', sid, hasCookie: true }]);
  assert.deepEqual(shop.heard, [{ by: 'back-channel', sid }]);
  for (const app of [shop, club, desk]) await isOut(more, app);
});

visit('a session that goes on is not disturbed', ['desk'], {}, async (page) => {
  await says(page, 'unchanged');
  const more = await page.context().newPage();
  await more.goto(`${apps.desk.origin}/login`);
  await more.locator('[data-who]').waitFor();
  const answers = await page.evaluate(() => window.answers.length);
  await page.waitForFunction((before) => window.answers.length > before + 2, answers);
  assert.deepEqual(await page.evaluate(() => [...new Set(window.answers)]), ['unchanged']);
});

visit('somebody else who signs in beside them is noticed, and the app goes on with whom it had', ['desk'], {}, async (page, sid) => {
  await says(page, 'unchanged');
  const grace = await demo.addUser(`joiner-${++people}@example.com`, 'Grace Hopper', 'a moth in relay seventy');
  const more = await page.context().newPage();
  await more.goto(`${demo.issuer}/signin?prompt=login`);
  await more.locator('[data-step="signin"], [data-step="account-other"]').first().waitFor();
  if (await more.locator('[data-step="account-other"]').count()) await press(more, 'account-other', 'other');
  await signIn(more, grace);
  await until(() => apps.desk.heard.length);
  assert.deepEqual(apps.desk.heard, [{ by: 'frame', answer: 'still in' }]);
  await says(page, 'unchanged');
  assert.deepEqual(apps.desk.sids(), [sid]);
});

// A private window, or somebody who blocks the cookies of third parties: the documented limit of two of the three ways.
visit('where third parties have no cookies, the frame knows nothing and bothers nobody', ['shop', 'club', 'desk'], { blocksThirdParties: true }, async (page, sid) => {
  const { shop, club, desk } = apps;
  await says(page, 'error');
  const more = await page.context().newPage();
  await signOut(more);
  await until(() => club.heard.length && shop.heard.length);
  assert.deepEqual(shop.heard, [{ by: 'back-channel', sid }]);
  // The app's own cookie is kept from its frame: it has to know the session by its `sid`.
  assert.deepEqual(club.heard, [{ by: 'front-channel', sid, hasCookie: false }]);
  for (const app of [shop, club]) await isOut(more, app);
  await says(page, 'error');
  assert.deepEqual(desk.heard, [], 'this app is told of nothing');
});

visit('an app that asks has its person back once the frames have loaded', ['shop', 'club'], {}, async (page, sid) => {
  const { shop, club } = apps;
  await page.goto(`${shop.origin}/logout`);
  await page.locator('[data-out]').waitFor();
  assert.equal(page.url(), `${shop.origin}/out?state=s`);
  assert.deepEqual(club.heard, [{ by: 'front-channel', sid, hasCookie: true }], 'once');
  await isOut(page, club);
});

visit('an app whose frame never loads keeps nobody', ['shop', 'slow'], {}, async (page) => {
  await page.goto(`${apps.shop.origin}/logout`, { waitUntil: 'commit' });
  await page.locator('[data-out]').waitFor();
});

visit('without JavaScript a button leads back', ['shop', 'club'], { javaScriptEnabled: false }, async (page, sid) => {
  const { shop, club } = apps;
  await page.goto(`${shop.origin}/logout`);
  await until(() => club.heard.length);
  assert.deepEqual(club.heard, [{ by: 'front-channel', sid, hasCookie: true }]);
  await page.locator('[data-step="signed-out"] a[data-onward]').click();
  await page.locator('[data-out]').waitFor();
});

visit('the page names the app that could not be told, and stays until it is read', ['shop', 'club', 'mute'], {}, async (page) => {
  await page.goto(`${apps.shop.origin}/logout`);
  const shown = await step(page, 'signed-out');
  assert.deepEqual(await shown.locator('.apps li').allInnerTexts(), ['mute']);
  await until(() => apps.club.heard.length);
  assert.equal(apps.mute.heard.length, 1);
  assert.equal(new URL(page.url()).origin, demo.issuer);
  await shown.locator('a[data-onward]').click();
  await page.locator('[data-out]').waitFor();
});

async function signOut(page) {
  await page.goto(`${demo.issuer}/account`);
  await press(page, 'signout', 'signout');
  await step(page, 'signed-out');
}

async function isOut(page, app) {
  await page.goto(app.origin);
  await page.locator('[data-nobody]').waitFor();
}

/** What the provider's frame answers to the app's page. */
function says(page, answer) {
  return page.waitForFunction((expected) => window.answers?.at(-1) === expected, answer);
}

async function until(holds) {
  for (let tries = 0; tries < 100 && !holds(); tries += 1) await new Promise((next) => setTimeout(next, 50));
  assert.ok(holds());
}
