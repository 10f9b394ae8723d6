// A wiki that knows nothing of OpenID Connect, behind a proxy that asks Vestibule about each request.
import assert from 'node:assert/strict';
import { createPublicKey, verify } from 'node:crypto';
import { createServer, request } from 'node:http';
import { connect } from 'node:net';
import { startProvider } from '../clients/provider.mjs';
import { claimsIn, freePorts, signIn, startChromium } from './demo.mjs';

export const DOMAIN = 'vestibule.localhost';
export const PASSWORD = 'correct horse battery staple';
/** A page that is a file. */
export const STATIC = '<!doctype html><link rel="icon" href="data:,"><title>Static</title><h1>A static page</h1>';

/** Provider, wiki, browser, and the proxy in front. */
export async function startWiki(proxy) {
  const [own, port] = await freePorts(2);
  const site = `http://wiki.${DOMAIN}:${port}`;
  const config = `public_url = "http://id.${DOMAIN}:${own}"\ntrusted_proxies = ["127.0.0.1/32"]\n[session]\nsite_domain = ".${DOMAIN}"\n`;
  const stops = [];
  const stop = async () => {
    for (const end of stops.reverse()) await end();
  };
  try {
    const provider = await startProvider({ config, listen: `127.0.0.1:${own}` });
    stops.push(provider.stop);
    await fill(provider, port);
    const echo = await startEcho();
    stops.push(echo.stop);
    const running = await proxy.start({ site, name: `wiki.${DOMAIN}`, port, provider: own, behind: echo.port });
    stops.push(running.stop);
    const browser = await startChromium();
    stops.push(() => browser.close());
    const { issuer } = provider;
    return {
      site, port, browser, issuer, stop,
      cookieOf: (username) => cookieOf(browser, site, username),
      raw: (path, headers) => raw(port, path, headers),
      spoken: (text) => spoken(port, text),
      ask: (path, headers) => ask(issuer, path, headers),
      believed: (token) => believed(issuer, token),
    };
  } catch (error) {
    await stop();
    throw error;
  }
}

async function fill(provider, port) {
  const rules = ['--rule', '/public public', '--rule', '/vault acr=phr', '--rule', '/admin groups=staff'];
  await provider.cli(['group', 'add', 'staff']);
  await provider.cli(['site', 'add', `wiki.${DOMAIN}:${port}`, ...rules]);
  await provider.addUser('ada@example.com', PASSWORD, '--name', 'Ada Lovelace', '--username', 'ada');
  await provider.addUser('grace@example.com', PASSWORD, '--name', 'Grace Hopper');
  await provider.cli(['group', 'add-member', 'staff', 'ada@example.com']);
}

/** The site's cookie after a sign-in as somebody. */
async function cookieOf(browser, site, username) {
  const context = await browser.newContext();
  const page = await context.newPage();
  await page.goto(`${site}/page`);
  await signIn(page, { username, password: PASSWORD });
  await page.waitForURL(`${site}/page`);
  const cookies = await context.cookies(site);
  await context.close();
  const { name, value, domain, httpOnly, sameSite } = cookies.find((cookie) => cookie.name === 'vestibule-site');
  assert.deepEqual([domain, httpOnly, sameSite], [`.${DOMAIN}`, true, 'Lax']);
  return `${name}=${value}`;
}

/** What the site behind says that it was asked. */
export async function shown(page) {
  return JSON.parse(await page.locator('pre').innerText());
}

/** A site that only says what it was asked. */
async function startEcho() {
  const server = createServer({ maxHeaderSize: 64 * 1024 }, ({ method, url, rawHeaders }, answer) => {
    // Where the proxy has no files of its own.
    if (url === '/static/') {
      answer.setHeader('content-type', 'text/html; charset=utf-8');
      return answer.end(STATIC);
    }
    const headers = {};
    for (let at = 0; at < rawHeaders.length; at += 2) headers[rawHeaders[at].toLowerCase()] = rawHeaders[at + 1];
    answer.setHeader('content-type', 'text/html; charset=utf-8');
    const text = JSON.stringify({ method, url, headers }).replaceAll('<', '\\u003c');
    answer.end(`<!doctype html><html lang="en"><link rel="icon" href="data:,"><title>Echo</title><pre>${text}</pre>`);
  });
  await new Promise((ready) => server.listen(0, '127.0.0.1', ready));
  return { port: server.address().port, stop: () => new Promise((done) => server.close(done) && server.closeAllConnections()) };
}

/** A request of a browser's whose path and headers nobody tidies up; gives back its status, and what the site behind was asked. */
function raw(port, path, headers) {
  return new Promise((done, failed) => {
    const host = `wiki.${DOMAIN}:${port}`;
    const sent = request({ host: '127.0.0.1', port, path, headers: { host, 'sec-fetch-mode': 'navigate', ...headers } }, (answer) => {
      let text = '';
      answer.on('data', (chunk) => (text += chunk));
      answer.on('end', () => {
        const said = /<pre>(.*)<\/pre>/.exec(text);
        done({ status: answer.statusCode, headers: said ? JSON.parse(said[1]).headers : {} });
      });
    });
    sent.on('error', failed).end();
  });
}

/** What the proxy answers to these very bytes. */
function spoken(port, text) {
  return new Promise((done, failed) => {
    let answer = '';
    const socket = connect(port, '127.0.0.1', () => socket.write(text));
    socket.on('data', (chunk) => (answer += chunk)).on('end', () => done(answer)).on('error', failed);
  });
}

/** A request to the provider itself. */
function ask(issuer, path, headers = {}) {
  return new Promise((done, failed) => {
    const { port, host } = new URL(issuer);
    const sent = request({ host: '127.0.0.1', port, path, headers: { host, ...headers } }, (answer) => {
      let text = '';
      answer.on('data', (chunk) => (text += chunk));
      answer.on('end', () => done({ status: answer.statusCode, headers: answer.headers, text }));
    });
    sent.on('error', failed).end();
  });
}

/** What an assertion says, by the keys that are published (RFC 7515 §5.2). */
async function believed(issuer, token) {
  const [header, claims, signature] = token.split('.');
  const { alg, typ, kid } = JSON.parse(Buffer.from(header, 'base64url'));
  assert.deepEqual([alg, typ], ['ES256', 'site-assertion+jwt']);
  const { keys } = JSON.parse((await ask(issuer, '/.well-known/jwks.json')).text);
  const key = createPublicKey({ key: keys.find((key) => key.kid === kid), format: 'jwk' });
  assert.ok(verify('sha256', Buffer.from(`${header}.${claims}`), { key, dsaEncoding: 'ieee-p1363' }, Buffer.from(signature, 'base64url')));
  return claimsIn(token);
}
