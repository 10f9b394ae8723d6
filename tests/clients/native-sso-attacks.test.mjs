// A device secret in the wrong hands (OpenID Connect Native SSO 1.0), by plain HTTP through the release binary: in a group that asks
// for nothing more, in one that replaces secrets at each use, and in one that asks for the device's key, too. Nothing here waits: a
// secret from before the last one is old whatever the time.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { Browser, walk } from './browser.mjs';
import { Key, appsOf, callback, claims, hash, post } from './native-apps.mjs';
import { startProvider } from './provider.mjs';

const NONE = () => ({});
let provider, metadata, ada, apps;

before(async () => {
  provider = await startProvider();
  ada = await provider.addUser('ada@example.com', 'correct horse battery staple');
  metadata = await (await fetch(`${provider.issuer}/.well-known/openid-configuration`)).json();
  apps = appsOf(provider, metadata, ada);
  for (const group of ['plain', 'rotating', 'guarded']) {
    for (const app of ['notes', 'mail']) await apps.add(`${group}-${app}`, '--app-group', group, '--trusted');
  }
  await apps.add('game', '--app-group', 'others', '--trusted');
  await apps.add('lone', '--trusted');
  await provider.cli(['app-group', 'set', 'plain', '--rotation', 'off', '--device-proof', 'off']);
  await provider.cli(['app-group', 'set', 'rotating', '--rotation', 'on', '--device-proof', 'off']);
  await provider.cli(['app-group', 'set', 'others', '--rotation', 'off', '--device-proof', 'off']);
});

after(() => provider?.stop());

test('a secret without its ID token, and an ID token without its secret, open nothing', async () => {
  const { notes, join } = await phone('plain');
  const other = (await phone('plain')).notes;
  const game = await apps.signIn('game', 'openid device_sso');
  const lone = await apps.signIn('lone', 'openid');
  for (const [what, more] of [
    ['another sign-in’s ID token', { subject_token: other.id_token }],
    ['an ID token without ds_hash', { subject_token: lone.id_token }],
    ['another developer’s ID token', { subject_token: game.id_token }],
    ['an access token', { subject_token: notes.access_token }],
    ['an ID token of one’s own making', { subject_token: unsigned(notes.id_token) }],
    ['no ID token', { subject_token: '' }],
    ['another container’s secret', { actor_token: other.device_secret }],
    ['another developer’s secret', { actor_token: game.device_secret }],
    ['a refresh token', { actor_token: notes.refresh_token }],
    ['the hash of the secret', { actor_token: claims(notes.id_token).ds_hash }],
    ['a secret in other letters', { actor_token: notes.device_secret.toUpperCase() }],
    ['no secret', { actor_token: '' }],
  ]) {
    const refused = await join('mail', notes, more);
    assert.ok(refused.status === 400 && ['invalid_grant', 'invalid_request'].includes(refused.error), `${what}: ${JSON.stringify(refused)}`);
    assert.equal(refused.access_token ?? refused.device_secret, undefined, what);
  }
  // Both, by an app of another developer, by one of none, and by one that nobody has registered.
  for (const [name, error] of [['game', 'invalid_grant'], ['lone', 'unauthorized_client'], ['nobody', 'invalid_client']]) {
    assert.equal((await apps.join(name, notes)).error, error, name);
  }
  assert.equal((await join('mail', notes)).status, 200, 'it has cost the person nothing');
});

test('a bearer secret that was stolen with its ID token is what the specification says', async () => {
  const { notes, join } = await phone('plain');
  // The thief comes in, as any of the developer's apps; the person ends all of it in one place.
  const thief = await join('mail', notes);
  assert.equal(thief.status, 200);
  assert.equal(await opens(thief), true);
  await revoke('plain-notes', notes.device_secret);
  assert.deepEqual([await opens(thief), await opens(notes)], [false, false]);
  assert.equal((await join('mail', notes)).error, 'invalid_grant');
});

