// The container of one developer's apps as Android has it: no app can share a key there, so that one of them owns store and key
// and answers the others, which have a callback and nothing else. In an app group with all that it is asked for where nobody
// said otherwise: rotation, and a device proof at each use.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { Browser, walk } from '../clients/browser.mjs';
import { startProvider } from '../clients/provider.mjs';
import { APPS, claims, phone, stopApps } from './apps.mjs';

const SCOPE = 'openid profile device_sso';
const API = 'https://api.example.com/mail';
const FORUM = 'https://forum.example/cb';
const NOBODY = { joined: 'NOBODY', address: null };
const SIGNED_IN = { joined: 'SIGNED_IN', address: null };

let provider;
before(async () => {
  provider = await startProvider();
  const native = ['--type', 'native', '--scope', 'openid profile', '--redirect-uri', 'http://127.0.0.1/callback'];
  for (const id of ['notes', 'mail']) await provider.addClient(id, ...native, '--client-id', id, '--trusted', '--app-group', 'acme');
  await provider.addClient('game', ...native, '--client-id', 'game', '--trusted', '--app-group', 'other');
  await provider.addClient('Forum', ...native, '--client-id', 'forum', '--redirect-uri', FORUM, '--app-group', 'acme');
});
after(async () => {
  await stopApps();
  await provider?.stop();
});

/** A phone with its person, on which Notes owns the container; `sibling` starts an app that asks Notes. */
async function withNotes(command, name) {
  const user = await provider.addUser(`${name}@example.com`, 'correct horse battery staple');
  const browser = new Browser(provider.issuer);
  const { start } = phone({ provider, user, browser, folder: '' });
  const notes = start(command, { client_id: 'notes', scope: SCOPE, container: 'own' });
  const { port } = await notes.ask('own');
  const sibling = (client_id, more = {}) => start(command, { client_id, scope: 'openid profile', container: port, ...more });
  /** What the siblings have asked of Notes since the last time. */
  const asked = async () => (await notes.ask('own')).asked;
  return { notes, sibling, asked, user, browser };
}

async function userinfo(app) {
  const url = `${provider.issuer}/oauth2/userinfo`;
  const { authorization, dpop } = await app.ask('credentials', { url });
  return (await fetch(url, { headers: { authorization, dpop } })).status;
}

for (const [language, command] of Object.entries(APPS)) {
  test(`${language}: the app that owns the container signs for an app that has only the callback`, async () => {
    const { notes, sibling, asked } = await withNotes(command, `${language}-join`);
    const mail = sibling('mail', { resource: API });
    assert.deepEqual(await mail.ask('join'), NOBODY, 'nobody is signed in');
    const signedIn = await notes.ask('sign-in');
    assert.equal(signedIn.signed_in, true, JSON.stringify(signedIn));
    await asked();
    assert.deepEqual(await mail.ask('join'), SIGNED_IN);
    assert.deepEqual(await asked(), ['get', 'public', 'sign', 'get', 'put'], 'a signature of its key, and the next secret');
    assert.deepEqual(await mail.ask('status'), signedIn);
    assert.equal(mail.opened, 0, 'without a browser');
    const [first, second] = await Promise.all([notes, mail].map(async (app) => claims((await app.ask('credentials')).authorization)));
    assert.deepEqual([first.client_id, second.client_id], ['notes', 'mail']);
    assert.equal(first.sid, second.sid, 'one session');
    assert.ok([second.aud].flat().includes(API), JSON.stringify(second.aud));
    // What the sibling left, the owner uses; another developer's app gets nothing of it.
    assert.deepEqual(await notes.ask('join'), SIGNED_IN);
    const game = sibling('game');
    assert.deepEqual(await game.ask('join'), NOBODY);
    assert.deepEqual([await userinfo(notes), await userinfo(mail)], [200, 200]);
    await asked();
    assert.deepEqual(await mail.ask('sign-out', { every: true }), { signed_in: false, subject: null });
    assert.deepEqual(await asked(), ['get', 'remove']);
    assert.equal(await userinfo(notes), 401, 'signing out there ends it here');
    assert.deepEqual(await notes.ask('join'), NOBODY);
    await Promise.all([notes, mail, game].map((app) => app.stop()));
  });

  test(`${language}: what lies in the container opens nothing without the key of the app that owns it`, async () => {
    const { notes, sibling } = await withNotes(command, `${language}-thief`);
    await notes.ask('sign-in');
    const thief = sibling('mail', { own_key: true });
    assert.deepEqual(await thief.ask('join'), NOBODY);
    assert.equal((await thief.ask('status')).signed_in, false);
    const mail = sibling('mail');
    assert.deepEqual(await mail.ask('join'), SIGNED_IN, 'and it changes nothing for the others');
    await Promise.all([notes, thief, mail].map((app) => app.stop()));
  });

  test(`${language}: an owning app that refuses, or is not there, is told of and ends nothing`, async () => {
    const { notes, sibling } = await withNotes(command, `${language}-refuses`);
    const signedIn = await notes.ask('sign-in');
    const mail = sibling('mail');
    await notes.ask('own', { refuse: true });
    const refused = await mail.ask('join');
    assert.equal(refused.error, 'Platform');
    assert.match(refused.reason, /the owning app refuses/);
    assert.deepEqual(await mail.ask('status'), { signed_in: false, subject: null });
    await notes.ask('own', { refuse: false });
    assert.deepEqual(await mail.ask('join'), SIGNED_IN);
    await notes.stop();
    const gone = await mail.ask('join');
    assert.equal(gone.error, 'Platform');
    assert.match(gone.reason, /the owning app is not there/);
    assert.deepEqual(await mail.ask('status'), signedIn);
    assert.equal(await userinfo(mail), 200, 'what it has is its own');
    await mail.stop();
  });

  test(`${language}: where the person must be asked, an app that joins goes on in the browser`, async () => {
    const { notes, sibling, user, browser } = await withNotes(command, `${language}-asked`);
    const signedIn = await notes.ask('sign-in');
    const forum = sibling('forum', { resource: API });
    assert.deepEqual(await forum.ask('join'), { joined: 'MUST_ASK', address: null });
    const { joined, address } = await forum.ask('join', { redirect_uri: FORUM });
    assert.equal(joined, 'MUST_ASK');
    assert.equal((await forum.ask('status')).signed_in, false);
    const steps = [];
    const back = (await walk(browser, address, user, steps)).left;
    assert.deepEqual(steps, ['consent'], 'signed in they are already');
    assert.deepEqual(await forum.ask('finish', { redirected: `${FORUM}?code=stolen&state=guessed` }), { error: 'Answer' });
    assert.deepEqual(await forum.ask('finish', { redirected: back.href }), signedIn);
    const token = claims((await forum.ask('credentials')).authorization);
    assert.ok([token.aud].flat().includes(API), JSON.stringify(token.aud));
    assert.deepEqual(await forum.ask('join'), SIGNED_IN, 'and from then on without a browser');
    await Promise.all([notes, forum].map((app) => app.stop()));
  });
}
