// What those find who stand between two apps, by plain HTTP through the release binary: the bank's app of app2app.test.mjs, on
// several phones of two people.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { SignJWT, generateKeyPair } from 'jose';
import { phoneOf, pushed, redeem, registerBank } from './bank-app.mjs';
import { claims, post } from './native-apps.mjs';
import { startProvider } from './provider.mjs';

const CALLBACK = 'https://fintech.example/callback';
const ALL = 'openid profile';
let provider, metadata, bank, ada, grace, fintech, phone;

before(async () => {
  provider = await startProvider();
  metadata = await (await fetch(`${provider.issuer}/.well-known/openid-configuration`)).json();
  bank = await registerBank(provider);
  ada = await provider.addUser('ada@example.com', 'correct horse battery staple');
  grace = await provider.addUser('grace@example.com', 'correct horse battery staple');
  fintech = await provider.addClient('Fintech', '--type', 'web', '--redirect-uri', CALLBACK, '--scope', ALL);
  phone = await phoneOf(provider, bank, ada);
});

after(() => provider?.stop());

test('a proof is for one request, one decision, one key and one person, and none of what fails uses the request up', async () => {
  const [tablet, graces] = [await phoneOf(provider, bank, ada), await phoneOf(provider, bank, grace)];
  const [link, other] = [await ask(), await ask({ scope: 'openid', state: 'another' })];
  const [read, another, theirs] = [await phone.read(link), await phone.read(other), await graces.read(link)];
  assert.notEqual(read.challenge, theirs.challenge, 'each person has their own');
  assert.notEqual(read.request_hash, another.request_hash, 'the hash is of the whole request');
  assert.equal(read.request_hash, theirs.request_hash);
  const stranger = await generateKeyPair('ES256');
  const said = (more) => ({ aud: provider.issuer, iat: Math.floor(Date.now() / 1000), jti: 'j', challenge: read.challenge, request_hash: read.request_hash, decision: 'allow', ...more });
  const forged = (key, kid, alg = 'ES256') => new SignJWT(said()).setProtectedHeader({ alg, typ: 'vestibule-app2app+jwt', kid }).sign(key);
  const now = said().iat;
  const unsigned = [{ alg: 'none', typ: 'vestibule-app2app+jwt', kid: phone.kid }, said()].map((part) => Buffer.from(JSON.stringify(part)).toString('base64url'));
  const good = await phone.prove(read, 'deny');
  const [head, body, signature] = good.split('.');
  const turned = Buffer.from(JSON.stringify({ ...claims(good), decision: 'allow' })).toString('base64url');
  for (const [what, proof] of [
    ['another request’s', await phone.prove(another, 'allow')],
    ['another request’s hash', await phone.prove(read, 'allow', { request_hash: another.request_hash })],
    ['no hash', await phone.prove(read, 'allow', { request_hash: undefined })],
    ['another request’s challenge', await phone.prove(read, 'allow', { challenge: another.challenge })],
    ['another person’s challenge', await phone.prove(read, 'allow', { challenge: theirs.challenge })],
    ['no challenge', await phone.prove(read, 'allow', { challenge: undefined })],
    ['another decision', await phone.prove(read, 'perhaps')],
    ['no decision', await phone.prove(read, undefined)],
    ['a no that was made a yes', [head, turned, signature].join('.')],
    ['another server’s', await phone.prove(read, 'allow', { aud: 'https://elsewhere.example' })],
    ['an old one', await phone.prove(read, 'allow', { iat: now - 600 })],
    ['one of tomorrow', await phone.prove(read, 'allow', { iat: now + 86_400 })],
    ['one without a name', await phone.prove(read, 'allow', { jti: undefined })],
    ['one for another purpose', await phone.sign('vestibule-device-key+jwt', said())],
    ['one without a purpose', await phone.sign('JWT', said())],
    ['a key that nobody knows', await forged(stranger.privateKey, 'AA')],
    ['a key that nobody knows in the name of the phone’s', await forged(stranger.privateKey, phone.kid)],
    ['the public key as a secret', await forged(new TextEncoder().encode(JSON.stringify(phone.jwk)), phone.kid, 'HS256')],
    ['no key', await phone.prove(read, 'allow', {}, { kid: undefined })],
    ['the other phone’s in the name of this one’s', await tablet.prove(read, 'allow', {}, { kid: phone.kid })],
    ['another person’s', await graces.prove(read, 'allow')],
    ['another person’s in the name of this one’s', await graces.prove(read, 'allow', {}, { kid: phone.kid })],
    ['no signature', `${unsigned.join('.')}.`],
    ['no token', 'x'],
  ]) {
    const refused = await phone.send(link, proof);
    assert.deepEqual([refused.status, refused.error, refused.redirect_to], [400, 'invalid_grant', undefined], `${what}: ${JSON.stringify(refused)}`);
  }
  for (const proof of [undefined, 7, [good]]) assert.equal((await phone.send(link, proof)).error, 'invalid_request', String(proof));
  // In her own session Grace can do nothing with a proof that she has read.
  assert.equal((await graces.send(link, good)).error, 'invalid_grant');
  // The person's other phone is theirs too.
  const back = new URL((await tablet.answer(link, await tablet.read(link), 'allow')).redirect_to);
  assert.ok(back.searchParams.get('code'));
  assert.equal((await phone.answer(other, another, 'allow')).status, 200, 'the other request has stayed');
});

