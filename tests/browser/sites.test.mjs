// Plain websites behind real proxies with the shipped samples, in Chromium: with and without step-up, and what those find who
// try to get past them.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { authenticator, makePasskey, press, signIn, step } from './demo.mjs';
import { caddy, nginx, traefik } from './proxies.mjs';
import { watched } from './watch.mjs';
import { DOMAIN, PASSWORD, shown, startWiki } from './wiki.mjs';

for (const proxy of [nginx, caddy, traefik]) describe(proxy.name, () => behind(proxy));

function behind(proxy) {
  let wiki;
  before(async () => (wiki = await startWiki(proxy)));
  after(() => wiki?.stop());

  test('a plain website opens after one sign-in, and is told who comes', async () => {
    const { page, close } = await watched(wiki.browser, [wiki.issuer, wiki.site], {});
    await page.goto(`${wiki.site}/page?x=1&y=2`);
    await step(page, 'signin');
    assert.match(await page.locator('body').innerText(), new RegExp(`wiki\\.${DOMAIN}`));
    await signIn(page, { username: 'ada', password: PASSWORD });
    await page.waitForURL(`${wiki.site}/page?x=1&y=2`);
    const seen = await shown(page);
    assert.equal(seen.url, '/page?x=1&y=2');
    assert.equal(seen.headers['remote-user'], 'ada');
    assert.equal(seen.headers['remote-email'], 'ada@example.com');
    assert.equal(seen.headers['remote-groups'], 'staff');
    assert.equal(seen.headers['remote-name'], 'Ada Lovelace');
    assert.equal(seen.headers.cookie ?? '', '', 'the site behind never sees the cookie');
    const said = await wiki.believed(seen.headers['remote-assertion']);
    assert.deepEqual([said.iss, said.aud, said.exp - said.iat], [wiki.issuer, `wiki.${DOMAIN}:${wiki.port}`, 60]);
    assert.deepEqual([said.preferred_username, said.groups], ['ada', ['staff']]);
    // The site's own cookies reach it as they are.
    await page.evaluate(() => (document.cookie = 'theme=dark'));
    await page.goto(`${wiki.site}/admin`);
    assert.equal((await shown(page)).headers.cookie, 'theme=dark');
    // Signing out, by a link of the site.
    await page.goto(`${wiki.issuer}/forward-auth/signout?to=${encodeURIComponent(`${wiki.site}/public/bye`)}`);
    await press(page, 'signout', 'signout');
    await page.waitForURL(`${wiki.site}/public/bye`);
    assert.equal((await shown(page)).headers['remote-user'] ?? '', '');
    await page.goto(`${wiki.site}/page`);
    await step(page, 'signin');
    await close();
  });

  test('a static site, too, and a path of it asks for a passkey', async () => {
    const { page, close } = await watched(wiki.browser, [wiki.issuer, wiki.site], {});
    const device = await authenticator(page);
    await makePasskey(page, wiki.issuer, { username: 'ada', password: PASSWORD });
    await page.context().clearCookies();
    await device.isPresent(false);
    await page.goto(`${wiki.site}/static/`);
    await signIn(page, { username: 'ada', password: PASSWORD });
    await page.waitForURL(`${wiki.site}/static/`);
    assert.equal(await page.locator('h1').innerText(), 'A static page');
    await page.goto(`${wiki.site}/vault`);
    await step(page, 'passkey');
    await device.isPresent(true);
    await press(page, 'passkey', 'passkey');
    await page.waitForURL(`${wiki.site}/vault`);
    assert.equal((await shown(page)).url, '/vault');
    await close();
  });

  test('what comes from outside under these names reaches no site', async () => {
    const cookie = await wiki.cookieOf('grace@example.com');
    const forged = {
      'remote-user': 'root', 'REMOTE-GROUPS': 'staff', remote_user: 'root', Remote_Groups: 'staff', 'remote.user': 'root',
      'remote-assertion': 'x', remote_assertion: 'x',
      'x-forwarded-host': `wiki.${DOMAIN}:${wiki.port}`, 'x-forwarded-uri': '/public', 'x-original-url': `${wiki.site}/public`, forwarded: 'host=x',
    };
    for (const [path, cookies] of [['/public/a', ''], ['/public/a', cookie], ['/page', cookie]]) {
      const { status, headers } = await wiki.raw(path, { ...forged, cookie: `a=1; ${cookies}; b=2; ${cookies}x` });
      // The cookie stands twice, or is none: nobody is known by it.
      assert.equal(status, path === '/page' ? proxy.leads : 200, path);
      if (status !== 200) continue;
      // Empty, or not there at all.
      const names = Object.keys(headers).filter((name) => /^remote/i.test(name) && headers[name]);
      assert.deepEqual(names, [], `${path}: ${JSON.stringify(headers)}`);
      assert.doesNotMatch(headers.cookie, /vestibule/);
      assert.match(headers.cookie, /^a=1; (; )?b=2/);
    }
    const { headers } = await wiki.raw('/page', { ...forged, cookie: `a=1; ${cookie}; b=2` });
    assert.equal(headers['remote-email'], 'grace@example.com');
    assert.equal(headers['remote-user'], 'grace@example.com');
    assert.deepEqual(Object.keys(headers).filter((name) => /^remote[^-]/i.test(name)), []);
    assert.equal(headers['remote-groups'] ?? '', '');
    assert.equal(headers.cookie, 'a=1; b=2');
  });

  test('no header and no spelling of a path opens what a rule closes', async () => {
    const cookie = await wiki.cookieOf('grace@example.com');
    const paths = ['/admin', '//admin', '/public/../admin', '/public/%2e%2e/admin', '/public/..%2fadmin', '/%61dmin', '/ADMIN', '/admin;x'];
    for (const path of [...paths, '/public/%252e%252e/admin', '/./admin', '/public//../admin', '/public/..%5cadmin', '/admin%2f..%2fadmin']) {
      assert.equal((await wiki.raw(path, { cookie })).status, 403, path);
      assert.equal((await wiki.raw(path, { cookie, 'x-original-url': `${wiki.site}/public`, 'x-forwarded-uri': '/public' })).status, 403, path);
      assert.equal((await wiki.raw(path, {})).status, proxy.leads, path);
    }
    // A request line in absolute form, and a Host of somebody else's.
    for (const line of [`GET ${wiki.site}/admin HTTP/1.1\r\nHost: public.${DOMAIN}`, `GET /admin HTTP/1.1\r\nHost: evil.example`, 'GET /admin HTTP/1.0']) {
      const answer = await wiki.spoken(`${line}\r\nCookie: ${cookie}\r\nConnection: close\r\n\r\n`);
      assert.match(answer, proxy.knowsNoSuchHost, line);
      assert.doesNotMatch(answer, /<pre>/, line);
    }
  });

  test('as large a head as the proxy lets in is a yes or a no, and no error', async () => {
    const cookie = await wiki.cookieOf('grace@example.com');
    const many = Object.fromEntries(Array.from({ length: 150 }, (_, at) => [`x-more-${at}`, 'y']));
    const long = (length) => Array.from({ length }, (_, at) => `c${at}=${'x'.repeat(1000)}`).join('; ');
    const target = `/page?${'q'.repeat(4000)}`;
    for (const more of [{ cookie: long(7) }, { cookie: long(7), 'x-long': 'y'.repeat(8000) }, { cookie: long(7), 'x-long': 'y'.repeat(8000), ...proxy.takesMany && many }]) {
      assert.equal((await wiki.raw(target, more)).status, proxy.leads);
      assert.equal((await wiki.raw(target, { ...more, cookie: `${more.cookie}; ${cookie}` })).status, 200);
      assert.equal((await wiki.raw(target.replace('page', 'admin'), { ...more, cookie: `${more.cookie}; ${cookie}` })).status, 403);
    }
    assert.equal((await wiki.raw(`/page?${'q'.repeat(7000)}`, { cookie })).status, 403, 'a longer target is nobody’s');
  });

  test('whoever comes past the proxy is believed nothing', async () => {
    const cookie = await wiki.cookieOf('ada@example.com');
    // Asked directly, from an address that is trusted: the words of a proxy, half of them or of two.
    const direct = (headers) => wiki.ask('/forward-auth', { cookie, ...headers });
    assert.equal((await direct({})).status, 403);
    assert.equal((await direct({ 'x-original-url': `${wiki.site}/page` })).status, 200);
    assert.equal((await direct({ 'x-original-url': `${wiki.site}/page`, 'x-forwarded-host': 'x' })).status, 403);
    assert.equal((await direct({ 'x-original-url': 'https://evil.example/' })).status, 403);
    const parts = { 'x-forwarded-host': `wiki.${DOMAIN}:${wiki.port}`, 'x-forwarded-uri': '/page' };
    assert.equal((await direct(parts)).status, 200);
    const led = await wiki.ask('/forward-auth', { ...parts, 'sec-fetch-mode': 'navigate' });
    assert.equal(led.status, 303);
    assert.equal(new URL(led.headers.location).searchParams.get('to'), `${wiki.site}/page`);
  });
}
