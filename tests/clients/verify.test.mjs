// The library for APIs (crates/verify), as its own small API runs it: against a provider that nobody here wrote, panva's
// oidc-provider, and against Vestibule itself while its keys rotate.
import assert from 'node:assert/strict';
import { generateKeyPairSync } from 'node:crypto';
import { createServer, Agent, request } from 'node:http';
import { after, before, test } from 'node:test';
import { calculateJwkThumbprint, exportJWK, generateKeyPair, SignJWT } from 'jose';
import * as oauth from 'oauth4webapi';
import Provider from 'oidc-provider';
import { launch, startProvider } from './provider.mjs';

const HTTP = { [oauth.allowInsecureRequests]: true };
const OPAQUE = 'urn:api:opaque';
const JWT = 'urn:api:jwt';
const ROBOT = { client_id: 'robot', client_secret: 'a secret of the robot, long enough' };
const API = { client_id: 'api', client_secret: 'a secret of the api: with % and signs' };

/** Starts the API of crates/verify/examples with these settings. */
async function startApi(settings) {
  const program = process.env.VESTIBULE_VERIFY_API;
  if (!program) throw new Error('VESTIBULE_VERIFY_API is not set; run these tests with `cargo xtask test`');
  const child = launch(program, [], {}, `${JSON.stringify(settings)}\n`);
  const url = (await child.line(/^listening on (http:\/\/\S+)/, 10_000))[1];
  const ask = (path, token, headers = {}) =>
    fetch(`${url}${path}`, { headers: token ? { authorization: `Bearer ${token}`, ...headers } : headers });
  const counter = async (result) => {
    const line = (await (await fetch(`${url}/metrics`)).text()).split('\n').find((one) => one.includes(`result="${result}"`));
    return Number(line.split(' ').at(-1));
  };
  return { url, ask, counter, stop: child.stop };
}

/** oidc-provider on a port that stays the same when it is started anew with other keys. */
function panva() {
  let server, port, provider;
  const key = () => ({ ...generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey.export({ format: 'jwk' }), use: 'sig', alg: 'ES256' });
  const service = {
    grant_types: ['client_credentials'],
    redirect_uris: [],
    response_types: [],
    id_token_signed_response_alg: 'ES256',
  };
  async function start() {
    const handler = { handle: undefined };
    server = createServer((...both) => handler.handle(...both));
    await new Promise((done) => server.listen(port ?? 0, '127.0.0.1', done));
    port = server.address().port;
    provider = new Provider(`http://localhost:${port}`, {
      clients: [{ ...ROBOT, ...service, scope: 'read write' }, { ...API, ...service }],
      scopes: ['read', 'write'],
      jwks: { keys: [{ ...key(), kid: `k${Date.now()}` }] },
      features: {
        devInteractions: { enabled: false },
        clientCredentials: { enabled: true },
        introspection: { enabled: true, allowedPolicy: () => true },
        revocation: { enabled: true, allowedPolicy: () => true },
        dPoP: { enabled: true },
        resourceIndicators: {
          enabled: true,
          getResourceServerInfo: (_, resource) => ({
            scope: 'read write',
            audience: resource,
            accessTokenFormat: resource === JWT ? 'jwt' : 'opaque',
            jwt: { sign: { alg: 'ES256' } },
          }),
        },
      },
    });
    handler.handle = provider.callback();
  }
  const stop = () => new Promise((done) => {
    server.close(done);
    server.closeAllConnections();
  });
  return { start, stop, get issuer() { return `http://localhost:${port}`; } };
}

/** A token of the robot's for this resource. */
async function tokenOf(issuer, resource, { scope = 'read', client = ROBOT, DPoP } = {}) {
  const url = new URL(issuer);
  const server = await oauth.processDiscoveryResponse(url, await oauth.discoveryRequest(url, HTTP));
  const ask = () =>
    oauth.clientCredentialsGrantRequest(
      server,
      { client_id: client.client_id },
      oauth.ClientSecretBasic(client.client_secret),
      { resource, scope },
      { ...HTTP, DPoP },
    );
  let answer;
  try {
    answer = await oauth.processClientCredentialsResponse(server, { client_id: client.client_id }, await ask());
  } catch (error) {
    if (!DPoP || !oauth.isDPoPNonceError(error)) throw error;
    answer = await oauth.processClientCredentialsResponse(server, { client_id: client.client_id }, await ask());
  }
  return { ...answer, server };
}

const provider = panva();
const apis = [];
const open = async (settings) => {
  const api = await startApi({ issuer: provider.issuer, audience: JWT, ...settings });
  apis.push(api);
  return api;
};
before(() => provider.start());
after(async () => {
  await Promise.all(apis.map((api) => api.stop()));
  await provider.stop();
});

