// Signing in without a password, in Chromium: a code and a link by mail, and the passkey that is offered afterwards.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { askAt, authenticator, claim, isIn, press, signIn, startChromium, startDemo, step } from './demo.mjs';
import { watched } from './watch.mjs';

let demo, browser;
let people = 0;

before(async () => {
  demo = await startDemo();
  browser = await startChromium();
});

after(async () => {
  await browser?.close();
  await demo?.stop();
});

function person(name) {
  return demo.addUser(`mail-${++people}@example.com`, name, 'correct horse battery staple');
}

async function asked(page, who) {
  await askAt(page, demo.photos);
  await (await step(page, 'signin')).locator('[name="username"]').fill(who.username);
  await press(page, 'signin', 'email-code');
  await step(page, 'email-code');
}

test('the link of a mail signs in where it was asked for', async () => {
  const ada = await person('Ada Lovelace');
  const { page, close } = await watched(browser, [demo.issuer, demo.photos]);
  await asked(page, ada);
  // As a mail program opens it: in a tab of its own.
  const tab = await page.context().newPage();
  await tab.goto(await demo.link(ada.username));
  await press(tab, 'email-code', 'verify');
  assert.match(await isIn(tab, demo.photos), /Ada Lovelace/);
  assert.equal(await claim(tab, 'acr'), 'urn:vestibule:acr:single-factor');
  await close();
});

test('in another browser the link shows the code, which is typed in the first', async () => {
  const ada = await person('Ada Lovelace');
  const [desk, phone] = [await watched(browser, [demo.issuer, demo.photos]), await watched(browser, [demo.issuer])];
  await asked(desk.page, ada);
  await phone.page.goto(await demo.link(ada.username));
  const code = await (await step(phone.page, 'mailed-code')).locator('output').innerText();
  assert.match(code, /^\d{3} \d{3}$/);
  assert.ok((await demo.mail(ada.username)).includes(code.replace(' ', '')));
  await phone.page.goto(`${demo.issuer}/account`);
  await step(phone.page, 'signin');
  await desk.page.locator('[name="code"]').fill(code);
  await press(desk.page, 'email-code', 'verify');
  assert.match(await isIn(desk.page, demo.photos), /Ada Lovelace/);
  await desk.close();
  await phone.close();
});

test('after a password a passkey is offered, and it signs in the next time', async () => {
  const ada = await person('Ada Lovelace');
  const { page, close } = await watched(browser, [demo.issuer, demo.photos]);
  const device = await authenticator(page);
  await askAt(page, demo.photos);
  await page.locator('[name="can"][value="create-passkey"]').waitFor({ state: 'attached' });
  await signIn(page, ada);
  await press(page, 'new-passkey', 'passkey');
  await isIn(page, demo.photos);
  assert.equal((await device.credentials()).length, 1);
  await page.context().clearCookies();
  await askAt(page, demo.photos);
  // The browser offers it where the name is typed, and this authenticator answers by itself.
  await isIn(page, demo.photos);
  assert.match(await claim(page, 'acr'), /^phrh?$/);

  // A changed name changes in the password manager (PublicKeyCredential.signalCurrentUserDetails).
  await page.goto(`${demo.issuer}/account/profile`);
  await (await step(page, 'profile')).locator('[name="name"]').fill('Augusta King');
  await press(page, 'profile', 'save');
  await page.locator('[data-details]').waitFor();
  const named = async () => (await device.credentials())[0].userDisplayName;
  for (let tries = 0; tries < 50 && (await named()) !== 'Augusta King'; tries += 1) await page.waitForTimeout(100);
  assert.equal(await named(), 'Augusta King');
  await close();
});

test('where the browser can, the passkey is made without a question', async () => {
  const ada = await person('Ada Lovelace');
  const { page, close } = await watched(browser, [demo.issuer, demo.photos]);
  const device = await authenticator(page);
  // Chromium makes passkeys silently only with a password manager that has just filled in the password: the browser's part
  // is played here, and what the page asks of it is held against Web Authentication Level 3 §5.1.3.
  await page.context().addInitScript(() => {
    PublicKeyCredential.getClientCapabilities = async () => ({ conditionalCreate: true });
    const create = navigator.credentials.create.bind(navigator.credentials);
    navigator.credentials.create = ({ mediation, ...options }) => {
      if (mediation !== 'conditional') throw new Error('somebody would be asked');
      return create(options);
    };
  });
  await askAt(page, demo.photos);
  await page.locator('[name="can"][value="create-passkey"]').waitFor({ state: 'attached' });
  await signIn(page, ada);
  await isIn(page, demo.photos);
  assert.equal((await device.credentials()).length, 1);
  await close();
});
