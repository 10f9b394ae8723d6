// The hint while a password is typed: what it says of which password; and in Chromium, that it says so and sends nothing.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { unfolded, verdict } from '../../crates/web/assets/strength.js';
import { startChromium, startDemo } from './demo.mjs';
import { watched } from './watch.mjs';

let demo, browser;

before(async () => {
  demo = await startDemo();
  browser = await startChromium();
});

after(async () => {
  await browser?.close();
  await demo?.stop();
});

async function address(attribute) {
  const page = await (await fetch(`${demo.issuer}/signup`)).text();
  return new URL(page.match(new RegExp(`${attribute}="([^"]+)"`))[1], demo.issuer);
}

test('what is easy to guess is called so', async () => {
  const module = await (await fetch(await address('data-words'))).text();
  const words = unfolded(module.match(/^export default "(.*)";\n$/)[1]);
  assert.ok(words.size > 15_000 && words.has('password') && words.has('zxcvbn'), `${words.size} words`);
  const known = { words, own: new Set(['ada', 'lovelace', 'ada@example.com']) };
  for (const [password, level, say] of [
    ['p', 1, 'short'],
    ['gx7!Kw02', 2, 'short'],
    ['passwordpassword', 1, 'rote'],
    ['aaaaaaaaaaaaaaaaaa', 1, 'rote'],
    ['abcabcabcabcabcabc', 1, 'rote'],
    ['12345678901234567890', 1, 'rote'],
    ['qwertyuiopasdfghjkl', 1, 'rote'],
    ['monkeydragon2026', 2, 'word'],
    ['AdaLovelace1815!!', 2, 'own'],
    ['monkeydragonsoccer', 3, 'fair'],
    ['correct horse battery staple', 4, 'hard'],
    ['gx7!Kw02pQ9z.L4s', 4, 'hard'],
    ['ich mag lange Sätze', 4, 'hard'],
    ['خزانة الكتب الزرقاء', 4, 'hard'],
  ]) {
    assert.deepEqual(verdict(password, 15, known), { level, say }, password);
  }
});

test('no password keeps the browser busy', () => {
  const known = { words: new Set(['abcdefgh', 'correct', 'horse']), own: new Set() };
  for (const password of ['a'.repeat(256), 'abcdefgh'.repeat(32), 'ab1'.repeat(80), 'correct horse '.repeat(18)]) {
    const begun = performance.now();
    verdict(password, 15, known);
    assert.ok(performance.now() - begun < 2000, `${password.slice(0, 16)}… took ${performance.now() - begun} ms`);
  }
});

test('the page says it while one types, and sends nothing', async () => {
  const { page, close } = await watched(browser, [demo.issuer], {});
  const sent = [];
  await page.goto(`${demo.issuer}/signup`);
  page.on('request', (request) => sent.push(new URL(request.url()).pathname));
  await page.locator('[name="name"]').fill('Ada Lovelace');
  const [field, hint] = [page.locator('[name="password"]'), page.locator('.strength')];
  assert.equal(await hint.isVisible(), false);
  await field.focus();
  await page.waitForFunction(() => performance.getEntriesByType('resource').some(({ name }) => name.includes('/words.')));
  for (const [password, says, level] of [
    ['gx7!', 'Keep going: a little longer yet.', 1],
    ['ada lovelace 1815', 'Your own name or address is easy to guess.', 1],
    ['correct horse battery staple', 'Hard to guess.', 4],
  ]) {
    await field.fill(password);
    await hint.getByText(says, { exact: true }).waitFor();
    assert.equal(await hint.locator('meter').evaluate((meter) => meter.value), level, password);
  }
  await field.fill('');
  assert.equal(await hint.isVisible(), false);
  const beyond = sent.filter((path) => !/^\/assets\/(words\.[0-9a-f]+\.js|favicon\.[0-9a-f]+\.svg)$/.test(path));
  assert.deepEqual(beyond, [], 'the words and no more');
  await close();
});

test('without scripts nothing is missing', async () => {
  const { page, close } = await watched(browser, [demo.issuer], { javaScriptEnabled: false });
  await page.goto(`${demo.issuer}/signup`);
  await page.locator('[name="password"]').fill('gx7!');
  assert.equal(await page.locator('.strength').isVisible(), false);
  assert.equal(await page.locator('#password-hint').isVisible(), true);
  // What needs a script is not shown either.
  await page.goto(`${demo.issuer}/signin`);
  assert.equal(await page.locator('form[data-passkey]').count(), 1);
  assert.equal(await page.locator('form[data-passkey]').isVisible(), false);
  await close();
});
