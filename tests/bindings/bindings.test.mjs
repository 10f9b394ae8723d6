// The generated code of vestibule-native, run: an app in each language for which a compiler is at hand, in a process of its
// own, with stores, keys and browser of that language (`cargo xtask test --only desktop`).
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { Browser } from '../clients/browser.mjs';
import { startProvider } from '../clients/provider.mjs';
import { APPS, claims, maker, part, phone, stopApps } from './apps.mjs';

const BACK = 'https://fintech.example/cb';
const INBOX = 'https://inbox.example';
const MAKER = mkdtempSync(join(tmpdir(), 'vestibule-maker-'));

let provider, ada;
before(async () => {
  const [program, ...args] = maker(MAKER, 'root');
  execFileSync(program, args);
  const roots = ['android', 'apple'].map((system) => `${system}_roots = "${join(MAKER, 'root.pem')}"\n`).join('');
  provider = await startProvider({ config: `[device_keys]\nattestation = "required"\n${roots}` });
  const user = await provider.addUser('ada@example.com', 'correct horse battery staple');
  ada = phone({ provider, user, browser: new Browser(provider.issuer), folder: MAKER });
  const native = ['--type', 'native', '--scope', 'openid profile email'];
  const apps = [{ package_name: 'com.bank.app', sha256_cert_fingerprints: [Array(32).fill('07').join(':')] }];
  const links = { vestibule_handoff_uri: 'https://bank.example/handoff' };
  const host = JSON.stringify({ vestibule_app2app_host: true, vestibule_android_apps: apps, ...links });
  await provider.addClient('Bank', ...native, '--client-id', 'bank', '--redirect-uri', 'http://127.0.0.1/callback', '--trusted', '--metadata', host);
  await provider.addClient('Fintech', ...native, '--client-id', 'fintech', '--redirect-uri', BACK);
  const opened = JSON.stringify({ initiate_login_uri: `${INBOX}/login`, vestibule_handoff_from: ['bank'] });
  await provider.addClient('Inbox', '--type', 'web', '--client-id', 'inbox', '--redirect-uri', `${INBOX}/cb`, '--trusted', '--metadata', opened);
});
after(async () => {
  await stopApps();
  await provider?.stop();
  rmSync(MAKER, { recursive: true, force: true });
});

/** What the web client does where its sign-in begins: an ordinary request, which must need no page. */
async function inboxIsOpen(browser) {
  const asked = { client_id: 'inbox', redirect_uri: `${INBOX}/cb`, response_type: 'code', scope: 'openid', prompt: 'none', state: 's' };
  const challenge = { code_challenge: 'E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM', code_challenge_method: 'S256' };
  const { params } = await browser.open(`${provider.issuer}/oauth2/authorize?${new URLSearchParams({ ...asked, ...challenge })}`);
  return params.has('code');
}

