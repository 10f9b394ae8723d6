// Plain websites behind a real nginx with the shipped sample, in Chromium: with and without step-up, and what those find
// who try to get past it.
import assert from 'node:assert/strict';
import { createPublicKey, verify } from 'node:crypto';
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, request } from 'node:http';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { launch, startProvider } from '../clients/provider.mjs';
import { authenticator, claimsIn, freePorts, makePasskey, press, signIn, startChromium, step } from './demo.mjs';
import { watched } from './watch.mjs';

const DOMAIN = 'vestibule.localhost';
const PASSWORD = 'correct horse battery staple';
let provider, nginx, echo, browser, dir, site, port;

before(async () => {
  let own;
  [own, port] = await freePorts(2);
  site = `http://wiki.${DOMAIN}:${port}`;
  const config = `public_url = "http://id.${DOMAIN}:${own}"\ntrusted_proxies = ["127.0.0.1/32"]\n[session]\nsite_domain = ".${DOMAIN}"\n`;
  provider = await startProvider({ config, listen: `127.0.0.1:${own}` });
  echo = await startEcho();
  const rules = ['--rule', '/public public', '--rule', '/vault acr=phr', '--rule', '/admin groups=staff'];
  await provider.cli(['group', 'add', 'staff']);
  await provider.cli(['site', 'add', `wiki.${DOMAIN}:${port}`, ...rules]);
  await provider.addUser('ada@example.com', PASSWORD, '--name', 'Ada Lovelace', '--username', 'ada');
  await provider.addUser('grace@example.com', PASSWORD, '--name', 'Grace Hopper');
  await provider.cli(['group', 'add-member', 'staff', 'ada@example.com']);
  nginx = await startNginx(own);
  browser = await startChromium();
});

after(async () => {
  await browser?.close();
  await nginx?.stop();
  await echo?.stop();
  await provider?.stop();
  if (dir) rmSync(dir, { recursive: true, force: true });
});

test('a plain website opens after one sign-in, and is told who comes', async () => {
  const { page, close } = await watched(browser, [provider.issuer, site], {});
  await page.goto(`${site}/page?x=1&y=2`);
  await step(page, 'signin');
  assert.match(await page.locator('body').innerText(), new RegExp(`wiki\\.${DOMAIN}`));
  await signIn(page, { username: 'ada', password: PASSWORD });
  await page.waitForURL(`${site}/page?x=1&y=2`);
  const seen = await shown(page);
  assert.equal(seen.url, '/page?x=1&y=2');
  assert.equal(seen.headers['remote-user'], 'ada');
  assert.equal(seen.headers['remote-email'], 'ada@example.com');
  assert.equal(seen.headers['remote-groups'], 'staff');
  assert.equal(seen.headers['remote-name'], 'Ada Lovelace');
  assert.equal(seen.headers.cookie, undefined, 'the site behind never sees the cookie');
  const said = await believed(seen.headers['remote-assertion']);
  assert.deepEqual([said.iss, said.aud, said.exp - said.iat], [provider.issuer, `wiki.${DOMAIN}:${port}`, 60]);
  assert.deepEqual([said.preferred_username, said.groups], ['ada', ['staff']]);
  // The site's own cookies reach it as they are.
  await page.evaluate(() => (document.cookie = 'theme=dark'));
  await page.goto(`${site}/admin`);
  assert.equal((await shown(page)).headers.cookie, 'theme=dark');
  // Signing out, by a link of the site.
  await page.goto(`${provider.issuer}/forward-auth/signout?to=${encodeURIComponent(`${site}/public/bye`)}`);
  await press(page, 'signout', 'signout');
  await page.waitForURL(`${site}/public/bye`);
  assert.equal((await shown(page)).headers['remote-user'], undefined);
  await page.goto(`${site}/page`);
  await step(page, 'signin');
  await close();
});

test('a static site, too, and a path of it asks for a passkey', async () => {
  const { page, close } = await watched(browser, [provider.issuer, site], {});
  const device = await authenticator(page);
  await makePasskey(page, provider.issuer, { username: 'ada', password: PASSWORD });
  await page.context().clearCookies();
  await device.isPresent(false);
  await page.goto(`${site}/static/`);
  await signIn(page, { username: 'ada', password: PASSWORD });
  await page.waitForURL(`${site}/static/`);
  assert.equal(await page.locator('h1').innerText(), 'A static page');
  await page.goto(`${site}/vault`);
  await step(page, 'passkey');
  await device.isPresent(true);
  await press(page, 'passkey', 'passkey');
  await page.waitForURL(`${site}/vault`);
  assert.equal((await shown(page)).url, '/vault');
  await close();
});

