// The pages of people in the order of one walk through the demo; each scene begins where the one before it ended.
import { press, signIn, step } from './demo.mjs';

/** The pages below the account. */
const ROOMS = ['profile', 'picture', 'data', 'delete', 'email', 'phone', 'password', 'passkeys', 'codes', 'sessions', 'apps'];

export const SCENES = {
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
  async 'email-code'(page, { demo, ada }) {
    await page.goto(demo.photos);
    await page.locator('[data-action="login"]').click();
    await (await step(page, 'signin')).locator('[name="username"]').fill(ada.username);
    await press(page, 'signin', 'email-code');
    await step(page, 'email-code');
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
  async 'locked-shut'(page) {
    await page.locator('[data-action="locked"]').click();
    await page.locator('[data-not-enough]').waitFor();
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
  ...Object.fromEntries(ROOMS.map((name) => [`account-${name}`, (page, { demo }) => page.goto(`${demo.issuer}/account/${name}`)])),
  async error(page, { third }) {
    await page.goto(third.url({ redirect_uri: `${third.origin}/elsewhere` }));
    await page.locator('[data-error]').waitFor();
  },
  async signout(page, { demo }) {
    await page.goto(`${demo.issuer}/oauth2/logout`);
    await step(page, 'signout');
  },
  async 'signed-out'(page) {
    await press(page, 'signout', 'signout');
    await step(page, 'signed-out');
  },
};
