// From a native app into a web client that is signed in, in Chromium: the app and the client are played here, by plain
// HTTP and by the pages that people see.
import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import { after, before, test } from 'node:test';
import { claimsIn, press, signIn, startChromium, startDemo, step } from './demo.mjs';
import { watched } from './watch.mjs';

let demo, browser, inbox, notes;

before(async () => {
  demo = await startDemo();
  browser = await startChromium();
  notes = await startNotes();
  inbox = await startInbox();
});

after(async () => {
  await browser?.close();
  await inbox?.stop();
  await notes?.stop();
  await demo?.stop();
});

test('an app opens a web client that is signed in already', async () => {
  const tokens = await notes.signIn();
  const { url, number, expires_in } = await notes.handOff(tokens);
  assert.equal(expires_in, 60);
  assert.doesNotMatch(url, /eyJ/, 'no token stands in the address');
  const { page, close } = await watched(browser, [demo.issuer, inbox.origin], {});
  await page.goto(url);
  const form = await step(page, 'handoff');
  const said = await page.locator('main').innerText();
  assert.match(said, /Ada Lovelace/);
  assert.match(said, /Inbox/);
  assert.doesNotMatch(said, new RegExp(`\\b${number}\\b`), 'the number is the app’s to say');
  await form.locator('[name="number"]').fill(number);
  await press(page, 'handoff', 'continue');
  await page.waitForURL(`${inbox.origin}/mail?id=7`);
  const own = JSON.parse(await page.locator('pre').innerText());
  assert.equal(own.sub, claimsIn(tokens.id_token).sub);
  assert.notEqual(own.sid, claimsIn(tokens.id_token).sid, 'a session of its own');
  // It opens this client and nothing else.
  await page.goto(`${demo.issuer}/account`);
  await step(page, 'signin');
  await close();
});

test('a link that was opened elsewhere, or beforehand, or twice, signs nobody in', async () => {
  const tokens = await notes.signIn();
  const first = await notes.handOff(tokens);
  // Whoever fetches it, and a browser that prefetches it, use nothing up.
  for (const headers of [{}, { 'sec-purpose': 'prefetch' }, { purpose: 'prefetch' }]) {
    assert.equal((await fetch(first.url, { headers })).status, 200);
  }
  const prefetching = await watched(browser, [demo.issuer, inbox.origin], {});
  await prefetching.page.goto(`${inbox.origin}/prefetch?to=${encodeURIComponent(first.url)}`);
  await prefetching.page.waitForTimeout(500);
  await prefetching.close();
  // Somebody else's browser: there is no number to type there, and one guess uses the link up.
  const thief = await watched(browser, [demo.issuer, inbox.origin], {});
  await thief.page.goto(first.url);
  const owner = await watched(browser, [demo.issuer, inbox.origin], {});
  await owner.page.goto(first.url);
  const guess = String(((Number(first.number) - 10 + 41) % 90) + 10);
  await (await step(thief.page, 'handoff')).locator('[name="number"]').fill(guess);
  await press(thief.page, 'handoff', 'continue');
  await thief.page.getByText('Nobody was signed in').waitFor();
  assert.deepEqual(sessionsOf(await thief.page.context().cookies()), []);
  await (await step(owner.page, 'handoff')).locator('[name="number"]').fill(first.number);
  await press(owner.page, 'handoff', 'continue');
  await owner.page.getByText('This link no longer works').waitFor();
  assert.deepEqual(sessionsOf(await owner.page.context().cookies()), []);
  await thief.close();
  // The next one works, once.
  const second = await notes.handOff(tokens);
  await owner.page.goto(second.url);
  await (await step(owner.page, 'handoff')).locator('[name="number"]').fill(second.number);
  await press(owner.page, 'handoff', 'continue');
  await owner.page.waitForURL(`${inbox.origin}/mail?id=7`);
  await owner.page.goto(second.url);
  await owner.page.getByText('This link no longer works').waitFor();
  await owner.close();
});

test('an app with a key in its device answers by itself', async () => {
  const tokens = await notes.signIn();
  await notes.keepKey(tokens);
  const pushed = await notes.handOff(tokens, { device_key: notes.device.id });
  assert.equal(pushed.number, undefined, 'there is none to type');
  const { page, close } = await watched(browser, [demo.issuer, inbox.origin, notes.origin], {});
  await page.goto(pushed.url);
  const form = await step(page, 'handoff');
  assert.match(await form.innerText(), /Confirm in .*Notes/);
  // Its link opens the app, which opens the browser again; the page there sends itself.
  await press(page, 'handoff', 'ask');
  await page.waitForURL(`${inbox.origin}/mail?id=7`);
  const own = JSON.parse(await page.locator('pre').innerText());
  assert.equal(own.sub, claimsIn(tokens.id_token).sub);
  await close();
});

