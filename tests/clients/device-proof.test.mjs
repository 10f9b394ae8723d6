// Native SSO by the apps of a new group, which asks for a device proof and replaces the secret at each use: through the release
// binary, by a client that knows the specifications and the book alone.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { Key, appsOf, claims, hash } from './native-apps.mjs';
import { startProvider } from './provider.mjs';

let provider, metadata, apps;

before(async () => {
  provider = await startProvider();
  const ada = await provider.addUser('ada@example.com', 'correct horse battery staple');
  metadata = await (await fetch(`${provider.issuer}/.well-known/openid-configuration`)).json();
  apps = appsOf(provider, metadata, ada);
  for (const name of ['notes', 'mail']) await apps.add(name, '--app-group', 'acme', '--trusted');
});

after(() => provider?.stop());

/** The first app of a phone signs in and makes the container's key. */
async function phone() {
  const key = new Key();
  const prove = (client, beside, more) => ({ device_proof: key.device(metadata.issuer, client, beside, more) });
  const notes = await apps.signIn('notes', 'openid profile device_sso', (code) => prove('notes', code));
  assert.ok(notes.device_secret, JSON.stringify(notes));
  return { key, prove, notes };
}

test('a group that asks for a key gives no secret without one', async () => {
  const bare = await apps.signIn('notes', 'openid device_sso');
  assert.deepEqual([bare.status, bare.error, bare.device_secret], [400, 'invalid_request', undefined], JSON.stringify(bare));
});

test('the second app is signed in by the key of the container, and bound to its own', async () => {
  const { prove, notes } = await phone();
  assert.equal(claims(notes.id_token).ds_hash, hash(notes.device_secret));
  // The DPoP proof is by the second app's key, and the container's proof names that.
  const own = new Key();
  const beside = prove('mail', notes.device_secret, { jkt: own.thumbprint });
  const mail = await apps.join('mail', notes, beside, { dpop: own.dpop('POST', metadata.token_endpoint) });
  assert.deepEqual([mail.status, mail.token_type], [200, 'DPoP'], JSON.stringify(mail));
  const [one, two] = [notes, mail].map(({ id_token }) => claims(id_token));
  assert.deepEqual([two.sub, two.sid, two.aud], [one.sub, one.sid, 'mail']);
  assert.notEqual(mail.device_secret, notes.device_secret, 'each use gives another');
  assert.equal(two.ds_hash, hash(mail.device_secret), 'the new ID token is about the new secret');
  const proof = own.dpop('GET', metadata.userinfo_endpoint, { ath: hash(mail.access_token) });
  const told = await fetch(metadata.userinfo_endpoint, { headers: { authorization: `DPoP ${mail.access_token}`, dpop: proof } });
  assert.equal((await told.json()).sub, one.sub);
  assert.equal((await apps.userinfo(mail.access_token)).status, 401, 'it is no bearer token');
  // The first app goes on with what is new.
  const again = await apps.join('notes', mail, prove('notes', mail.device_secret));
  assert.equal(again.status, 200, JSON.stringify(again));
});

test('who has copied secret and ID token without the key gets nothing', async () => {
  const { key, prove, notes } = await phone();
  const secret = notes.device_secret;
  const [thief, own] = [new Key(), new Key()];
  const long = Math.floor(Date.now() / 1000) - 120;
  for (const [what, proof] of [
    ['none', {}],
    ['an empty one', { device_proof: '' }],
    ['by another key', { device_proof: thief.device(metadata.issuer, 'mail', secret) }],
    ['by another key in the name of the right one', { device_proof: forged(thief, key, secret) }],
    ['for another app', prove('notes', secret)],
    ['for another secret', prove('mail', 'vst_ds_another')],
    ['for another provider', prove('mail', secret, { aud: 'https://elsewhere.example' })],
    ['an old one', prove('mail', secret, { iat: long })],
    ['one of tomorrow', prove('mail', secret, { iat: long + 24 * 60 * 60 })],
    ['one without a name', prove('mail', secret, { jti: undefined })],
    ['one for a DPoP key that does not come', prove('mail', secret, { jkt: own.thumbprint })],
    ['a DPoP proof by the right key', { device_proof: key.dpop('POST', metadata.token_endpoint) }],
  ]) {
    const refused = await apps.join('mail', notes, proof);
    assert.deepEqual([refused.status, refused.error, refused.access_token], [400, 'invalid_grant', undefined], what);
  }
  // A proof that was made for the app's DPoP key is none for the thief's.
  const stolen = prove('mail', secret, { jkt: own.thumbprint });
  const bound = await apps.join('mail', notes, stolen, { dpop: thief.dpop('POST', metadata.token_endpoint) });
  assert.equal(bound.error, 'invalid_grant');
  // None of it has cost the person anything.
  assert.equal((await apps.join('mail', notes, prove('mail', secret))).status, 200);
});

test('a proof counts once, of many at the same moment too', async () => {
  const { prove, notes } = await phone();
  const proof = prove('mail', notes.device_secret);
  const answers = await Promise.all(Array.from({ length: 8 }, () => apps.join('mail', notes, proof)));
  const won = answers.filter(({ status }) => status === 200);
  assert.equal(won.length, 1, JSON.stringify(answers.map(({ status, error }) => [status, error])));
  assert.ok(answers.every(({ status, error }) => status === 200 || error === 'invalid_grant'));
  assert.equal((await apps.join('mail', notes, proof)).error, 'invalid_grant');
  // Two apps may come at once with the same secret, each with a proof of its own: both have the same that follows.
  const both = await Promise.all(['mail', 'notes'].map((name) => apps.join(name, won[0], prove(name, won[0].device_secret))));
  assert.deepEqual(both.map(({ status }) => status), [200, 200], JSON.stringify(both));
  assert.equal(both[0].device_secret, both[1].device_secret);
});

test('the code of the first app counts with a proof about it', async () => {
  const key = new Key();
  for (const beside of [() => 'another code', (code) => `${code}x`]) {
    const refused = await apps.signIn('notes', 'openid device_sso', (code) => ({ device_proof: key.device(metadata.issuer, 'notes', beside(code)) }));
    assert.deepEqual([refused.status, refused.error], [400, 'invalid_grant'], JSON.stringify(refused));
  }
});

test('the secret ends all apps of the group, and a key alone opens nothing', async () => {
  const { prove, notes } = await phone();
  const mail = await apps.join('mail', notes, prove('mail', notes.device_secret));
  const token = new URLSearchParams({ client_id: 'mail', token: mail.device_secret });
  const revoked = await fetch(metadata.revocation_endpoint, { method: 'POST', body: token });
  assert.equal(revoked.status, 200);
  assert.equal((await apps.join('notes', mail, prove('notes', mail.device_secret))).error, 'invalid_grant');
  for (const { access_token } of [notes, mail]) assert.equal((await apps.userinfo(access_token)).status, 401);
});

/** A proof whose header shows one key and which another has signed. */
function forged(signer, shown, secret) {
  const { jwk } = signer;
  signer.jwk = shown.jwk;
  const proof = signer.device(metadata.issuer, 'mail', secret);
  signer.jwk = jwk;
  return proof;
}