test('where secrets are replaced, two who have had the same one end the container', async () => {
  const { notes, join } = await phone('rotating');
  const thief = await join('mail', notes);
  assert.notEqual(thief.device_secret, notes.device_secret);
  assert.equal(claims(thief.id_token).ds_hash, hash(thief.device_secret));
  const further = await join('mail', thief);
  assert.equal(await opens(further), true);
  // Now the person's own app comes with what it has.
  const own = await join('notes', notes);
  assert.deepEqual([own.status, own.error, own.device_secret], [400, 'invalid_grant', undefined], JSON.stringify(own));
  for (const tokens of [notes, thief, further]) assert.equal(await opens(tokens), false);
  assert.equal((await join('mail', further)).error, 'invalid_grant', 'the newest secret is over, too');
  assert.equal((await refresh('rotating-mail', further)).error, 'invalid_grant');
  // And the other way round: the thief is the slower one.
  const second = await phone('rotating');
  const mail = await second.join('mail', second.notes);
  const last = await second.join('notes', mail);
  assert.equal((await second.join('mail', second.notes)).error, 'invalid_grant');
  assert.deepEqual([await opens(last), await opens(mail)], [false, false]);
});

test('apps that come at once with one secret have the same that follows', async () => {
  const { notes, join } = await phone('rotating');
  const both = await Promise.all(['mail', 'notes', 'mail', 'notes'].map((app) => join(app, notes)));
  assert.deepEqual(both.map(({ status }) => status), [200, 200, 200, 200], JSON.stringify(both));
  assert.equal(new Set(both.map(({ device_secret }) => device_secret)).size, 1);
  assert.equal((await join('mail', both[0])).status, 200);
  assert.deepEqual(await Promise.all(both.map(opens)), [true, true, true, true]);
});

test('with the device’s key a stolen secret opens nothing, and its use ends nothing', async () => {
  const { notes, join } = await phone('guarded', new Key());
  const [mail, thief] = [await join('mail', notes), new Key()];
  const last = await join('notes', mail);
  assert.equal(last.status, 200, JSON.stringify(last));
  // The newest, the one before and the oldest; by nobody's key and by the thief's.
  for (const stolen of [last, mail, notes]) {
    const proofs = [{ device_proof: '' }, { device_proof: undefined }, { device_proof: thief.device(metadata.issuer, 'guarded-mail', stolen.device_secret) }];
    for (const proof of proofs) {
      const refused = await join('mail', stolen, proof);
      assert.deepEqual([refused.status, refused.error, refused.access_token], [400, 'invalid_grant', undefined], JSON.stringify(refused));
    }
  }
  for (const tokens of [notes, mail, last]) assert.equal(await opens(tokens), true);
  const next = await join('mail', last);
  assert.equal(next.status, 200, 'the container goes on');
  // A copy of the device itself, key and all, is one of two: the container ends.
  assert.equal((await join('mail', notes)).error, 'invalid_grant');
  for (const tokens of [notes, mail, last, next]) assert.equal(await opens(tokens), false);
});

test('a request that was read on the way ends nothing when it is sent again', async () => {
  const key = new Key();
  const { notes, join } = await phone('guarded', key);
  const read = { device_proof: key.device(metadata.issuer, 'guarded-mail', notes.device_secret) };
  const mail = await join('mail', notes, read);
  const last = await join('notes', mail);
  const again = await join('mail', notes, read);
  assert.deepEqual([again.status, again.error, again.access_token], [400, 'invalid_grant', undefined]);
  for (const tokens of [notes, mail, last]) assert.equal(await opens(tokens), true);
});

