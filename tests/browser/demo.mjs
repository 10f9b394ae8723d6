// A demo of one's own: `vestibule demo` on free ports in a temporary directory, and Chromium to look at it with.
import { existsSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium } from 'playwright-core';
import { binary, launch, run } from '../clients/provider.mjs';

/**
 * Starts the demo. What `--json` prints in one line on standard output is
 * `{"issuer", "photos", "drive", "username", "password", …}`; `cli` works on the same data directory.
 */
export async function startDemo() {
  const dir = mkdtempSync(join(tmpdir(), 'vestibule-walk-'));
  const ports = await freePorts(3);
  const file = join(dir, 'vestibule.toml');
  writeFileSync(file, `public_url = "http://localhost:${ports[0]}"\ndata_dir = "demo"\n`);
  const env = { PATH: process.env.PATH, HOME: dir, VESTIBULE_CONFIG: file };
  const [listen, photos, drive] = ports.map((port) => `127.0.0.1:${port}`);
  const args = ['demo', '--dir', 'demo', '--listen', listen, '--photos-listen', photos, '--drive-listen', drive];
  const child = launch(binary(), [...args, '--json'], { cwd: dir, env });
  const said = JSON.parse((await child.line(/^\{.*\}$/, 30_000))[0]);
  const cli = (arguments_, input) => run(binary(), arguments_, { cwd: dir, env }, input);
  return {
    ...said,
    cli,
    log: child.log,
    async addUser(email, name, password) {
      await cli(['user', 'add', email, '--name', name, '--password-stdin', '--verified'], `${password}\n`);
      return { username: email, name, password };
    },
    async addClient(name, ...more) {
      return JSON.parse(await cli(['client', 'add', name, ...more, '--json']));
    },
    /** The link in the newest mail to an address, as soon as it is there. */
    async link(email) {
      return (await this.mail(email)).match(/https?:\/\/\S+\?token=[\w.-]+/)[0];
    },
    /** The newest mail to an address, as soon as it is there. */
    async mail(email) {
      const folder = join(dir, 'demo/mail');
      for (const end = Date.now() + 15_000; Date.now() < end; await new Promise((next) => setTimeout(next, 100))) {
        const names = existsSync(folder) ? readdirSync(folder).filter((name) => name.endsWith('.eml')) : [];
        const mails = names.sort().map((name) => readFileSync(join(folder, name), 'utf8').replaceAll('=\r\n', '').replaceAll('=3D', '='));
        const mail = mails.findLast((text) => text.includes(`To: ${email}\r\n`));
        if (mail) return mail;
      }
      throw new Error(`no mail came to ${email}`);
    },
    async stop() {
      await child.stop();
      rmSync(dir, { recursive: true, force: true });
    },
  };
}

/** An app that nobody trusts: it only says what it was sent. */
export async function startThird(demo) {
  const server = createServer((request, answer) => {
    answer.setHeader('content-type', 'text/html; charset=utf-8');
    answer.end(`<!doctype html><html lang="en"><link rel="icon" href="data:,"><title>Third</title><p>${request.method} answered`);
  });
  await new Promise((ready) => server.listen(0, '127.0.0.1', ready));
  const origin = `http://third.localhost:${server.address().port}`;
  const callback = `${origin}/callback`;
  const metadata = { client_uri: origin, contacts: ['press@third.example'] };
  const args = ['--type', 'spa', '--redirect-uri', callback, '--scope', 'openid profile email'];
  const client = await demo.addClient('Postcards', ...args, '--metadata', JSON.stringify(metadata));
  const request = { client_id: client.client_id, response_type: 'code', redirect_uri: callback, scope: 'openid profile email' };
  const pkce = { code_challenge: 'E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM', code_challenge_method: 'S256' };
  return {
    origin,
    callback,
    clientId: client.client_id,
    url: (more) => `${demo.issuer}/oauth2/authorize?${new URLSearchParams({ ...request, ...pkce, state: 's', nonce: 'n', ...more })}`,
    /** The tokens for the code that a page was sent back with. */
    async redeem(page) {
      await page.waitForURL((url) => url.href.startsWith(callback) && url.searchParams.has('code'));
      const code = new URL(page.url()).searchParams.get('code');
      const form = { grant_type: 'authorization_code', code, redirect_uri: callback, client_id: client.client_id };
      // The verifier of RFC 7636 appendix B.
      const body = new URLSearchParams({ ...form, code_verifier: 'dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk' });
      return (await fetch(`${demo.issuer}/oauth2/token`, { method: 'POST', body })).json();
    },
    stop: () => new Promise((done) => server.close(done) && server.closeAllConnections()),
  };
}

/** Chromium that can reach nothing but this machine. Third parties have no cookies in it, as in any private window. */
export function startChromium() {
  return chromium.launch(starting());
}