test('the app’s answer to a question of another browser signs nobody in', async () => {
  const tokens = await notes.signIn();
  await notes.keepKey(tokens);
  const pushed = await notes.handOff(tokens, { device_key: notes.device.id });
  const allowed = [demo.issuer, inbox.origin, notes.origin];
  const [thief, owner] = [await watched(browser, allowed, {}), await watched(browser, allowed, {})];
  // The thief has the address, asks, and sends the question on to the owner's app.
  await thief.page.goto(pushed.url);
  const question = thief.page.waitForRequest((request) => request.url().startsWith(`${notes.origin}/handoff`));
  notes.answering = false;
  await press(thief.page, 'handoff', 'ask');
  const { search } = new URL((await question).url());
  notes.answering = true;
  await owner.page.goto(`${notes.origin}/handoff${search}`);
  await owner.page.getByText('Your app did not confirm this').waitFor();
  for (const { page } of [thief, owner]) assert.deepEqual(sessionsOf(await page.context().cookies()), []);
  await thief.close();
  await owner.close();
});

test('signing out of the app ends what it opened', async () => {
  const tokens = await notes.signIn();
  const { url, number } = await notes.handOff(tokens);
  const { page, close } = await watched(browser, [demo.issuer, inbox.origin], {});
  await page.goto(url);
  await (await step(page, 'handoff')).locator('[name="number"]').fill(number);
  await press(page, 'handoff', 'continue');
  await page.waitForURL(`${inbox.origin}/mail?id=7`);
  await notes.signOut(tokens);
  await page.goto(`${inbox.origin}/login?target_link_uri=${encodeURIComponent(`${inbox.origin}/mail?id=7`)}`);
  await step(page, 'signin');
  await close();
});

/** The cookies by which sessions are known. */
function sessionsOf(cookies) {
  return cookies.filter(({ name }) => name === 'vestibule');
}

/** The native app: a public client that signs in by the system's browser, and asks by itself. */
async function startNotes() {
  const callback = 'http://127.0.0.1/callback';
  const post = async (path, fields, headers = {}) => {
    const answer = await fetch(`${demo.issuer}${path}`, { method: 'POST', headers, body: new URLSearchParams(fields) });
    return { status: answer.status, ...(await answer.json().catch(() => ({}))) };
  };
  let context, pushed;
  // The link that the app claims: the system opens the app with it, and the app opens the browser again.
  const server = createServer(async ({ url }, answer) => {
    const { pathname, searchParams } = new URL(url, 'http://notes');
    const isOwn = pathname === '/handoff' && searchParams.get('iss') === demo.issuer && searchParams.get('handoff') === pushed?.handoff;
    if (!notes.answering || !isOwn) return answer.writeHead(204).end();
    const claims = { handoff: pushed.handoff, challenge: searchParams.get('challenge') };
    const proof = await sign(notes.device.pair.privateKey, 'vestibule-handoff+jwt', claims);
    answer.writeHead(302, { location: `${pushed.url}&proof=${proof}` }).end();
  });
  await new Promise((ready) => server.listen(0, '127.0.0.1', ready));
  const origin = `http://notes.localhost:${server.address().port}`;
  const usual = ['--type', 'native', '--redirect-uri', callback, '--scope', 'openid profile', '--trusted', '--client-id', 'notes'];
  const client = await demo.addClient('Notes', ...usual, '--metadata', JSON.stringify({ vestibule_handoff_uri: `${origin}/handoff` }));
  return {
    origin,
    answering: true,
    device: undefined,
    stop: () => new Promise((done) => server.close(done) && server.closeAllConnections()),
    /** Makes a key in the device, and registers it. */
    async keepKey({ access_token }) {
      const pair = await crypto.subtle.generateKey({ name: 'ECDSA', namedCurve: 'P-256' }, false, ['sign']);
      const { kty, crv, x, y } = await crypto.subtle.exportKey('jwk', pair.publicKey);
      const send = (proof) =>
        fetch(`${demo.issuer}/api/device-keys/v1/keys`, {
          method: 'POST',
          headers: { authorization: `Bearer ${access_token}`, 'content-type': 'application/json' },
          body: JSON.stringify({ jwk: { kty, crv, x, y }, name: 'Ada’s phone', proof }),
        });
      const nonce = (await send('')).headers.get('dpop-nonce');
      const ath = Buffer.from(await crypto.subtle.digest('SHA-256', Buffer.from(access_token))).toString('base64url');
      const answer = await send(await sign(pair.privateKey, 'vestibule-device-key+jwt', { nonce, ath }));
      assert.equal(answer.status, 201);
      this.device = { pair, ...(await answer.json()) };
    },
    async signIn() {
      await context?.close();
      context = await browser.newContext({ locale: 'en' });
      const page = await context.newPage();
      const request = { client_id: client.client_id, response_type: 'code', redirect_uri: callback, scope: 'openid profile', nonce: 'n', state: 's', ...PKCE };
      await page.goto(`${demo.issuer}/oauth2/authorize?${new URLSearchParams(request)}`);
      // Nobody listens there: the app reads the address.
      const back = page.waitForRequest((request) => request.url().startsWith(callback));
      await signIn(page, demo);
      const code = new URL((await back).url()).searchParams.get('code');
      const tokens = await post('/oauth2/token', { grant_type: 'authorization_code', code, redirect_uri: callback, client_id: client.client_id, code_verifier: VERIFIER });
      assert.equal(tokens.status, 200, JSON.stringify(tokens));
      return tokens;
    },
    async handOff({ access_token }, more = {}) {
      const fields = { client_id: inbox.clientId, target_link_uri: `${inbox.origin}/mail?id=7`, ...more };
      pushed = await post('/api/handoff/v1/links', fields, { authorization: `Bearer ${access_token}` });
      assert.equal(pushed.status, 201, JSON.stringify(pushed));
      return pushed;
    },
    async signOut({ id_token }) {
      const page = await context.newPage();
      await page.goto(`${demo.issuer}/oauth2/logout?${new URLSearchParams({ id_token_hint: id_token })}`);
      await context.close();
      context = undefined;
    },
  };
}

