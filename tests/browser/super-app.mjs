// A super app: the host holds its key by WebCrypto, and the bridge is the one that is shipped.
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { signIn } from './demo.mjs';
import { addFrame, frameAt } from './frames.mjs';
import { challengeOf } from './mini-program.mjs';
import { bodyOf, html, json, serve } from './servers.mjs';
import { watched } from './watch.mjs';

const EXCHANGE = 'urn:ietf:params:oauth:grant-type:token-exchange';
/** Scopes that a program asks for. */
export const SILENT = ['openid', 'profile'];

/** The super app's page with Ada signed in, and all the messages of all its frames. */
export async function open({ demo, browser, host, others }, more = []) {
  const origins = [host, ...others, ...more].map(({ origin }) => origin);
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
    /** A button of the sheet. */
    answer: (name) => page.locator('dialog').getByRole('button', { name, exact: true }),
    /** Presses «Allow» if the sheet comes before the answer. */
    async sheet(asking) {
      const button = this.answer('Allow');
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
      const received = [...others, ...more].flatMap(({ received }) => received ?? []);
      const all = [...messages, ...(await Promise.all(inFrames)), ...received];
      for (const text of all) {
        assert.doesNotMatch(text, /eyJ/);
        for (const token of host.tokens) assert.ok(!text.includes(token));
      }
    },
    close,
  };
}

/** The super app. Its server is the native part: what the page asks there goes on to the provider, where no CORS holds it. */
export async function startHost(demo, browser) {
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
    const buttons = ['Allow', 'Don’t allow'].map((name) => {
      const button = dialog.appendChild(document.createElement('button'));
      button.innerText = name;
      return button;
    });
    document.body.append(dialog);
    dialog.showModal();
    const pressed = await new Promise((pressed) => buttons.forEach((button) => (button.onclick = () => pressed(button))));
    dialog.remove();
    return pressed === buttons[0] ? { allowed_scope: scope } : { decision: 'deny' };
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
    if (said.error === 'consent_required') said = await post({ ...fields, ...(await sheet(program, scope)) });
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
