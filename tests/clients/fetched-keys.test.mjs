// Keys of clients that lie at their own addresses (`jwks_uri`, RFC 7591 §2), through the release binary: machines that authenticate
// by `private_key_jwt` (OpenID Connect Core §9), and how often the provider asks for their keys.
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { after, before, test } from 'node:test';
import { SignJWT, exportJWK, generateKeyPair } from 'jose';
import * as oidc from 'openid-client';
import { dripping, endless, moved, silent, startDocuments } from './documents.mjs';
import { post } from './native-apps.mjs';
import { startProvider } from './provider.mjs';
import { until } from './waiting.mjs';

const BEARER = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer';
/** The least time between two fetches for keys that were not there, in milliseconds (docs/book/clients.md). */
const COOL_DOWN = 10_000;
/** Keys that no set of a client's has. */
const MANY = 2000;
let provider, documents, metadata;

before(async () => {
  // Many are refused here from one address, and none for that.
  provider = await startProvider({ config: '[throttle]\nrequest_tries = 10000\n' });
  documents = await startDocuments();
  metadata = await (await fetch(`${provider.issuer}/.well-known/openid-configuration`)).json();
});

after(async () => {
  await provider?.stop();
  await documents?.stop();
});

test('keys are fetched when the first assertion comes, once for all who come', async () => {
  const [key] = [await newKey('one')];
  const robot = await machine('eager', [key]);
  assert.equal(robot.fetched(), 0, 'registered, and nothing is asked for');
  const tokens = await Promise.all(Array.from({ length: 12 }, () => robot.present(key)));
  assert.deepEqual(tokens.map(({ status }) => status), Array(12).fill(200), JSON.stringify(tokens));
  assert.equal(robot.fetched(), 1);
  // By somebody else's library.
  const options = { execute: [oidc.allowInsecureRequests] };
  const authentication = oidc.PrivateKeyJwt({ key: key.privateKey, kid: 'one' });
  const config = await oidc.discovery(new URL(provider.issuer), robot.name, undefined, authentication, options);
  assert.ok((await oidc.clientCredentialsGrant(config)).access_token);
  assert.equal(robot.fetched(), 1, 'kept');
});

test('a new key signs at once, by one fetch, and the one that it replaces is worth nothing', async () => {
  const [old, next] = [await newKey('old'), await newKey('next')];
  const robot = await machine('rotating', [old]);
  assert.equal((await robot.present(old)).status, 200);
  robot.lay([next]);
  const began = performance.now();
  const both = await Promise.all(Array.from({ length: 8 }, () => robot.present(next)));
  assert.deepEqual(both.map(({ status }) => status), Array(8).fill(200), JSON.stringify(both));
  assert.equal(robot.fetched(), 2, 'one for all who come with it');
  const stale = await robot.present(old);
  assert.deepEqual([stale.status, stale.error], [401, 'invalid_client']);
  // What nobody has is asked for no oftener than the cool-down lets.
  for (let turn = 0; turn < 40; turn++) {
    const refused = await robot.present(await newKey(`forged-${turn}`));
    assert.deepEqual([refused.status, refused.error], [401, 'invalid_client']);
  }
  const most = 2 + Math.floor((performance.now() - began) / COOL_DOWN);
  assert.ok(robot.fetched() <= most, `${robot.fetched()} fetches, at most ${most}`);
  assert.equal((await robot.present(next)).status, 200, 'who has the key has gone on all the while');
});

test('another key under the same name is found by one fetch, too', async () => {
  const [old, next] = [await newKey('same'), await newKey('same')];
  const robot = await machine('renaming', [old]);
  assert.equal((await robot.present(old)).status, 200);
  robot.lay([next]);
  assert.equal((await robot.present(next)).status, 200, 'OpenID Connect Core §10.1.1');
  assert.equal(robot.fetched(), 2);
  assert.equal((await robot.present(old)).error, 'invalid_client');
});

test('what is no assertion of such a client has nothing fetched', async () => {
  const key = await newKey('k');
  const robot = await machine('idle', [key]);
  const secret = new TextEncoder().encode('a secret of thirty-two characters');
  const forged = await assertion(robot.name, { privateKey: secret, kid: 'k' }, {}, 'HS256');
  const none = [{ alg: 'none', kid: 'k' }, { iss: robot.name, sub: robot.name }].map((part) => Buffer.from(JSON.stringify(part)).toString('base64url'));
  for (const client_assertion of [forged, `${none.join('.')}.`, 'x.y.z', '']) {
    const refused = await robot.post(client_assertion);
    assert.ok([400, 401].includes(refused.status) && !refused.access_token, JSON.stringify(refused));
  }
  assert.equal(robot.fetched(), 0);
  // Each rule alone, with the right key (RFC 7523 §3).
  const now = Math.floor(Date.now() / 1000);
  for (const wrong of [{ iss: 'idle2' }, { aud: 'https://elsewhere.example' }, { exp: now - 120 }, { jti: undefined }, { exp: now + 2 * 60 * 60 }]) {
    assert.equal((await robot.present(key, wrong)).error, 'invalid_client', JSON.stringify(wrong));
  }
  const once = await assertion(robot.name, key);
  assert.deepEqual([(await robot.post(once)).status, (await robot.post(once)).error], [200, 'invalid_client'], 'a jti counts once');
  assert.equal(robot.fetched(), 1);
});