/** The same with settings that let third parties have cookies, which asks for a profile on the disk, one for each context. */
export function startTolerantChromium() {
  const begun = [];
  return {
    async newContext(options) {
      const dir = mkdtempSync(join(tmpdir(), 'vestibule-profile-'));
      mkdirSync(join(dir, 'Default'));
      const settings = { profile: { cookie_controls_mode: 0, block_third_party_cookies: false } };
      writeFileSync(join(dir, 'Default/Preferences'), JSON.stringify(settings));
      const context = await chromium.launchPersistentContext(dir, { ...starting(), ...options });
      begun.push({ context, dir });
      return context;
    },
    async close() {
      for (const { context, dir } of begun) {
        await context.close();
        rmSync(dir, { recursive: true, force: true, maxRetries: 5 });
      }
    },
  };
}

function starting() {
  const executablePath = process.env.CHROMIUM;
  if (!executablePath) throw new Error('CHROMIUM is not set; run these tests with `cargo xtask test`');
  const only = '--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE localhost, EXCLUDE *.localhost, EXCLUDE 127.0.0.1';
  const quiet = ['--disable-background-networking', '--disable-component-update', '--disable-sync', '--no-first-run'];
  return { executablePath, args: ['--no-sandbox', '--disable-dev-shm-usage', only, ...quiet] };
}

/** Waits for a page of the provider by its step. */
export async function step(page, name, { timeout = 10_000 } = {}) {
  const form = page.locator(`[data-step="${name}"]`);
  try {
    await form.waitFor({ timeout });
  } catch {
    const text = await page.locator('body').innerText();
    throw new Error(`expected the step «${name}» at ${page.url()}, where it says:\n${text}`);
  }
  return form;
}

/** Presses one of a step's buttons. */
export async function press(page, name, action) {
  await (await step(page, name)).locator(`button[name="action"][value="${action}"]`).click();
}

/** Fills in the sign-in page and sends it. */
export async function signIn(page, { username, password }) {
  const form = await step(page, 'signin');
  await form.locator('[name="username"]').fill(username);
  await form.locator('[name="password"]').fill(password);
  await press(page, 'signin', 'signin');
}

/** Begins a sign-in at an app. */
export async function askAt(page, app) {
  await page.goto(new URL('/', app).href);
  await page.locator('[data-action="login"]').click();
}

/** Signed in at the app; gives back who the app says it is. */
export async function isIn(page, app) {
  const home = new URL('/', app).href;
  await page.waitForURL(home, { timeout: 5_000 }).catch(async () => {
    throw new Error(`expected ${home}, but ${page.url()} says:\n${await page.locator('body').innerText()}`);
  });
  return page.locator('[data-who]').innerText();
}

/** What the app shows of a claim. */
export async function claim(page, name) {
  const row = page.locator('[data-claims] tr').filter({ has: page.locator('th', { hasText: new RegExp(`^${name}$`) }) });
  return row.locator('td').innerText();
}

/** What a token says. */
export function claimsIn(token) {
  return JSON.parse(Buffer.from(token.split('.')[1], 'base64url'));
}

/** Makes a passkey in this page's browser for somebody who has none. */
export async function makePasskey(page, issuer, who) {
  await page.goto(`${issuer}/account/passkeys`);
  await signIn(page, who);
  await page.goto(`${issuer}/account/passkeys`);
  await press(page, 'passkey', 'passkey');
  await step(page, 'passkey-remove');
}

/** An authenticator within the browser that verifies its person without asking (CDP WebAuthn). */
export async function authenticator(page) {
  const cdp = await page.context().newCDPSession(page);
  await cdp.send('WebAuthn.enable');
  const options = { protocol: 'ctap2', transport: 'internal', hasResidentKey: true, hasUserVerification: true };
  const { authenticatorId } = await cdp.send('WebAuthn.addVirtualAuthenticator', {
    options: { ...options, isUserVerified: true, automaticPresenceSimulation: true },
  });
  return {
    credentials: async () => (await cdp.send('WebAuthn.getCredentials', { authenticatorId })).credentials,
    /** Puts copies of its credentials in their place, as somebody does who kept one from before. */
    async putBack(credentials) {
      await cdp.send('WebAuthn.clearCredentials', { authenticatorId });
      for (const credential of credentials) await cdp.send('WebAuthn.addCredential', { authenticatorId, credential });
    },
    isPresent: (enabled) => cdp.send('WebAuthn.setAutomaticPresenceSimulation', { authenticatorId, enabled }),
  };
}

/** Ports that nobody listens on. */
export async function freePorts(count) {
  const servers = await Promise.all(
    Array.from({ length: count }, () => {
      const server = createServer();
      return new Promise((ready) => server.listen(0, '127.0.0.1', () => ready(server)));
    }),
  );
  const ports = servers.map((server) => server.address().port);
  await Promise.all(servers.map((server) => new Promise((closed) => server.close(closed))));
  return ports;
}