/** A JWT by the device's key. */
async function sign(key, typ, claims) {
  const part = (value) => Buffer.from(JSON.stringify(value)).toString('base64url');
  const body = { aud: demo.issuer, iat: Math.floor(Date.now() / 1000), jti: crypto.randomUUID(), ...claims };
  const input = `${part({ alg: 'ES256', typ })}.${part(body)}`;
  const signature = await crypto.subtle.sign({ name: 'ECDSA', hash: 'SHA-256' }, key, Buffer.from(input));
  return `${input}.${Buffer.from(signature).toString('base64url')}`;
}

/** The web client: its ordinary code flow, begun where others may begin it (Core §4). */
async function startInbox() {
  let clientId, secret, origin;
  const server = createServer(async ({ url, headers }, answer) => {
    const { pathname, searchParams } = new URL(url, origin);
    const redirect_uri = `${origin}/callback`;
    const html = (body) => answer.setHeader('content-type', 'text/html; charset=utf-8').end(`<!doctype html><html lang="en"><link rel="icon" href="data:,"><title>Inbox</title>${body}`);
    if (pathname === '/login') {
      if (searchParams.has('iss')) assert.equal(searchParams.get('iss'), demo.issuer);
      const target = searchParams.get('target_link_uri') ?? `${origin}/`;
      const request = { client_id: clientId, response_type: 'code', redirect_uri, scope: 'openid profile', nonce: 'n', state: target, ...PKCE };
      return answer.writeHead(302, { location: `${demo.issuer}/oauth2/authorize?${new URLSearchParams(request)}` }).end();
    }
    if (pathname === '/callback') {
      const fields = { grant_type: 'authorization_code', code: searchParams.get('code'), redirect_uri, client_id: clientId, client_secret: secret, code_verifier: VERIFIER };
      const tokens = await (await fetch(`${demo.issuer}/oauth2/token`, { method: 'POST', body: new URLSearchParams(fields) })).json();
      const claims = tokens.id_token ? JSON.stringify(claimsIn(tokens.id_token)) : JSON.stringify(tokens);
      return answer.writeHead(302, { location: searchParams.get('state'), 'set-cookie': `who=${encodeURIComponent(claims)}; HttpOnly; Path=/` }).end();
    }
    if (pathname === '/prefetch') return html(`<link rel="prefetch" href="${searchParams.get('to').replaceAll('"', '')}"><p>prefetching`);
    const who = /who=([^;]+)/.exec(headers.cookie ?? '')?.[1];
    return html(`<pre>${who ? decodeURIComponent(who) : '{}'}</pre>`);
  });
  await new Promise((ready) => server.listen(0, '127.0.0.1', ready));
  origin = `http://inbox.localhost:${server.address().port}`;
  const metadata = {
    initiate_login_uri: `${origin}/login`,
    vestibule_handoff_from: ['notes'],
    token_endpoint_auth_method: 'client_secret_post',
  };
  const args = ['--type', 'web', '--redirect-uri', `${origin}/callback`, '--scope', 'openid profile', '--trusted'];
  const client = await demo.addClient('Inbox', ...args, '--metadata', JSON.stringify(metadata));
  [clientId, secret] = [client.client_id, client.client_secret];
  return { origin, clientId, stop: () => new Promise((done) => server.close(done) && server.closeAllConnections()) };
}

// RFC 7636 appendix B.
const VERIFIER = 'dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk';
const PKCE = { code_challenge: 'E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM', code_challenge_method: 'S256' };
