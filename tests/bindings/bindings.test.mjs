// The generated code of vestibule-native, run: an app in each language for which a compiler is at hand, in a process of its
// own, with stores, keys and browser of that language (`cargo xtask test --only desktop`).
import assert from 'node:assert/strict';
import { execFileSync, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { after, before, test } from 'node:test';
import { Browser, walk } from '../clients/browser.mjs';
import { startProvider } from '../clients/provider.mjs';

/** The command that starts an app, for each language. */
const APPS = JSON.parse(process.env.VESTIBULE_BINDINGS);
const BACK = 'https://fintech.example/cb';

/** A maker of phones, in a folder of its own. */
const [PYTHON] = APPS.python;
const MAKER = mkdtempSync(join(tmpdir(), 'vestibule-maker-'));
const maker = (word) => [PYTHON, join(import.meta.dirname, 'maker.py'), word, MAKER];

let provider, user, browser;
before(async () => {
  const [program, ...args] = maker('root');
  execFileSync(program, args);
  const roots = ['android', 'apple'].map((system) => `${system}_roots = "${join(MAKER, 'root.pem')}"\n`).join('');
  provider = await startProvider({ config: `[device_keys]\nattestation = "required"\n${roots}` });
  user = await provider.addUser('ada@example.com', 'correct horse battery staple');
  browser = new Browser(provider.issuer);
  const native = ['--type', 'native', '--scope', 'openid profile'];
  const apps = [{ package_name: 'com.bank.app', sha256_cert_fingerprints: [Array(32).fill('07').join(':')] }];
  const host = JSON.stringify({ vestibule_app2app_host: true, vestibule_android_apps: apps });
  await provider.addClient('Bank', ...native, '--client-id', 'bank', '--redirect-uri', 'http://127.0.0.1/callback', '--trusted', '--metadata', host);
  await provider.addClient('Fintech', ...native, '--client-id', 'fintech', '--redirect-uri', BACK);
});
after(async () => {
  await provider?.stop();
  rmSync(MAKER, { recursive: true, force: true });
});

/** An app; `ask` says what to do and gives the answer. The person follows where it opens the browser. */
function start(command, clientId, scope) {
  const [program, ...args] = command;
  const env = { ...process.env, VESTIBULE_MAKER: JSON.stringify(maker('attest')) };
  const child = spawn(program, args, { stdio: ['pipe', 'pipe', 'inherit'], env });
  const waiting = [];
  createInterface({ input: child.stdout }).on('line', async (line) => {
    const said = JSON.parse(line);
    if (!said.open) return waiting.shift()?.(said);
    const answer = await fetch((await walk(browser, said.open, user)).left);
    assert.equal(answer.status, 200);
  });
  const write = (value) => child.stdin.write(`${JSON.stringify(value)}\n`);
  write({ issuer: provider.issuer, client_id: clientId, scope });
  const ask = (word, more = {}) => new Promise((done, failed) => {
    child.on('close', () => failed(new Error(`${program} ended`)));
    waiting.push(done);
    write({ do: word, ...more });
  });
  const stop = () => new Promise((done) => {
    child.removeAllListeners('close').on('close', done);
    child.stdin.end();
  });
  return { ask, stop };
}

const part = (token, at) => JSON.parse(Buffer.from(token.split('.')[at], 'base64url'));

for (const [language, command] of Object.entries(APPS)) {
  test(`${language}: signs in through the browser, with a key of its own store`, async () => {
    const app = start(command, 'bank', 'openid');
    assert.deepEqual(await app.ask('status'), { signed_in: false, subject: null });
    assert.deepEqual(await app.ask('credentials'), { error: 'SignedOut' });
    const signedIn = await app.ask('sign-in');
    assert.equal(signedIn.signed_in, true, JSON.stringify(signedIn));
    const { authorization, dpop } = await app.ask('credentials');
    const token = authorization.slice('DPoP '.length);
    assert.equal(part(token, 1).sub, signedIn.subject);
    assert.equal(part(dpop, 0).jwk.crv, 'P-256');
    const answer = await fetch(`${provider.issuer}/oauth2/userinfo`, { headers: { authorization, dpop } });
    assert.equal(answer.status, 401, 'the proof is for another address');
    assert.deepEqual(await app.ask('sign-out'), { signed_in: false, subject: null });
    await app.stop();
  });

  test(`${language}: one app asks and another answers with its device's key, for which the phone's maker vouches`, async () => {
    const [bank, fintech] = [start(command, 'bank', 'openid'), start(command, 'fintech', 'openid profile')];
    const signedIn = await bank.ask('sign-in');
    assert.deepEqual(await bank.ask('register'), signedIn);
    const { address } = await fintech.ask('begin', { through: 'bank', redirect_uri: BACK });
    const asked = await bank.ask('asked', { link: address });
    assert.equal(asked.client, 'Fintech');
    assert.ok(asked.scopes.includes('see your name and profile'), JSON.stringify(asked));
    const { redirect_to } = await bank.ask('answer', { allow: true });
    assert.deepEqual(await fintech.ask('finish', { redirected: `${BACK}?code=stolen&state=guessed` }), { error: 'Answer' });
    assert.deepEqual(await fintech.ask('finish', { redirected: redirect_to }), signedIn);
    const token = (await fintech.ask('credentials')).authorization.slice('DPoP '.length);
    assert.deepEqual(part(token, 1).amr, ['pwd', 'hwk', 'user'], 'unlocked for this, as the maker says');
    assert.deepEqual(await bank.ask('answer', { allow: true }), { error: 'Refused', code: 'invalid_request_uri' });
    await Promise.all([bank.stop(), fintech.stop()]);
  });
}