test("panva's oidc-provider: JWTs, scopes, audiences, forgeries", async () => {
  const api = await open({});
  assert.equal((await api.ask('/files')).headers.get('www-authenticate').split(',')[0], 'Bearer');
  const { access_token: token } = await tokenOf(provider.issuer, JWT);
  const answer = await api.ask('/files', token);
  assert.equal(answer.status, 200, answer.headers.get('www-authenticate'));
  assert.equal((await answer.json()).client_id, 'robot');
  const narrow = await tokenOf(provider.issuer, JWT, { scope: 'write' });
  const refused = await api.ask('/files', narrow.access_token);
  assert.equal(refused.status, 403);
  assert.match(refused.headers.get('www-authenticate'), /error="insufficient_scope".*scope="read"/);
  const stepUp = await api.ask('/locked', token);
  assert.match(stepUp.headers.get('www-authenticate'), /error="insufficient_user_authentication".*acr_values="urn:high", max_age="60"/);
  const other = await open({ audience: 'urn:api:other' });
  assert.equal((await other.ask('/any', token)).status, 401);
  assert.equal(await other.counter('audience'), 1);
  const { privateKey } = await generateKeyPair('ES256');
  const forged = await new SignJWT({ scope: 'read', client_id: 'robot' })
    .setProtectedHeader({ alg: 'ES256', typ: 'at+jwt', kid: 'k' })
    .setIssuer(provider.issuer).setAudience(JWT).setSubject('robot').setJti('1').setIssuedAt().setExpirationTime('5m')
    .sign(privateKey);
  assert.equal((await api.ask('/any', forged)).status, 401);
  assert.equal(await api.counter('unknown_key'), 1);
});

test("panva's oidc-provider: opaque tokens are asked about, and end when they are revoked", async () => {
  const settings = { audience: OPAQUE, client_id: API.client_id, client_secret: API.client_secret };
  const [api, without] = [await open(settings), await open({ audience: OPAQUE })];
  const { access_token: token, server } = await tokenOf(provider.issuer, OPAQUE);
  const answer = await api.ask('/files', token);
  assert.equal(answer.status, 200, answer.headers.get('www-authenticate'));
  assert.equal((await answer.json()).claims.scope, 'read');
  assert.equal((await without.ask('/files', token)).status, 401, 'who does not ask cannot know');
  const revoked = await oauth.revocationRequest(server, { client_id: ROBOT.client_id }, oauth.ClientSecretBasic(ROBOT.client_secret), token, HTTP);
  await oauth.processRevocationResponse(revoked);
  await new Promise((done) => setTimeout(done, 1100));
  assert.equal((await api.ask('/files', token)).status, 401);
  assert.equal(await api.counter('inactive'), 1);
});

for (const nonces of [false, true]) {
  test(`panva's oidc-provider: tokens bound by DPoP${nonces ? ', with nonces' : ''}`, async () => {
    const api = await open({ nonces });
    const keys = await oauth.generateKeyPair('ES256');
    const DPoP = oauth.DPoP({ client_id: ROBOT.client_id }, keys);
    const { access_token: token } = await tokenOf(provider.issuer, JWT, { DPoP });
    const get = (handle) => oauth.protectedResourceRequest(token, 'GET', new URL(`${api.url}/bound`), undefined, null, { ...HTTP, DPoP: handle });
    let answer;
    try {
      answer = await get(DPoP);
    } catch (error) {
      assert.ok(nonces && oauth.isDPoPNonceError(error), error);
      answer = await get(DPoP);
    }
    const body = await answer.json();
    assert.equal(body.binding, 'Key');
    assert.equal(body.claims.cnf.jkt, await calculateJwkThumbprint(await exportJWK(keys.publicKey)));
    // Stolen: as a bearer's, and with the thief's key.
    assert.equal((await api.ask('/any', token)).status, 401);
    const thief = oauth.DPoP({ client_id: ROBOT.client_id }, await oauth.generateKeyPair('ES256'));
    await assert.rejects(async () => {
      try {
        await get(thief);
      } catch (error) {
        if (!oauth.isDPoPNonceError(error)) throw error;
        await get(thief);
      }
    });
    assert.equal(await api.counter('proof_key'), 1);
    assert.equal((await api.ask('/bound', (await tokenOf(provider.issuer, JWT)).access_token)).status, 401, 'unbound');
  });
}

test("panva's oidc-provider: away, and back with other keys", async () => {
  const api = await open({});
  const { access_token: token } = await tokenOf(provider.issuer, JWT);
  assert.equal((await api.ask('/files', token)).status, 200);
  await provider.stop();
  assert.equal((await api.ask('/files', token)).status, 200, 'keys are at hand');
  await provider.start();
  const { access_token: fresh } = await tokenOf(provider.issuer, JWT);
  assert.equal((await api.ask('/files', fresh)).status, 200, 'a key that this API had never seen');
});