test('an answer counts once, of many at the same moment too, and a no stays one', async () => {
  const link = await ask();
  const read = await phone.read(link);
  const proof = await phone.prove(read, 'allow');
  const same = await Promise.all(Array.from({ length: 8 }, () => phone.send(link, proof)));
  assert.equal(same.filter(({ status }) => status === 200).length, 1, JSON.stringify(same));
  assert.equal((await phone.send(link, proof)).error, 'invalid_request_uri');

  const race = await ask();
  const asked = await phone.read(race);
  const decisions = await Promise.all(['allow', 'deny', 'allow', 'deny'].map((decision) => phone.answer(race, asked, decision)));
  const won = decisions.filter(({ status }) => status === 200);
  assert.equal(won.length, 1, JSON.stringify(decisions));
  assert.ok(decisions.every(({ status, error }) => status === 200 || error === 'invalid_request_uri'));

  const denied = await ask({ state: 'd' });
  const words = await phone.read(denied);
  const no = new URL((await phone.answer(denied, words, 'deny')).redirect_to);
  assert.deepEqual(['error', 'state', 'code', 'iss'].map((name) => no.searchParams.get(name)), ['access_denied', 'd', null, provider.issuer]);
  assert.equal((await phone.answer(denied, words, 'allow')).error, 'invalid_request_uri', 'nobody changes it afterwards');
  const page = await phone.browser.open(denied);
  assert.deepEqual([page.step, page.error], ['error', 'invalid_request_uri'], 'in the browser neither');
});

test('a proof that was used counts no more, though its request stays', async () => {
  const link = await ask({ prompt: 'login' });
  const read = await phone.read(link);
  const proof = await phone.prove(read, 'allow');
  assert.equal((await phone.send(link, proof)).error, 'interaction_required');
  assert.equal((await phone.send(link, proof)).error, 'invalid_grant');
  assert.equal((await phone.answer(link, read, 'allow')).error, 'interaction_required', 'a new one gets no further');
  assert.equal((await phone.answer(link, read, 'deny')).status, 200);
});

test('the link says who asks, and nothing else in it counts', async () => {
  const link = await ask({ scope: 'openid', state: 'true' });
  const evil = `${link}&scope=openid+profile&state=evil&redirect_uri=https%3A%2F%2Fevil.example%2F&prompt=none`;
  const read = await phone.read(evil);
  assert.deepEqual(read.scopes.map(({ name }) => name), ['openid']);
  assert.equal(read.request_hash, (await phone.read(link)).request_hash);
  // Somebody else's reference under one's own name, and one that nobody has pushed.
  const other = await provider.addClient('Other', '--type', 'web', '--redirect-uri', 'https://other.example/cb', '--scope', ALL);
  const renamed = new URL(link);
  renamed.searchParams.set('client_id', other.client_id);
  const invented = new URL(link);
  invented.searchParams.set('request_uri', 'urn:ietf:params:oauth:request_uri:vst_pr_AAAA.BBBB');
  const nobody = new URL(link);
  nobody.searchParams.set('client_id', 'nobody');
  for (const changed of [renamed, invented, nobody]) {
    assert.equal((await phone.read(changed.href)).error, 'invalid_request_uri', changed.href);
    assert.equal((await phone.answer(changed.href, read, 'allow')).error, 'invalid_request_uri', changed.href);
  }
  // What is allowed is bounded by what was pushed, and the code is the asking app's alone.
  const wide = await phone.send(link, await phone.prove(read, 'allow', { scope: 'openid profile email offline_access' }));
  const back = new URL(wide.redirect_to);
  assert.deepEqual([back.origin + back.pathname, back.searchParams.get('state')], [CALLBACK, 'true']);
  const code = back.searchParams.get('code');
  assert.equal((await redeem(provider, other, 'https://other.example/cb', code)).error, 'invalid_grant');
  assert.equal((await redeem(provider, bank, CALLBACK, code)).error, 'invalid_grant', 'the bank’s neither');
  const tokens = await redeem(provider, fintech, CALLBACK, code);
  assert.equal(tokens.scope, 'openid', JSON.stringify(tokens));
  // What the person has proven, and no more.
  const [own, theirs] = [phone.accessToken, tokens.access_token].map(claims);
  for (const same of ['sub', 'sid', 'auth_time', 'amr', 'acr']) assert.deepEqual(theirs[same], own[same], same);
});