for (const [language, command] of Object.entries(APPS)) {
  test(`${language}: signs in through the browser, with a key of its own store`, async () => {
    const app = ada.start(command, { client_id: 'bank', scope: 'openid' });
    assert.deepEqual(await app.ask('status'), { signed_in: false, subject: null });
    assert.deepEqual(await app.ask('credentials'), { error: 'SignedOut' });
    const signedIn = await app.ask('sign-in');
    assert.equal(signedIn.signed_in, true, JSON.stringify(signedIn));
    const { authorization, dpop } = await app.ask('credentials');
    assert.equal(claims(authorization).sub, signedIn.subject);
    assert.equal(part(dpop, 0).jwk.crv, 'P-256');
    const answer = await fetch(`${provider.issuer}/oauth2/userinfo`, { headers: { authorization, dpop } });
    assert.equal(answer.status, 401, 'the proof is for another address');
    assert.deepEqual(await app.ask('sign-out'), { signed_in: false, subject: null });
    await app.stop();
  });

  test(`${language}: one app asks and another answers with its device's key, for which the phone's maker vouches`, async () => {
    const bank = ada.start(command, { client_id: 'bank', scope: 'openid' });
    const fintech = ada.start(command, { client_id: 'fintech', scope: 'openid profile email' });
    const signedIn = await bank.ask('sign-in');
    assert.deepEqual(await bank.ask('register'), signedIn);
    const asks = async () => {
      const { address } = await fintech.ask('begin', { through: 'bank', redirect_uri: BACK });
      return bank.ask('asked', { link: address });
    };
    const asked = await asks();
    assert.equal(asked.client, 'Fintech');
    assert.ok(asked.scopes.includes('see your name and profile'), JSON.stringify(asked));
    const { redirect_to } = await bank.ask('answer', { allow: true });
    assert.deepEqual(await fintech.ask('finish', { redirected: `${BACK}?code=stolen&state=guessed` }), { error: 'Answer' });
    assert.deepEqual(await fintech.ask('finish', { redirected: redirect_to }), signedIn);
    const all = claims((await fintech.ask('credentials')).authorization);
    assert.deepEqual(all.amr, ['pwd', 'hwk', 'user'], 'unlocked for this, as the maker says');
    assert.deepEqual(all.scope.split(' ').sort(), ['email', 'openid', 'profile']);
    assert.deepEqual(await bank.ask('answer', { allow: true }), { error: 'Refused', code: 'invalid_request_uri' });
    await fintech.ask('sign-out');

    // Less than was asked, and nothing.
    await asks();
    const some = await bank.ask('answer', { allow: true, only: 'email' });
    assert.deepEqual(await fintech.ask('finish', { redirected: some.redirect_to }), signedIn);
    assert.deepEqual(claims((await fintech.ask('credentials')).authorization).scope.split(' ').sort(), ['email', 'openid']);
    await fintech.ask('sign-out');
    await asks();
    const none = await bank.ask('answer', { allow: false });
    assert.deepEqual(await fintech.ask('finish', { redirected: none.redirect_to }), { error: 'Refused', code: 'access_denied' });
    assert.equal((await fintech.ask('status')).signed_in, false);
    await Promise.all([bank.stop(), fintech.stop()]);
  });

  test(`${language}: opens a web client signed in, by a number and by its device's key`, async () => {
    const bank = ada.start(command, { client_id: 'bank', scope: 'openid' });
    const target = `${INBOX}/mail?id=7`;
    assert.deepEqual(await bank.ask('hand-off', { client: 'inbox', by_key: false }), { error: 'SignedOut' });
    await bank.ask('sign-in');
    const typed = await bank.ask('hand-off', { client: 'inbox', target, by_key: false });
    assert.match(typed.number, /^\d\d$/);
    assert.equal(typed.expires_in, 60);
    const browser = new Browser(provider.issuer);
    const page = await browser.open(typed.url);
    const { left } = await browser.submit(page, 'continue', { number: typed.number });
    assert.equal(left.origin + left.pathname, `${INBOX}/login`);
    assert.equal(left.searchParams.get('target_link_uri'), target);
    assert.ok(await inboxIsOpen(browser));
    const foreign = await bank.ask('hand-off', { client: 'fintech', by_key: false });
    assert.equal(foreign.error, 'Refused', 'not every client is opened from here');

    // The page asks the app at the link that it claims; the key answers, for this browser.
    assert.equal((await bank.ask('hand-off', { client: 'inbox', by_key: true })).error, 'Platform', 'no key is registered');
    await bank.ask('register');
    const byKey = await bank.ask('hand-off', { client: 'inbox', by_key: true });
    assert.equal(byKey.number, null);
    const other = new Browser(provider.issuer);
    const { left: question } = await other.submit(await other.open(byKey.url), 'ask');
    assert.equal(question.origin + question.pathname, 'https://bank.example/handoff');
    const another = new URL(question);
    another.searchParams.set('iss', 'https://evil.example');
    assert.deepEqual(await bank.ask('answer-hand-off', { link: another.href }), { error: 'Answer' });
    const { address } = await bank.ask('answer-hand-off', { link: question.href });
    const gone = await other.submit(await other.open(address), 'continue');
    assert.equal(gone.left?.origin, INBOX, gone.html);
    assert.ok(await inboxIsOpen(other));
    assert.deepEqual(await bank.ask('answer-hand-off', { link: question.href }), { error: 'Answer' }, 'once');
    await bank.stop();
  });
}