/** Requests at this rate for so many seconds, each with the token that is current then; counts the answers by status. */
async function load(api, token, rate, seconds) {
  const agent = new Agent({ keepAlive: true, maxSockets: 64 });
  const answers = {};
  const began = performance.now();
  let sent = 0;
  const open = new Set();
  const one = () => {
    const done = new Promise((settle) => {
      const asked = request(`${api.url}/any`, { agent, headers: { authorization: `Bearer ${token()}` } }, (answer) => {
        answers[answer.statusCode] = (answers[answer.statusCode] ?? 0) + 1;
        answer.resume().on('end', settle);
      });
      asked.on('error', (error) => {
        answers[error.code] = (answers[error.code] ?? 0) + 1;
        settle();
      }).end();
    });
    open.add(done);
    done.then(() => open.delete(done));
  };
  while (performance.now() - began < seconds * 1000) {
    const due = ((performance.now() - began) / 1000) * rate;
    while (sent < due) {
      one();
      sent += 1;
    }
    await new Promise((done) => setTimeout(done, 4));
  }
  await Promise.all(open);
  agent.destroy();
  return { answers, sent };
}

test('Vestibule: JWTs that are revoked, and tokens bound by DPoP', async () => {
  const vestibule = await startProvider();
  const opened = [];
  try {
    const robot = await vestibule.addClient('Robot', '--type', 'service', '--scope', 'read write');
    // Whoever is a token's audience may ask about it (RFC 7662 §4).
    const self = await vestibule.addClient('API', '--type', 'service', '--client-id', JWT);
    const settings = { issuer: vestibule.issuer, audience: JWT };
    const asking = await startApi({ ...settings, client_id: self.client_id, client_secret: self.client_secret, every: true });
    const api = await startApi({ ...settings, nonces: true });
    opened.push(asking, api);
    const { access_token: token, server } = await tokenOf(vestibule.issuer, JWT, { client: robot });
    const answer = await asking.ask('/files', token);
    assert.equal(answer.status, 200, answer.headers.get('www-authenticate'));
    assert.equal((await answer.json()).client_id, robot.client_id);
    const revoked = await oauth.revocationRequest(server, robot, oauth.ClientSecretBasic(robot.client_secret), token, HTTP);
    await oauth.processRevocationResponse(revoked);
    await new Promise((done) => setTimeout(done, 1100));
    assert.equal((await asking.ask('/files', token)).status, 401);
    assert.equal(await asking.counter('inactive'), 1);
    assert.equal((await api.ask('/files', token)).status, 200, 'who does not ask cannot know');

    const keys = await oauth.generateKeyPair('ES256');
    const DPoP = oauth.DPoP(robot, keys);
    const { access_token: bound } = await tokenOf(vestibule.issuer, JWT, { client: robot, DPoP });
    const get = () => oauth.protectedResourceRequest(bound, 'GET', new URL(`${api.url}/bound`), undefined, null, { ...HTTP, DPoP });
    await assert.rejects(get, (error) => oauth.isDPoPNonceError(error));
    assert.equal((await (await get()).json()).binding, 'Key');
    assert.equal((await api.ask('/any', bound)).status, 401, 'as a bearer\'s');
    assert.equal(await api.counter('unbound'), 1);
  } finally {
    await Promise.all(opened.map((one) => one.stop()));
    await vestibule.stop();
  }
});

test('Vestibule: its keys rotate under 2,000 requests a second', async (context) => {
  const vestibule = await startProvider({ config: '[keys]\njwks_cache_lifetime = "2s"\n' });
  let api;
  try {
    const robot = await vestibule.addClient('Robot', '--type', 'service', '--scope', 'read');
    api = await startApi({ issuer: vestibule.issuer, audience: JWT, least_fresh: 1000 });
    const fetchToken = async () => (await tokenOf(vestibule.issuer, JWT, { client: robot })).access_token;
    const kid = (token) => JSON.parse(Buffer.from(token.split('.')[0], 'base64url')).kid;
    let token = await fetchToken();
    const kids = new Set([kid(token)]);
    let running = true;
    const renewing = (async () => {
      while (running) {
        token = await fetchToken();
        kids.add(kid(token));
        await new Promise((done) => setTimeout(done, 100));
      }
    })();
    const loaded = load(api, () => token, 2000, 12);
    await new Promise((done) => setTimeout(done, 2000));
    await vestibule.cli(['key', 'rotate']);
    const { answers, sent } = await loaded;
    running = false;
    await renewing;
    context.diagnostic(`${sent} requests, answers ${JSON.stringify(answers)}, signed by ${kids.size} keys`);
    assert.ok(kids.size >= 2, 'a new key signs');
    assert.deepEqual(answers, { 200: sent });
    assert.ok(sent >= 2000 * 11);
  } finally {
    await api?.stop();
    await vestibule.stop();
  }
});