test('what comes from outside under these names reaches no site', async () => {
  const cookie = await cookieOf('grace@example.com');
  const forged = {
    'remote-user': 'root', 'REMOTE-GROUPS': 'staff', remote_user: 'root', Remote_Groups: 'staff', 'remote.user': 'root',
    'remote-assertion': 'x', remote_assertion: 'x',
    'x-forwarded-host': `wiki.${DOMAIN}:${port}`, 'x-forwarded-uri': '/public', 'x-original-url': `${site}/public`, forwarded: 'host=x',
  };
  for (const [path, cookies] of [['/public/a', ''], ['/public/a', cookie], ['/page', cookie]]) {
    const { status, headers } = await raw(path, { ...forged, cookie: `a=1; ${cookies}; b=2; ${cookies}x` });
    // The cookie stands twice, or is none: nobody is known by it.
    assert.equal(status, path === '/page' ? 302 : 200, path);
    if (status !== 200) continue;
    const names = Object.keys(headers).filter((name) => /^remote/i.test(name));
    assert.deepEqual(names, [], `${path}: ${JSON.stringify(headers)}`);
    assert.doesNotMatch(headers.cookie, /vestibule/);
    assert.match(headers.cookie, /^a=1; b=2/);
  }
  const { headers } = await raw('/page', { ...forged, cookie: `a=1; ${cookie}; b=2` });
  assert.equal(headers['remote-email'], 'grace@example.com');
  assert.equal(headers['remote-user'], 'grace@example.com');
  assert.deepEqual(Object.keys(headers).filter((name) => /^remote[^-]/i.test(name)), []);
  assert.equal(headers['remote-groups'], undefined);
  assert.equal(headers.cookie, 'a=1; b=2');
});

test('no header and no spelling of a path opens what a rule closes', async () => {
  const cookie = await cookieOf('grace@example.com');
  const paths = ['/admin', '//admin', '/public/../admin', '/public/%2e%2e/admin', '/public/..%2fadmin', '/%61dmin', '/ADMIN', '/admin;x'];
  for (const path of [...paths, '/public/%252e%252e/admin', '/./admin', '/public//../admin', '/public/..%5cadmin', '/admin%2f..%2fadmin']) {
    assert.equal((await raw(path, { cookie })).status, 403, path);
    assert.equal((await raw(path, { cookie, 'x-original-url': `${site}/public`, 'x-forwarded-uri': '/public' })).status, 403, path);
    assert.equal((await raw(path, {})).status, 302, path);
  }
  // A request line in absolute form, and a Host of somebody else's.
  for (const line of [`GET ${site}/admin HTTP/1.1\r\nHost: public.${DOMAIN}`, `GET /admin HTTP/1.1\r\nHost: evil.example`, 'GET /admin HTTP/1.0']) {
    assert.match(await spoken(`${line}\r\nCookie: ${cookie}\r\nConnection: close\r\n\r\n`), /^HTTP\/1\.[01] 403 /, line);
  }
});

test('whoever comes past the proxy is believed nothing', async () => {
  const cookie = await cookieOf('ada@example.com');
  // Asked directly, from an address that is trusted: the words of a proxy, half of them or of two.
  const direct = (headers) => ask('/forward-auth', { cookie, ...headers });
  assert.equal((await direct({})).status, 403);
  assert.equal((await direct({ 'x-original-url': `${site}/page` })).status, 200);
  assert.equal((await direct({ 'x-original-url': `${site}/page`, 'x-forwarded-host': 'x' })).status, 403);
  assert.equal((await direct({ 'x-original-url': 'https://evil.example/' })).status, 403);
  const parts = { 'x-forwarded-host': `wiki.${DOMAIN}:${port}`, 'x-forwarded-uri': '/page' };
  assert.equal((await direct(parts)).status, 200);
  const led = await ask('/forward-auth', { ...parts, 'sec-fetch-mode': 'navigate' });
  assert.equal(led.status, 303);
  assert.equal(new URL(led.headers.location).searchParams.get('to'), `${site}/page`);
});