test('a request about another person is answered by nobody else', async () => {
  const graces = await phoneOf(provider, bank, grace);
  const first = await ask();
  const back = new URL((await graces.answer(first, await graces.read(first), 'allow')).redirect_to);
  const { id_token } = await redeem(provider, fintech, CALLBACK, back.searchParams.get('code'));
  const claim = JSON.stringify({ id_token: { sub: { value: claims(id_token).sub } } });
  for (const about of [{ id_token_hint: id_token }, { claims: claim }]) {
    const link = await ask(about);
    const told = new URL((await phone.answer(link, await phone.read(link), 'allow')).redirect_to);
    assert.deepEqual(['error', 'code'].map((name) => told.searchParams.get(name)), ['login_required', null], JSON.stringify(about));
    const again = await ask(about);
    const hers = new URL((await graces.answer(again, await graces.read(again), 'allow')).redirect_to);
    assert.ok(hers.searchParams.get('code'));
  }
});

test('only a host’s person answers, with a token that counts', async () => {
  const link = await ask();
  const read = await phone.read(link);
  const at = `${provider.issuer}/api/app2app/v1/requests/${new URL(link).searchParams.get('request_uri').split(':').at(-1)}?client_id=${fintech.client_id}`;
  const proof = await phone.prove(read, 'allow');
  const send = async (headers, body = JSON.stringify({ proof })) => {
    const answer = await fetch(at, { method: 'POST', headers, body });
    return [answer.status, (await answer.text().then((text) => (text ? JSON.parse(text) : {}))).error];
  };
  const json = { 'content-type': 'application/json' };
  const bearer = (token) => ({ ...json, authorization: `Bearer ${token}` });
  assert.deepEqual(await send(json), [401, undefined], 'nobody’s: RFC 6750 §3.1');
  assert.deepEqual(await send(bearer('x')), [401, 'invalid_token']);
  // A page of another site cannot send JSON, nor a browser its cookies, in anybody's name.
  assert.deepEqual(await send({ ...bearer(phone.accessToken), 'content-type': 'text/plain' }), [400, 'invalid_request']);
  assert.deepEqual(await send(bearer(phone.accessToken), JSON.stringify({ proof, decision: 'allow' })), [400, 'invalid_request']);
  // An app that is no host, signed in as the same person.
  const own = await ask({ scope: 'openid' });
  const back = new URL((await phone.answer(own, await phone.read(own), 'allow')).redirect_to);
  const tokens = await redeem(provider, fintech, CALLBACK, back.searchParams.get('code'));
  assert.deepEqual(await send(bearer(tokens.access_token)), [400, 'unauthorized_client']);
  assert.deepEqual(await send(bearer(tokens.id_token)), [401, 'invalid_token']);
  // The host itself asks nothing of itself.
  const selfish = await pushed(provider, bank, bank.client_id, { redirect_uri: 'https://bank.example/callback', scope: 'openid' });
  assert.equal((await phone.read(selfish)).error, 'invalid_request');
  assert.equal((await phone.send(link, proof)).status, 200, 'and the proof is good');
});

test('a key that its person takes away, and a session that ends, answer nothing', async () => {
  const lost = await phoneOf(provider, bank, grace);
  const [link, late] = [await ask(), await ask()];
  const [read, asked] = [await lost.read(link), await lost.read(late)];
  const answered = new URL((await lost.answer(link, read, 'allow')).redirect_to);
  // In her browser, one after the other.
  const keys = async () => {
    const page = await lost.browser.open(`${provider.issuer}/account/apps`);
    return page.forms.filter(({ step }) => step === 'key-end').map((form) => ({ ...page, form }));
  };
  for (let kept = await keys(), before; (before = kept.length) > 0; assert.equal(kept.length, before - 1)) {
    await lost.browser.submit(kept[0], 'end-key');
    kept = await keys();
  }
  assert.equal((await lost.answer(late, asked, 'allow')).error, 'invalid_grant', 'the key is gone');
  await provider.cli(['session', 'revoke', '--user', grace.username]);
  assert.equal((await lost.send(late, await lost.prove(asked, 'allow'))).error, 'invalid_token', 'the session is over');
  assert.equal((await redeem(provider, fintech, CALLBACK, answered.searchParams.get('code'))).error, 'invalid_grant', 'what was allowed ends with it');
});

/** The fintech pushes a request; answered is its link. */
function ask(more = {}) {
  return pushed(provider, fintech, bank.client_id, { redirect_uri: CALLBACK, scope: ALL, state: 's', ...more });
}