test('a host that answers without end, drop by drop, not at all, elsewhere or with something else harms nobody', async () => {
  const key = await newKey('k');
  const good = await machine('good', [key]);
  const [flood, hush, drip] = [endless(), silent(), dripping()];
  const slow = [await machine('silence', hush.document), await machine('drops', drip.document)];
  // While some wait for hosts that say nothing, or hardly anything, others are served.
  const waiting = slow.map((robot) => robot.present(key));
  await hush.came;
  const first = await Promise.race([good.present(key), ...waiting]);
  assert.equal(first.status, 200, 'the others did not wait for them');
  documents.lay('/there', { keys: [await publicKey(key)] });
  const bad = [
    await machine('flood', flood.document),
    await machine('moved', moved(documents.at('moved', '/there'))),
    await machine('page', (_, answer) => answer.writeHead(200, { 'content-type': 'text/html' }).end('<!doctype html>')),
    await machine('broken', (_, answer) => answer.writeHead(503).end('{"keys":[]}')),
    await machine('many', [key, ...Array.from({ length: MANY }, (_, index) => ({ kty: 'EC', kid: `k${index}` }))]),
    await machine('nobody', []),
  ];
  for (const robot of bad) {
    const refused = await robot.present(key);
    assert.deepEqual([refused.status, refused.error], [401, 'invalid_client'], robot.name);
    assert.doesNotMatch(JSON.stringify(refused), /localhost|127\.0\.0\.1|longer than|503/, 'what the network looks like is for the log');
    assert.ok(robot.fetched() >= 1, robot.name);
  }
  await flood.left;
  for (const refused of await Promise.all(waiting)) assert.deepEqual([refused.status, refused.error], [401, 'invalid_client']);
  await Promise.all([hush.left, drip.left]);
  assert.equal(documents.count('/there'), 0, 'no redirect is followed');
  assert.equal((await good.present(key)).status, 200);
  assert.equal(good.fetched(), 1);
  // Once its host says what it should, a client is served again: after a pause that grows with each try.
  const [broken] = bad.filter(({ name }) => name === 'broken');
  broken.lay([key]);
  await until(async () => (await broken.present(key)).status === 200, 90_000);
});

test('addresses that clients may not name are not asked', async () => {
  const key = await newKey('k');
  for (const [index, jwks_uri] of ['https://10.0.0.1/keys', 'https://169.254.169.254/keys', 'https://[::ffff:127.0.0.1]/keys', 'https://[fd00::1]/keys'].entries()) {
    const robot = await register(`inside-${index}`, jwks_uri);
    const refused = await robot.present(key);
    assert.deepEqual([refused.status, refused.error], [401, 'invalid_client'], jwks_uri);
    assert.doesNotMatch(JSON.stringify(refused), /reach|10\.0/, 'no word about the network');
  }
  assert.match(provider.log(), /is out of reach/);
  for (const jwks_uri of ['http://keys.example/keys', 'ftp://keys.example/', 'https://user:x@keys.example/', 'file:///etc/passwd']) {
    await assert.rejects(register('never', jwks_uri), /jwks_uri must be an https URL/);
  }
});

test('where the issuer is not on this machine, no key set on it is asked for', async () => {
  const config = 'public_url = "https://id.example.com"\n[outbound]\nnetworks = ["127.0.0.0/8", "::1/128"]\n';
  const away = await startProvider({ config });
  try {
    const key = await newKey('k');
    documents.lay('/inside', { keys: [await publicKey(key)] });
    for (const [index, jwks_uri] of [documents.at('x', '/inside'), `http://127.0.0.1:${documents.port}/inside`].entries()) {
      const name = `inside-${index}`;
      await away.addClient(name, '--client-id', name, '--type', 'service', '--auth', 'private_key_jwt', '--metadata', JSON.stringify({ jwks_uri }));
      const client_assertion = await assertion(name, key, { aud: away.issuer });
      const refused = await post(`${away.address}/oauth2/token`, form(client_assertion));
      assert.deepEqual([refused.status, refused.error], [401, 'invalid_client'], jwks_uri);
    }
    assert.equal(documents.count('/inside'), 0);
  } finally {
    await away.stop();
  }
});

/** A machine whose keys lie there, or what else a function answers. */
async function machine(name, keys) {
  const path = `/${name}`;
  const lay = async (keys) => documents.lay(path, typeof keys === 'function' ? keys : { keys: await Promise.all(keys.map(publicKey)) });
  await lay(keys);
  return { ...(await register(name, documents.at(name, path))), lay, fetched: () => documents.count(path) };
}

async function register(name, jwks_uri) {
  const args = ['--client-id', name, '--type', 'service', '--auth', 'private_key_jwt', '--scope', 'read'];
  await provider.addClient(name, ...args, '--metadata', JSON.stringify({ jwks_uri }));
  const send = (client_assertion) => post(metadata.token_endpoint, form(client_assertion));
  return { name, post: send, present: async (key, more) => send(await assertion(name, key, more)) };
}

const form = (client_assertion) => ({ grant_type: 'client_credentials', client_assertion_type: BEARER, client_assertion });

/** RFC 7523 §3. */
function assertion(name, { privateKey, kid }, more = {}, alg = 'ES256') {
  const exp = Math.floor(Date.now() / 1000) + 60;
  const claims = { iss: name, sub: name, aud: provider.issuer, jti: randomUUID(), exp, ...more };
  return new SignJWT(claims).setProtectedHeader({ alg, kid }).sign(privateKey);
}

async function newKey(kid) {
  return { kid, ...(await generateKeyPair('ES256')) };
}

/** As it stands in a set; what is no pair of keys stands there as it is. */
async function publicKey({ kid, publicKey, ...other }) {
  return publicKey ? { ...(await exportJWK(publicKey)), kid, use: 'sig', alg: 'ES256' } : { kid, ...other };
}
