// The walk of a person through both sample apps, in Chromium, with and without JavaScript.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { askAt, authenticator, claim, isIn, press, signIn, startChromium, startDemo, startThird, step } from './demo.mjs';
import { watched } from './watch.mjs';

let demo, third, browser;

before(async () => {
  demo = await startDemo();
  third = await startThird(demo);
  browser = await startChromium();
});

after(async () => {
  await browser?.close();
  await third?.stop();
  await demo?.stop();
});

/** Runs a walk of somebody new in a browser of its own, which at the end must have nothing to complain of. */
function walk(name, options, steps) {
  test(name, async () => {
    const ada = await person('Ada Lovelace');
    const allowed = [demo.issuer, demo.photos, demo.drive, third.origin];
    const { page, close } = await watched(browser, allowed, options);
    await steps(page, ada);
    await close();
  });
}

walk('the demo lets the person in whom it names', {}, async (page) => {
  await askAt(page, demo.photos);
  await signIn(page, demo);
  await isIn(page, demo.photos);
});

for (const javaScriptEnabled of [true, false]) {
  const how = javaScriptEnabled ? 'with JavaScript' : 'without JavaScript';

  walk(`one sign-in opens both apps, ${how}`, { javaScriptEnabled }, async (page, ada) => {
    await askAt(page, demo.photos);
    await signIn(page, ada);
    await isIn(page, demo.photos);
    assert.equal(await claim(page, 'iss'), demo.issuer);
    assert.ok(await claim(page, 'nonce'));

    await askAt(page, demo.drive);
    await press(page, 'continue', 'continue');
    await isIn(page, demo.drive);

    await page.locator('[data-action="refresh"]').click();
    await page.locator('[data-refreshed]', { hasText: '1 time' }).waitFor();
  });

  walk(`signing out of one ends the session, ${how}`, { javaScriptEnabled }, async (page, ada) => {
    await askAt(page, demo.photos);
    await signIn(page, ada);
    await isIn(page, demo.photos);
    await askAt(page, demo.drive);
    await press(page, 'continue', 'continue');
    await isIn(page, demo.drive);

    await page.goto(demo.photos);
    await page.locator('[data-action="logout"]').click();
    await page.getByText('You are signed out.').waitFor();
    assert.equal(new URL(page.url()).origin, new URL(demo.photos).origin);

    await page.goto(demo.drive);
    await page.locator('[data-action="refresh"]').click();
    await page.getByText('Your session at Vestibule has ended.').waitFor();
    await askAt(page, demo.photos);
    await step(page, 'signin');
  });

  walk(`a wrong password, ${how}`, { javaScriptEnabled }, async (page, ada) => {
    await askAt(page, demo.photos);
    await signIn(page, { ...ada, password: 'not this one' });
    const form = await step(page, 'signin');
    await form.locator('[role="alert"]').waitFor();
    assert.ok((await form.locator('[role="alert"]').innerText()).length > 10, 'the error is said in words');
    assert.equal(await form.locator('[name="username"]').inputValue(), ada.username);
    assert.equal(await form.locator('[name="password"]').inputValue(), '');
    const known = await form.innerText();

    await signIn(page, { username: 'nobody@example.com', password: 'not this one' });
    await page.locator('[name="username"][value="nobody@example.com"]').waitFor();
    assert.equal(await (await step(page, 'signin')).innerText(), known, 'it never says which of the two was wrong');

    await signIn(page, ada);
    await isIn(page, demo.photos);
  });

  walk(`sign-up, ${how}`, { javaScriptEnabled }, async (page, ada) => {
    await askAt(page, demo.photos);
    await step(page, 'signin');
    await page.locator('a[href*="/signup"]').click();
    const form = await step(page, 'signup');
    await form.locator('[name="email"]').fill(`new-${javaScriptEnabled}@example.com`);
    await form.locator('[name="name"]').fill('Mary Somerville');
    await form.locator('[name="password"]').fill('the connexion of the sciences');
    await press(page, 'signup', 'signup');
    await step(page, 'mail-sent');
    await page.goto(await demo.link(`new-${javaScriptEnabled}@example.com`));
    await press(page, 'confirm', 'confirm');
    assert.equal(await isIn(page, demo.photos), 'Mary Somerville');
  });

  walk(`two accounts, a chooser, and consent, ${how}`, { javaScriptEnabled }, async (page, ada) => {
    const grace = await person('Grace Hopper');
    await askAt(page, demo.photos);
    await signIn(page, ada);
    await isIn(page, demo.photos);
    await askAt(page, demo.drive);
    await press(page, 'continue', 'switch');
    await page.locator('[data-step="signin"], [data-step="account-other"]').first().waitFor();
    if (await page.locator('[data-step="account-other"]').count()) await press(page, 'account-other', 'other');
    await signIn(page, grace);
    assert.equal(await isIn(page, demo.drive), grace.name);

    await page.goto(third.url({ prompt: 'select_account consent' }));
    const chooser = await step(page, 'account');
    assert.equal(await chooser.locator('button[name="session"]').count(), 2);
    await chooser.locator('button[name="session"]', { hasText: grace.name }).click();
    const consent = await step(page, 'consent');
    assert.match(await page.locator('h1').innerText(), /Postcards/);
    assert.ok(await consent.locator('button[value="deny"]').count());
    await press(page, 'consent', 'deny');
    assert.equal((await atThird(page)).get('error'), 'access_denied');

    await page.goto(third.url({ prompt: 'consent', login_hint: grace.username }));
    await page.locator('[data-step="account"], [data-step="consent"]').first().waitFor();
    if (await page.locator('[data-step="account"]').count()) {
      await page.locator('button[name="session"]', { hasText: grace.name }).click();
    }
    await press(page, 'consent', 'allow');
    const answer = await atThird(page);
    assert.ok(answer.get('code'));
    assert.equal(answer.get('iss'), demo.issuer);
  });
}