/** The site's cookie after a sign-in as somebody. */
async function cookieOf(username) {
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
async function shown(page) {
  return JSON.parse(await page.locator('pre').innerText());
}

/** A site that only says what it was asked. */
async function startEcho() {
  const server = createServer(({ method, url, rawHeaders }, answer) => {
    const headers = {};
    for (let at = 0; at < rawHeaders.length; at += 2) headers[rawHeaders[at].toLowerCase()] = rawHeaders[at + 1];
    answer.setHeader('content-type', 'text/html; charset=utf-8');
    const text = JSON.stringify({ method, url, headers }).replaceAll('<', '\\u003c');
    answer.end(`<!doctype html><html lang="en"><link rel="icon" href="data:,"><title>Echo</title><pre>${text}</pre>`);
  });
  await new Promise((ready) => server.listen(0, '127.0.0.1', ready));
  return { port: server.address().port, stop: () => new Promise((done) => server.close(done) && server.closeAllConnections()) };
}

/** nginx with the shipped sample, of which only names, ports and the certificate are changed. */
async function startNginx(own) {
  dir = mkdtempSync(join(tmpdir(), 'vestibule-nginx-'));
  // nginx reads what it serves as a user of its own.
  chmodSync(dir, 0o755);
  mkdirSync(join(dir, 'html/static'), { recursive: true });
  writeFileSync(join(dir, 'html/static/index.html'), '<!doctype html><link rel="icon" href="data:,"><title>Static</title><h1>A static page</h1>');
  const sample = readFileSync(new URL('../../docs/samples/nginx.conf', import.meta.url), 'utf8');
  const changed = [
    ['listen 443 ssl;', `listen 127.0.0.1:${port};`],
    [/^ *ssl_certificate.*\n/gm, ''],
    ['https://wiki.example.com$request_uri', `${site}$request_uri`],
    [/wiki\.example\.com/g, `wiki.${DOMAIN}`],
    ['127.0.0.1:8080', `127.0.0.1:${own}`],
    ['127.0.0.1:3000', `127.0.0.1:${echo.port}`],
  ].reduce((text, [from, to]) => {
    assert.notEqual(text.replace(from, to), text, `the sample has no ${from}`);
    return text.replace(from, () => to);
  }, sample);
  // The same site serves files, too, behind the same question.
  const location = /    location \/ \{[^]*?\n    \}\n/.exec(changed)[0];
  const files = location
    .replace('location / {', 'location /static/ {')
    .replace(/^ *proxy_(pass|set_header).*\n/gm, '')
    .replace(/\}\n$/, `    root ${dir}/html;\n    }\n`);
  const temp = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map((name) => `${name}_temp_path ${dir}/${name};`).join(' ');
  const http = `types { text/html html; } access_log off; ${temp}\n${changed.replace(location, location + files)}`;
  writeFileSync(join(dir, 'nginx.conf'), `daemon off; worker_processes 1; pid ${dir}/pid; error_log ${dir}/error.log;\nevents {}\nhttp {\n${http}\n}\n`);
  const child = launch(process.env.NGINX ?? 'nginx', ['-c', join(dir, 'nginx.conf'), '-p', dir, '-e', join(dir, 'error.log')], { cwd: dir, env: { PATH: process.env.PATH } });
  for (const end = Date.now() + 10_000; ; await new Promise((next) => setTimeout(next, 50))) {
    const open = await new Promise((done) => {
      const socket = connect(port, '127.0.0.1', () => done(true));
      socket.on('error', () => done(false)).on('connect', () => socket.end());
    });
    if (open) return child;
    if (Date.now() > end) throw new Error(`nginx does not listen:\n${child.log()}`);
  }
}

/** A request whose path and headers nobody tidies up; gives back its status, and what the site behind was asked. */
function raw(path, headers) {
  return new Promise((done, failed) => {
    const host = `wiki.${DOMAIN}:${port}`;
    const sent = request({ host: '127.0.0.1', port, path, headers: { host, ...headers } }, (answer) => {
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

/** What nginx answers to these very bytes. */
function spoken(text) {
  return new Promise((done, failed) => {
    let answer = '';
    const socket = connect(port, '127.0.0.1', () => socket.write(text));
    socket.on('data', (chunk) => (answer += chunk)).on('end', () => done(answer)).on('error', failed);
  });
}

/** A request to the provider itself. */
function ask(path, headers = {}) {
  return new Promise((done, failed) => {
    const { port, host } = new URL(provider.issuer);
    const sent = request({ host: '127.0.0.1', port, path, headers: { host, ...headers } }, (answer) => {
      let text = '';
      answer.on('data', (chunk) => (text += chunk));
      answer.on('end', () => done({ status: answer.statusCode, headers: answer.headers, text }));
    });
    sent.on('error', failed).end();
  });
}

/** What an assertion says, by the keys that are published (RFC 7515 §5.2). */
async function believed(token) {
  const [header, claims, signature] = token.split('.');
  const { alg, typ, kid } = JSON.parse(Buffer.from(header, 'base64url'));
  assert.deepEqual([alg, typ], ['ES256', 'site-assertion+jwt']);
  const { keys } = JSON.parse((await ask('/.well-known/jwks.json')).text);
  const key = createPublicKey({ key: keys.find((key) => key.kid === kid), format: 'jwk' });
  assert.ok(verify('sha256', Buffer.from(`${header}.${claims}`), { key, dsaEncoding: 'ieee-p1363' }, Buffer.from(signature, 'base64url')));
  return claimsIn(token);
}
