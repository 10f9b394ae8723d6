// Notes and Mail (crates/native/keyring/examples), each in a process of its own, over a real Secret Service: this runs under
// dbus-run-session with an unlocked gnome-keyring, as `cargo xtask test --only desktop` starts it.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { after, before, test } from 'node:test';
import { Browser, walk } from '../clients/browser.mjs';
import { startProvider } from '../clients/provider.mjs';

let provider, user, browser;
let opened = 0;
before(async () => {
  provider = await startProvider({ config: '[tokens]\naccess_token_lifetime = "32s"\n' });
  user = await provider.addUser('ada@example.com', 'correct horse battery staple');
  browser = new Browser(provider.issuer);
  for (const id of ['notes', 'mail']) await provider.addClient(id, ...REGISTRATION, '--client-id', id);
});
after(() => provider?.stop());

const REGISTRATION = ['--type', 'native', '--redirect-uri', 'http://127.0.0.1/callback', '--trusted', '--scope', 'openid profile', '--app-group', 'acme'];

/** An app in a process of its own; `ask` says a word and gives the answer. The person follows where it opens the browser. */
function start(name) {
  const program = join(process.env.VESTIBULE_DESKTOP, name);
  const child = spawn(program, [], { stdio: ['pipe', 'pipe', 'inherit'] });
  const waiting = [];
  createInterface({ input: child.stdout }).on('line', async (line) => {
    const said = JSON.parse(line);
    if (!said.open) return waiting.shift()?.(said);
    opened += 1;
    const back = (await walk(browser, said.open, user)).left;
    const answer = await fetch(back);
    assert.equal(answer.status, 200);
  });
  child.stdin.write(`${JSON.stringify({ issuer: provider.issuer, print: true })}\n`);
  const ask = (word) => new Promise((done) => {
    waiting.push(done);
    child.stdin.write(`${word}\n`);
  });
  const stop = () => new Promise((done) => {
    child.on('close', done);
    child.stdin.end();
  });
  return { ask, stop };
}

test('Notes signs in through the browser, and is still signed in when it is started anew', async () => {
  const first = start('notes');
  assert.deepEqual(await first.ask('status'), { signed_in: false, subject: null });
  assert.deepEqual(await first.ask('credentials'), { error: 'nobody is signed in' });
  const signedIn = await first.ask('sign-in');
  assert.equal(signedIn.signed_in, true, JSON.stringify(signedIn));
  const { authorization, dpop } = await first.ask('credentials');
  assert.match(authorization, /^DPoP ey/);
  await first.stop();

  const second = start('notes');
  assert.deepEqual(await second.ask('status'), signedIn);
  const again = await second.ask('credentials');
  assert.equal(again.authorization, authorization, 'the same token, from the Secret Service');
  const key = (proof) => JSON.stringify(JSON.parse(Buffer.from(proof.split('.')[0], 'base64url')).jwk);
  assert.equal(key(again.dpop), key(dpop), 'and the same key');
  const other = start('mail');
  assert.equal((await other.ask('status')).signed_in, false, "an app's own secrets are its own");
  await other.stop();
  assert.deepEqual(await second.ask('sign-out'), { signed_in: false, subject: null });
  await second.stop();
  const third = start('notes');
  assert.equal((await third.ask('status')).signed_in, false);
  await third.stop();
});

test('who is signed in to Notes is simply signed in to Mail, and signing out ends both', async () => {
  const [notes, mail] = [start('notes'), start('mail')];
  const signedIn = await notes.ask('sign-in');
  assert.equal(signedIn.signed_in, true, JSON.stringify(signedIn));
  const before = opened;
  const joined = await mail.ask('join');
  assert.deepEqual(joined, { joined: true, subject: signedIn.subject });
  assert.equal(opened, before, 'without a browser');
  const [one, two] = [(await notes.ask('credentials')).authorization, (await mail.ask('credentials')).authorization];
  const claims = (authorization) => JSON.parse(Buffer.from(authorization.split('.')[1], 'base64url'));
  assert.deepEqual([claims(one).client_id, claims(two).client_id], ['notes', 'mail']);
  assert.equal(claims(one).sid, claims(two).sid, 'one session');
  assert.deepEqual(await mail.ask('sign-out-all'), { signed_in: false, subject: null });
  assert.deepEqual(await notes.ask('join'), { joined: false, subject: signedIn.subject }, 'the container is empty');
  // Its access token lives for two seconds more at most; then it finds out.
  await new Promise((done) => setTimeout(done, 2500));
  assert.deepEqual(await notes.ask('credentials'), { error: 'nobody is signed in' });
  await Promise.all([notes.stop(), mail.stop()]);
});