walk('an answer by form_post goes out by itself', {}, async (page, ada) => {
  await page.goto(third.url({ response_mode: 'form_post' }));
  await signIn(page, ada);
  await press(page, 'consent', 'allow');
  await page.getByText('POST answered').waitFor();
});

walk('a request that must not go back stays on an error page', {}, async (page) => {
  const answer = await page.goto(third.url({ redirect_uri: `${third.origin}/elsewhere` }));
  assert.equal(answer.status(), 400);
  const error = page.locator('[data-error]');
  assert.equal(await error.getAttribute('data-error'), 'invalid_request');
  assert.ok(await error.getAttribute('data-trace'));
});

for (const locale of ['en', 'de', 'ar']) {
  walk(`nothing is wider than a small screen, ${locale}`, { locale, viewport: { width: 320, height: 640 } }, async (page, ada) => {
    await page.goto(demo.photos);
    await fits(page);
    await askAt(page, demo.photos);
    await step(page, 'signin');
    assert.equal(await page.locator('html').getAttribute('lang'), locale);
    await fits(page);
    await signIn(page, { ...ada, password: 'not this one' });
    await page.locator('[role="alert"]').waitFor();
    await fits(page);
    await page.locator('a[href*="/signup"]').click();
    await step(page, 'signup');
    await fits(page);
    await askAt(page, demo.photos);
    await signIn(page, ada);
    await isIn(page, demo.photos);
    await fits(page);
    await askAt(page, demo.drive);
    await step(page, 'continue');
    await fits(page);
    await page.goto(`${demo.issuer}/account`);
    await fits(page);
  });
}

test('a passkey is made, signs in by itself, and is gone when it is removed', async () => {
  const ada = await person('Ada Lovelace');
  const { page, close } = await watched(browser, [demo.issuer, demo.photos], {});
  const device = await authenticator(page);
  await page.goto(`${demo.issuer}/account`);
  await signIn(page, ada);
  // Where the browser was quick, one is offered at once; this one is made by hand.
  await page.locator('[data-step="new-passkey"], a[href*="/account/passkeys"]').first().waitFor();
  await page.goto(`${demo.issuer}/account`);
  await page.locator('a[href*="/account/passkeys"]').click();
  await (await step(page, 'passkey')).locator('[name="name"]').fill('My laptop');
  await press(page, 'passkey', 'passkey');
  await page.getByText('My laptop').waitFor();
  assert.equal((await device.credentials()).length, 1);
  await page.context().clearCookies();

  await askAt(page, demo.photos);
  // The browser offers it where the name is typed; the authenticator agrees at once.
  assert.equal(await isIn(page, demo.photos), ada.name);
  await page.context().clearCookies();
  await device.isPresent(false);
  await askAt(page, demo.photos);
  await step(page, 'passkey');
  await device.isPresent(true);
  await press(page, 'passkey', 'passkey');
  await isIn(page, demo.photos);

  await page.goto(`${demo.issuer}/account/passkeys`);
  await press(page, 'passkey-remove', 'remove');
  await page.getByText('You have no passkey yet.').waitFor();
  // What is gone here goes from the device too (PublicKeyCredential.signalAllAcceptedCredentials).
  for (let tries = 0; tries < 50 && (await device.credentials()).length; tries += 1) await page.waitForTimeout(100);
  assert.deepEqual(await device.credentials(), []);
  await close();
});

let people = 0;
function person(name) {
  return demo.addUser(`person-${++people}@example.com`, name, 'correct horse battery staple');
}

async function atThird(page) {
  await page.waitForURL((url) => url.href.startsWith(third.callback));
  return new URL(page.url()).searchParams;
}

async function fits(page) {
  const [content, screen] = await page.evaluate(() => [document.documentElement.scrollWidth, window.innerWidth]);
  assert.ok(content <= screen, `${page.url()} is ${content} px wide on ${screen}`);
}
