// A super app with two mini programs in frames, in Chromium: the host holds its key by WebCrypto, the bridge is the one that is
// shipped, and each program has a backend with a secret of its own.
import assert from 'node:assert/strict';
import { createHash, randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { after, before, test } from 'node:test';
import { claimsIn, signIn, startChromium, startDemo } from './demo.mjs';
import { watched } from './watch.mjs';

const BRIDGE = readFileSync(new URL('../../sdk/bridge/vestibule-bridge.js', import.meta.url));
const EXCHANGE = 'urn:ietf:params:oauth:grant-type:token-exchange';
const SILENT = ['openid', 'profile'];
/** Seconds for which a program's API is content with a sign-in. */
const OLDEST = 10;
let demo, browser, host, taxi, shop, foreign;

before(async () => {
  demo = await startDemo();
  browser = await startChromium();
  host = await startHost();
  taxi = await startProgram('taxi');
  shop = await startProgram('shop');
  foreign = await serve('foreign', (_, answer) => html(answer, 'Foreign', ''));
});

after(async () => {
  await browser?.close();
  for (const server of [host, taxi, shop, foreign]) await server?.stop();
  await demo?.stop();
});

test('each program gets a code of its own, and the host’s token stays with the host', async () => {
  const app = await open();
  await app.frame('taxi', `${taxi.origin}/program`);
  await app.frame('shop', `${shop.origin}/program`);
  await app.bridge('taxi', taxi.origin);
  await app.bridge('shop', shop.origin);
  // The first time the sheet asks, in the host's page; then nobody is asked.
  const first = app.ask(taxi);
  await app.page.locator('dialog').getByText('taxi').waitFor();
  // One request at a time, on either side of the bridge.
  assert.deepEqual(await app.ask(taxi), { error: 'busy' });
  await app.page.locator('dialog button').click();
  const ride = await first;
  assert.deepEqual([ride.aud, ride.scope], ['taxi', 'openid profile'], JSON.stringify(ride));
  assert.deepEqual(await app.ask(taxi), ride);
  const sale = await app.allowed(shop);
  assert.equal(sale.aud, 'shop');
  const subjects = new Set([ride.sub, sale.sub, claimsIn(host.tokens[0]).sub]);
  assert.equal(subjects.size, 3, 'nobody can compare subjects');
  // What no program is registered for is left out, whatever it asks.
  assert.equal((await app.ask(taxi, ['openid', 'admin'])).scope, 'openid');
  assert.deepEqual(await app.ask(taxi, ['not a scope']), { error: 'invalid_request' });
  // The provider's no comes as a word, though the host's error has its token in the message.
  const ghost = await app.frame('ghost', `${shop.origin}/bare`);
  await app.bridge('ghost', shop.origin);
  await ghost.evaluate(() => window.greet({}));
  const refused = await ghost.evaluate((asked) => window.send(asked), { id: 1, scopes: SILENT, ...shop.begin() });
  assert.deepEqual(refused, { id: 1, error: 'invalid_target' });
  await app.sawNoToken();
  await app.close();
});

test('a program that says it is another gets its own code all the same', async () => {
  const app = await open();
  const page = await app.frame('shop', `${shop.origin}/bare`);
  await app.bridge('shop', shop.origin);
  // Another frame of the same origin is not the one that was opened.
  const other = await app.frame('other', `${shop.origin}/other`);
  await other.evaluate(() => window.hello());
  await app.page.waitForTimeout(300);
  for (const frame of [page, other]) assert.equal(await frame.evaluate(() => window.ports.length), 0);
  await page.evaluate(() => window.greet({ program: 'taxi', client_id: 'taxi', origin: 'http://taxi.localhost' }));
  const begun = shop.begin();
  const claims = { program: 'taxi', client_id: 'taxi', audience: 'taxi', origin: taxi.origin };
  const asking = page.evaluate((asked) => window.send(asked), { id: 1, ...claims, scopes: SILENT, ...begun });
  const { code } = await app.sheet(asking);
  assert.deepEqual(await app.programsAsked(), ['shop']);
  assert.deepEqual(await taxi.redeem(code, begun.state, shop), { error: 'invalid_grant' });
  assert.equal((await shop.redeem(code, begun.state)).aud, 'shop');
  // Who does not wait is refused by the host, too.
  const both = await page.evaluate((asked) => Promise.all([4, 5].map((id) => window.send({ id, ...asked }))), { scopes: SILENT, ...begun });
  assert.deepEqual([both[0].error, both[1]], [undefined, { id: 5, error: 'busy' }]);
  // What is no request gets no code.
  const wrongs = [{ scopes: [] }, { scopes: 'openid' }, { code_challenge: 'short' }, { state: 'x'.repeat(513) }, { nonce: 7 }];
  for (const [index, wrong] of wrongs.entries()) {
    const id = 10 + index;
    const said = await page.evaluate((asked) => window.send(asked), { id, scopes: SILENT, ...begun, ...wrong });
    assert.deepEqual(said, { id, error: 'invalid_request' }, JSON.stringify(wrong));
  }
  // A second hello gets no second port, nor does the page that comes by a navigation.
  await page.evaluate(() => window.hello());
  await page.goto(`${shop.origin}/bare?again`);
  await page.evaluate(() => window.hello());
  await app.page.waitForTimeout(300);
  assert.equal(await page.evaluate(() => window.ports.length), 0);
  // The host decides that it may be opened anew, and another origin in the same frame may not.
  await app.page.evaluate(() => window.host.reopen('shop'));
  await page.goto(`${foreign.origin}/`);
  await page.evaluate(listenForPorts);
  await page.evaluate(() => window.hello());
  await app.page.waitForTimeout(300);
  assert.equal(await page.evaluate(() => window.ports.length), 0);
  await page.goto(`${shop.origin}/bare`);
  await page.evaluate(() => window.greet({}));
  await app.sawNoToken();
  await app.close();
});

test('a program that listens, or posts to the other’s frame, gets nothing of the other’s', async () => {
  const app = await open();
  const victim = await app.frame('taxi', `${taxi.origin}/program`);
  const thief = await app.frame('shop', `${shop.origin}/bare`);
  await app.bridge('shop', shop.origin);
  await thief.evaluate(() => window.greet({}));
  // It hands the other a port of its own, says hello in the other's name, and answers what it can.
  await thief.evaluate(forge, {});
  await app.page.waitForTimeout(300);
  assert.equal(await victim.evaluate(() => window.connected), false, 'the port of a neighbour is none');
  await app.bridge('taxi', taxi.origin);
  const ride = await app.allowed(taxi);
  assert.equal(ride.aud, 'taxi');
  const { heard, ports } = await thief.evaluate(() => ({ heard: window.heard, ports: window.ports.length }));
  assert.deepEqual([heard, ports], [[], 1], 'it heard no request, no code, and has its own port alone');
  await assert.rejects(thief.evaluate(() => parent.frames[0].document.title), /cross-origin/);
  // Had it the code, its backend could do nothing with it, and the other's still can.
  const begun = taxi.begin();
  const { code } = await victim.evaluate((asked) => window.code(asked), { scopes: SILENT, ...begun });
  assert.deepEqual(await shop.redeem(code, begun.state, taxi), { error: 'invalid_grant' });
  assert.equal((await taxi.redeem(code, begun.state)).aud, 'taxi');
  assert.deepEqual(await taxi.redeem(code, begun.state), { error: 'invalid_grant' }, 'once');
  await app.sawNoToken();
  await app.close();
});

test('what a foreign origin sends is ignored, at the host and at the program', async () => {
  const app = await open();
  const program = await app.frame('taxi', `${taxi.origin}/program`);
  const stranger = await app.frame('foreign', `${foreign.origin}/`);
  await stranger.evaluate(listenForPorts);
  await stranger.evaluate(forge, {});
  const asked = { id: 1, type: 'getAuthCode', program: 'taxi', scopes: SILENT, ...taxi.begin() };
  await app.page.waitForTimeout(300);
  assert.equal(await program.evaluate(() => window.connected), false);
  await app.bridge('taxi', taxi.origin);
  await stranger.evaluate((message) => parent.postMessage(message, '*'), asked);
  await stranger.evaluate(() => window.hello());
  assert.equal((await app.allowed(taxi)).aud, 'taxi', 'the port is the host’s');
  await stranger.evaluate(forge, {});
  await stranger.evaluate((message) => parent.postMessage(message, '*'), asked);
  assert.equal((await app.ask(taxi)).aud, 'taxi', 'a second port changes nothing');
  assert.deepEqual(await app.programsAsked(), ['taxi', 'taxi']);
  const { heard, ports } = await stranger.evaluate(() => ({ heard: window.heard, ports: window.ports.length }));
  assert.deepEqual([heard, ports], [[], 0]);
  await app.sawNoToken();
  await app.close();
});

test('a page of a foreign origin that frames a program is no host', async () => {
  const context = await browser.newContext();
  const page = await context.newPage();
  await page.goto(`${foreign.origin}/`);
  await page.evaluate(addFrame, { name: 'taxi', url: `${taxi.origin}/program` });
  const program = await frameAt(page, `${taxi.origin}/program`);
  await program.waitForFunction(() => 'connected' in window);
  await page.evaluate(() => {
    window.greetings = [];
    addEventListener('message', ({ data }) => window.greetings.push(data));
    const { port2 } = new MessageChannel();
    frames[0].postMessage({ type: 'vestibule-bridge:port' }, '*', [port2]);
  });
  await page.waitForTimeout(500);
  assert.equal(await program.evaluate(() => window.connected), false);
  assert.deepEqual(await page.evaluate(() => window.greetings), [], 'the hello is for the host alone');
  await context.close();
});

test('what a program’s API demands surfaces in the host, which signs its person in again', async () => {
  const app = await open();
  const page = await app.frame('taxi', `${taxi.origin}/program`);
  await app.bridge('taxi', taxi.origin);
  await app.allowed(taxi);
  assert.equal((await taxi.pay()).status, 200, 'just signed in');
  // RFC 9470: the sign-in is too old for the program's API, which says so.
  await page.waitForTimeout(1000 * (OLDEST + 1));
  const refused = await taxi.pay();
  assert.deepEqual([refused.status, refused.error, refused.max_age], [401, 'insufficient_user_authentication', OLDEST]);
  // The host's session is as old: without the host's doing there is no code.
  const demand = { max_age: refused.max_age };
  assert.deepEqual(await page.evaluate(([scopes, demand]) => window.signIn(scopes, demand), [SILENT, demand]), { error: 'login_required' });
  await app.page.evaluate(() => (window.host.again = window.signInAgain));
  const asking = page.evaluate(([scopes, demand]) => window.signIn(scopes, demand), [SILENT, demand]);
  assert.equal((await app.sheet(asking)).aud, 'taxi');
  assert.deepEqual(host.demands, [{ max_age: OLDEST }], 'the host hears what is demanded');
  assert.equal((await taxi.pay()).status, 200);
  await app.sawNoToken();
  await app.close();
});

test('a program that is blocked has tokens no more within a second, and no code', async (t) => {
  const ferry = await startProgram('ferry');
  t.after(() => ferry.stop());
  const app = await open([ferry]);
  await app.frame('ferry', `${ferry.origin}/program`);
  await app.bridge('ferry', ferry.origin);
  assert.equal((await app.allowed(ferry)).aud, 'ferry');
  assert.equal((await ferry.whoIsIt()).status, 200);
  await demo.cli(['client', 'update', 'ferry', '--state', 'blocked']);
  const blocked = Date.now();
  while ((await ferry.whoIsIt()).status === 200) {
    assert.ok(Date.now() - blocked < 1000, 'its token counts a second later');
    await app.page.waitForTimeout(50);
  }
  assert.equal((await ferry.whoIsIt()).status, 401);
  assert.deepEqual(await app.ask(ferry), { error: 'invalid_target' }, 'the bridge says no');
  // Another program of the host goes on.
  await app.frame('taxi', `${taxi.origin}/program`);
  await app.bridge('taxi', taxi.origin);
  assert.equal((await app.allowed(taxi)).aud, 'taxi');
  await demo.cli(['client', 'update', 'ferry', '--state', 'live']);
  await app.page.waitForTimeout(1000);
  assert.equal((await app.allowed(ferry)).aud, 'ferry', 'live again');
  await app.close();
});

/** The super app's page with Ada signed in, and all the messages of all its frames. */
async function open(more = []) {
  const origins = [host, taxi, shop, foreign, ...more].map(({ origin }) => origin);
  const { page, close } = await watched(browser, [demo.issuer, ...origins], {});
  const messages = [];
  await page.context().exposeFunction('reportMessage', (text) => messages.push(text));
  await page.context().addInitScript(() => {
    const report = (way, data) => window.reportMessage(`${location.origin} ${way} ${JSON.stringify(data)}`);
    addEventListener('message', ({ data }) => report('heard', data), true);
    const post = MessagePort.prototype.postMessage;
    MessagePort.prototype.postMessage = function (data, ...more) {
      report('posts', data);
      return post.call(this, data, ...more);
    };
  });
  // The host's native part signs its person in again, in the system's browser, where that is demanded.
  await page.context().exposeFunction('signInAgain', async (demand) => {
    host.demands.push(demand);
    return host.redeemable(demand);
  });
  host.demands.length = 0;
  await host.signIn(page);
  const frameOf = (program) => frameAt(page, `${program.origin}/`);
  return {
    page,
    async frame(name, url) {
      await page.evaluate(addFrame, { name, url });
      const frame = await frameAt(page, url);
      await frame.waitForLoadState();
      if (url.endsWith('/program')) await frame.waitForFunction(() => 'connected' in window);
      return frame;
    },
    bridge: (program, origin) => page.evaluate((one) => window.host.open(one), { program, origin }),
    ask: async (program, scopes = SILENT) => (await frameOf(program)).evaluate((asked) => window.signIn(asked), scopes),
    /** Presses «Allow» if the sheet comes before the answer. */
    async sheet(asking) {
      const button = page.locator('dialog button');
      const first = await Promise.race([asking, button.waitFor().then(() => undefined, () => undefined)]);
      if (!first) await button.click();
      return asking;
    },
    allowed(program) {
      return this.sheet(this.ask(program));
    },
    programsAsked: () => page.evaluate(() => window.host.asked),
    /** No token in any message, in what scripts of any frame find there, or with any program's server. */
    async sawNoToken() {
      assert.ok(messages.some((text) => text.includes('code_challenge')), 'messages were seen');
      assert.ok(messages.some((text) => /"code":"/.test(text)), 'codes were seen');
      const inFrames = page.frames().map((frame) => frame.evaluate(() => {
        const values = Object.keys(window).map((name) => {
          // Chromium may deny third parties any storage.
          try {
            const value = window[name];
            return value instanceof Storage ? { ...value } : typeof value === 'string' && value;
          } catch {
            return undefined;
          }
        });
        return JSON.stringify([document.documentElement.outerHTML, document.cookie, location.href, values]);
      }));
      const all = [...messages, ...(await Promise.all(inFrames)), ...taxi.received, ...shop.received];
      for (const text of all) {
        assert.doesNotMatch(text, /eyJ/);
        for (const token of host.tokens) assert.ok(!text.includes(token));
      }
    },
    close,
  };
}

/** In a page: a frame as the book says. */
function addFrame({ name, url }) {
  const frame = document.createElement('iframe');
  frame.name = name;
  frame.sandbox = 'allow-scripts allow-same-origin';
  frame.src = url;
  document.body.append(frame);
}

async function frameAt(page, url) {
  for (const end = Date.now() + 10_000; Date.now() < end; await page.waitForTimeout(50)) {
    const frame = page.frames().find((frame) => frame.url().startsWith(url));
    if (frame) return frame;
  }
  throw new Error(`no frame came to ${url}`);
}

/** In a page: what somebody writes who does not use the module. */
function listenForPorts() {
  window.ports = [];
  window.heard = [];
  addEventListener('message', ({ data, ports }) => {
    if (ports.length) window.ports.push(...ports);
    else window.heard.push(data);
  });
  window.hello = (more) => parent.postMessage({ type: 'vestibule-bridge:hello', ...more }, '*');
  window.greet = async (more) => {
    window.hello(more);
    for (let tries = 0; !window.ports.length; tries++) {
      if (tries === 250) throw new Error('no port came');
      await new Promise((next) => setTimeout(next, 20));
    }
    window.ports[0].start();
  };
  window.send = (message) =>
    new Promise((said) => {
      window.ports[0].addEventListener('message', ({ data }) => data.id === message.id && said(data));
      window.ports[0].postMessage(message);
    });
}

/** In a page: ports of its own for the first frame, and answers on whatever is asked there. */
function forge() {
  const { port1, port2 } = new MessageChannel();
  port1.onmessage = ({ data }) => {
    window.heard.push(data);
    port1.postMessage({ id: data.id, code: 'forged' });
  };
  parent.frames[0].postMessage({ type: 'vestibule-bridge:port' }, '*', [port2]);
  parent.frames[0].postMessage({ id: 1, code: 'forged' }, '*');
  window.hello({ program: 'taxi' });
}

/** The super app. Its server is the native part: what the page asks there goes on to the provider, where no CORS holds it. */
async function startHost() {
  const callback = 'http://127.0.0.1/callback';
  const grants = ['authorization_code', 'refresh_token', EXCHANGE].flatMap((grant) => ['--grant', grant]);
  await demo.addClient('Super', '--client-id', 'super', '--type', 'native', '--trusted', '--redirect-uri', callback, '--scope', 'openid profile', ...grants);
  const tokens = [];
  const server = await serve('super', async (request, answer) => {
    const { pathname, search } = new URL(request.url, 'http://super');
    if (pathname === '/') return html(answer, 'Super', `<script type="module">(${hostPage})(${JSON.stringify(demo.issuer)}, '${EXCHANGE}')</script>`);
    const headers = Object.fromEntries(['dpop', 'authorization', 'content-type'].map((name) => [name, request.headers[name]]).filter(([, value]) => value));
    const body = request.method === 'POST' ? await bodyOf(request) : undefined;
    const said = await (await fetch(`${demo.issuer}${pathname}${search}`, { method: request.method, headers, body })).json();
    if (said.token_type === 'DPoP') tokens.push(said.access_token, said.id_token, said.refresh_token);
    // With 200, since Chromium writes an error on the console for anything else.
    json(answer, said);
  });
  return {
    ...server,
    get tokens() {
      return tokens.filter(Boolean);
    },
    demands: [],
    async signIn(page) {
      const fields = await this.redeemable();
      await page.goto(`${server.origin}/`);
      await page.waitForFunction(() => window.host);
      assert.equal(await page.evaluate((fields) => window.host.signIn(fields), fields), undefined);
    },
    /** Signs Ada in, in the system's browser; answered is what the app posts for its tokens. */
    async redeemable(demand = {}) {
      const own = await browser.newContext({ locale: 'en' });
      const system = await own.newPage();
      const verifier = randomBytes(32).toString('base64url');
      const request = { client_id: 'super', response_type: 'code', redirect_uri: callback, scope: 'openid profile', nonce: 'n', state: 's', ...challengeOf(verifier), ...demand };
      await system.goto(`${demo.issuer}/oauth2/authorize?${new URLSearchParams(request)}`);
      // Nobody listens there: the app reads the address.
      const back = system.waitForRequest((request) => request.url().startsWith(callback));
      await signIn(system, demo);
      const code = new URL((await back).url()).searchParams.get('code');
      await own.close();
      return { grant_type: 'authorization_code', code, redirect_uri: callback, client_id: 'super', code_verifier: verifier };
    },
  };
}

/** In the host's page: its key and its token, the sheet, and the bridge. */
async function hostPage(issuer, EXCHANGE) {
  const { openBridge } = await import('/vestibule-bridge.js');
  const { publicKey, privateKey } = await crypto.subtle.generateKey({ name: 'ECDSA', namedCurve: 'P-256' }, false, ['sign', 'verify']);
  const { kty, crv, x, y } = await crypto.subtle.exportKey('jwk', publicKey);
  const base64url = (bytes) => new Uint8Array(bytes).toBase64?.({ alphabet: 'base64url', omitPadding: true }) ?? btoa(String.fromCharCode(...new Uint8Array(bytes))).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '');
  const bytes = (text) => new TextEncoder().encode(text);
  const prove = async (htm, path, more = {}) => {
    const claims = { jti: crypto.randomUUID(), htm, htu: `${issuer}${path}`, iat: Math.floor(Date.now() / 1000), ...more };
    const said = [{ typ: 'dpop+jwt', alg: 'ES256', jwk: { kty, crv, x, y } }, claims].map((part) => base64url(bytes(JSON.stringify(part)))).join('.');
    return `${said}.${base64url(await crypto.subtle.sign({ name: 'ECDSA', hash: 'SHA-256' }, privateKey, bytes(said)))}`;
  };
  const post = async (fields) => {
    const headers = { dpop: await prove('POST', '/oauth2/token') };
    return (await fetch('/oauth2/token', { method: 'POST', headers, body: new URLSearchParams(fields) })).json();
  };
  let token;
  const sheet = async (program, scope) => {
    const path = `/api/mini-programs/v1/programs/${program}`;
    const ath = base64url(await crypto.subtle.digest('SHA-256', bytes(token)));
    const headers = { authorization: `DPoP ${token}`, dpop: await prove('GET', path, { ath }) };
    const { client, scopes } = await (await fetch(`${path}?${new URLSearchParams({ scope })}`, { headers })).json();
    const dialog = document.createElement('dialog');
    dialog.innerText = `${client.name}: ${scopes.map(({ words }) => words).join(', ')}`;
    const button = dialog.appendChild(document.createElement('button'));
    button.innerText = 'Allow';
    document.body.append(dialog);
    dialog.showModal();
    await new Promise((pressed) => (button.onclick = pressed));
    dialog.remove();
    return scope;
  };
  const asked = [];
  const handler = async ({ program, scopes, code_challenge, nonce, max_age }) => {
    asked.push(program);
    const scope = scopes.join(' ');
    const fields = {
      grant_type: EXCHANGE,
      client_id: 'super',
      subject_token: token,
      subject_token_type: 'urn:ietf:params:oauth:token-type:access_token',
      requested_token_type: 'urn:vestibule:params:oauth:token-type:authorization-code',
      audience: program,
      scope,
      code_challenge,
      code_challenge_method: 'S256',
      nonce,
      ...(max_age !== undefined && { max_age }),
    };
    let said = await post(fields);
    if (said.error === 'login_required' && window.host.again) {
      await window.host.signIn(await window.host.again({ max_age }));
      said = await post({ ...fields, subject_token: token });
    }
    if (said.error === 'consent_required') said = await post({ ...fields, allowed_scope: await sheet(program, scope) });
    if (said.error) throw Object.assign(new Error(JSON.stringify({ said, token })), { code: said.error });
    return { code: said.access_token, token };
  };
  const bridges = new Map();
  window.host = {
    asked,
    async signIn(fields) {
      const said = await post(fields);
      token = said.access_token;
      return said.error;
    },
    open({ program, origin }) {
      bridges.set(program, openBridge(document.querySelector(`iframe[name="${program}"]`), { program, origin, handler }));
    },
    reopen: (program) => bridges.get(program).reopen(),
  };
}

/** A mini program: its page, and the backend that redeems codes with the program's own secret. */
async function startProgram(name) {
  let secret, token;
  const verifiers = new Map();
  const received = [];
  const program = {
    received,
    begin() {
      const [verifier, state, nonce] = [32, 16, 16].map((length) => randomBytes(length).toString('base64url'));
      verifiers.set(state, { verifier, nonce });
      return { code_challenge: challengeOf(verifier).code_challenge, state, nonce };
    },
    begun: (state) => verifiers.get(state),
    whoIsIt: () => fetch(`${demo.issuer}/oauth2/userinfo`, { headers: { authorization: `Bearer ${token}` } }),
    /** The program's API: it takes no token of somebody who signed in too long ago (RFC 9470 §3). */
    async pay() {
      const fields = { token, client_id: name, client_secret: secret };
      const seen = await (await fetch(`${demo.issuer}/oauth2/introspect`, { method: 'POST', body: new URLSearchParams(fields) })).json();
      assert.equal(seen.active, true);
      if (Date.now() / 1000 - seen.auth_time < OLDEST) return { status: 200 };
      return { status: 401, error: 'insufficient_user_authentication', max_age: OLDEST };
    },
    /** A code with this program's credential; `owner` is who began it, for those who try another's. */
    async redeem(code, state, owner = program) {
      const { verifier, nonce } = owner.begun(state);
      const fields = { grant_type: 'authorization_code', code, code_verifier: verifier, client_id: name, client_secret: secret };
      const said = await (await fetch(`${demo.issuer}/oauth2/token`, { method: 'POST', body: new URLSearchParams(fields) })).json();
      if (said.error) return { error: said.error };
      token = said.access_token;
      const claims = claimsIn(said.id_token);
      assert.equal(claims.nonce, nonce);
      return { sub: claims.sub, aud: [claims.aud].flat().join(), scope: said.scope };
    },
  };
  const server = await serve(name, async (request, answer) => {
    const body = await bodyOf(request);
    received.push(JSON.stringify([request.url, request.headers, body]));
    if (request.url === '/begin') return json(answer, program.begin());
    if (request.url === '/finish') {
      const { code, state } = JSON.parse(body);
      return json(answer, await program.redeem(code, state));
    }
    if (request.url === '/program') return html(answer, name, `<script type="module">(${programPage})(${JSON.stringify(host.origin)})</script>`);
    html(answer, name, `<script>(${listenForPorts})()</script>`);
  });
  const args = ['--client-id', name, '--host', 'super', '--state', 'live', '--redirect-uri', `${server.origin}/callback`, '--auth', 'client_secret_post'];
  secret = (await demo.addClient(name, ...args, '--scope', 'openid profile')).client_secret;
  return Object.assign(program, server);
}

/** In a program's page. */
async function programPage(hostOrigin) {
  const { connect } = await import('/vestibule-bridge.js');
  window.connected = false;
  const bridge = connect({ hostOrigin, connectTimeout: 60_000 });
  bridge.then(() => (window.connected = true));
  window.code = async (asked) => (await bridge).getAuthCode(asked);
  window.signIn = async (scopes, demand) => {
    const begun = await (await fetch('/begin', { method: 'POST' })).json();
    try {
      const answer = await window.code({ scopes, ...begun, ...demand });
      return await (await fetch('/finish', { method: 'POST', body: JSON.stringify(answer) })).json();
    } catch (error) {
      return { error: error.code ?? error.message };
    }
  };
}

/** A server at a name of its own, with the bridge for its pages. */
async function serve(name, listener) {
  const server = createServer((request, answer) => {
    if (request.url === '/vestibule-bridge.js') return answer.setHeader('content-type', 'text/javascript').end(BRIDGE);
    Promise.resolve(listener(request, answer)).catch((error) => answer.writeHead(500).end(error.message));
  });
  await new Promise((ready) => server.listen(0, '127.0.0.1', ready));
  const origin = `http://${name}.localhost:${server.address().port}`;
  return { origin, stop: () => new Promise((done) => server.close(done) && server.closeAllConnections()) };
}

function html(answer, title, body) {
  answer.setHeader('content-type', 'text/html; charset=utf-8');
  answer.end(`<!doctype html><html lang="en"><link rel="icon" href="data:,"><title>${title}</title><body>${body}`);
}

function json(answer, value) {
  answer.setHeader('content-type', 'application/json').end(JSON.stringify(value));
}

async function bodyOf(request) {
  const parts = [];
  for await (const part of request) parts.push(part);
  return Buffer.concat(parts).toString();
}

function challengeOf(verifier) {
  return { code_challenge: createHash('sha256').update(verifier).digest('base64url'), code_challenge_method: 'S256' };
}