test('signing out ends one app or all of the container, and nobody else can', async () => {
  const { notes, join } = await phone('plain');
  const mail = await join('mail', notes);
  // Another developer's app that has read the secret, and one that nobody knows.
  for (const name of ['game', 'lone', 'nobody']) {
    const refused = await revoke(name, notes.device_secret);
    assert.ok(refused.status >= 400, `${name}: ${refused.status}`);
  }
  await revoke('plain-notes', `${notes.device_secret}x`);
  assert.deepEqual([await opens(notes), await opens(mail)], [true, true]);
  // One app: the others go on, and let it in again.
  assert.equal((await revoke('plain-mail', mail.refresh_token)).status, 200);
  assert.deepEqual([await opens(notes), await opens(mail)], [true, false]);
  assert.equal((await refresh('plain-mail', mail)).error, 'invalid_grant');
  const back = await join('mail', notes);
  assert.deepEqual([back.status, await opens(back)], [200, true]);
  // All.
  assert.equal((await revoke('plain-mail', back.device_secret)).status, 200);
  for (const tokens of [notes, back]) assert.equal(await opens(tokens), false);
  assert.equal((await join('mail', notes)).error, 'invalid_grant');
});

test('where the session ends in the browser, its container does, and no other session’s', async () => {
  const [one, two] = [await phone('plain'), await phone('plain')];
  const mail = await one.join('mail', one.notes);
  const page = await one.browser.open(`${metadata.end_session_endpoint}?${new URLSearchParams({ id_token_hint: one.notes.id_token, client_id: 'plain-notes' })}`);
  if (page.step === 'signout') await one.browser.submit(page, 'signout');
  for (const tokens of [one.notes, mail]) assert.equal(await opens(tokens), false);
  assert.equal((await one.join('mail', one.notes)).error, 'invalid_grant', 'ID token and secret are as good as before');
  assert.equal((await two.join('mail', two.notes)).status, 200);
  // The operator ends all sessions of a person.
  await provider.cli(['session', 'revoke', '--user', ada.username]);
  assert.equal((await two.join('mail', two.notes)).error, 'invalid_grant');
  assert.equal(await opens(two.notes), false);
});

/** A phone on which the first app of a group is signed in; `join` has another of its apps come. */
async function phone(group, key) {
  const prove = (app, beside) => (key ? { device_proof: key.device(metadata.issuer, app, beside) } : NONE());
  const name = `${group}-notes`;
  const verifier = 'dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk';
  const asked = { client_id: name, redirect_uri: callback(name), response_type: 'code', scope: 'openid profile device_sso' };
  const request = new URLSearchParams({ ...asked, code_challenge: hash(verifier), code_challenge_method: 'S256' });
  const browser = new Browser(provider.issuer);
  const { params } = await walk(browser, `${metadata.authorization_endpoint}?${request}`, ada);
  const code = params.get('code');
  const fields = { grant_type: 'authorization_code', code, redirect_uri: callback(name), code_verifier: verifier, client_id: name };
  const notes = await post(metadata.token_endpoint, { ...fields, ...prove(name, code) });
  assert.ok(notes.device_secret, JSON.stringify(notes));
  const join = (app, first, more = {}) => {
    const fields = { ...prove(`${group}-${app}`, first.device_secret), ...more };
    const said = Object.entries(fields).filter(([, value]) => value !== undefined);
    return apps.join(`${group}-${app}`, first, Object.fromEntries(said));
  };
  return { notes, browser, join };
}

/** Whether a token still tells who it is about. */
async function opens({ access_token }) {
  const { status } = await apps.userinfo(access_token);
  assert.ok([200, 401].includes(status), String(status));
  return status === 200;
}

function revoke(client_id, token) {
  return fetch(metadata.revocation_endpoint, { method: 'POST', body: new URLSearchParams({ client_id, token }) });
}

function refresh(client_id, { refresh_token }) {
  return post(metadata.token_endpoint, { grant_type: 'refresh_token', client_id, refresh_token });
}

/** The same claims without a signature (RFC 7519 §6). */
function unsigned(token) {
  const [, body] = token.split('.');
  return `${Buffer.from('{"alg":"none","typ":"JWT"}').toString('base64url')}.${body}.`;
}
