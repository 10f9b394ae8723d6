// What the tools' pages and their service worker may reach, by trying it: the page nothing, the worker the folder of the
// tools, and nothing beside it. And what the browser says about installing them.
import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import { test } from 'node:test';
import { startTolerantChromium } from './demo.mjs';
import { watched } from './watch.mjs';
import { browser, inTheWorkshop, isAwake, workshop } from './workshop.mjs';

let profiles, elsewhere;

inTheWorkshop({
  async open() {
    profiles = startTolerantChromium();
    elsewhere = await startListener();
  },
  async close() {
    await profiles?.close();
    await elsewhere?.stop();
  },
});

/** A server of somebody else, who lets anybody in and counts them. */
async function startListener() {
  const heard = [];
  const server = createServer((request, answer) => {
    heard.push(`${request.method} ${request.url}`);
    answer.writeHead(200, { 'access-control-allow-origin': '*', 'content-type': 'text/javascript' }).end('');
  });
  server.on('upgrade', (request, socket) => {
    heard.push(`upgrade ${request.url}`);
    socket.destroy();
  });
  await new Promise((ready) => server.listen(0, '127.0.0.1', ready));
  const origin = `http://localhost:${server.address().port}`;
  return { origin, heard, stop: () => new Promise((done) => server.close(done) && server.closeAllConnections()) };
}

/** A tool's page whose worker is awake. */
async function opened(place, context) {
  const page = await context.newPage();
  await page.goto(place.page('hmac'));
  await isAwake(page, place);
  await page.waitForFunction(() => navigator.serviceWorker.controller);
  return page;
}

/** The list has no form that could wake; its worker keeps everything all the same. */
const isKept = (page) => page.locator('html[data-offline]').waitFor({ state: 'attached' });

/** In the page: each way out of it, and what came of it. */
async function ways(addresses) {
  const until = (target, good, bad) =>
    new Promise((done) => {
      target.addEventListener(good, () => done('went'), { once: true });
      target.addEventListener(bad, () => done('refused'), { once: true });
    });
  const attached = (name, members) => document.body.appendChild(Object.assign(document.createElement(name), members));
  const tries = {
    fetch: (url) => fetch(url, { mode: 'no-cors' }).then(() => 'went', () => 'refused'),
    post: (url) => fetch(url, { method: 'POST', mode: 'no-cors', body: 'x' }).then(() => 'went', () => 'refused'),
    'fetch, kept alive': (url) => fetch(url, { keepalive: true, mode: 'no-cors' }).then(() => 'went', () => 'refused'),
    request(url) {
      const request = new XMLHttpRequest();
      request.open('GET', url);
      const end = until(request, 'load', 'error');
      request.send();
      return end;
    },
    events: (url) => {
      const source = new EventSource(url);
      return until(source, 'open', 'error').finally(() => source.close());
    },
    socket(url) {
      try {
        const socket = new WebSocket(url.replace(/^http/, 'ws'));
        return until(socket, 'open', 'error');
      } catch {
        return 'refused';
      }
    },
    frame: (url) => {
      const refused = new Promise((done) => document.addEventListener('securitypolicyviolation', () => done('refused'), { once: true }));
      const frame = attached('iframe', { src: url });
      return Promise.race([refused, new Promise((done) => setTimeout(() => done('went'), 2000))]).finally(() => frame.remove());
    },
  };
  const came = {};
  for (const address of addresses) {
    for (const [way, attempt] of Object.entries(tries)) came[`${way} ${address}`] = await attempt(address);
  }
  return came;
}

/** In the page: what it may load from its own server, and from no other. */
function loads(address) {
  const tries = [['img', 'src'], ['script', 'src'], ['link', 'href']].map(([name, where]) => {
    const element = Object.assign(document.createElement(name), { [where]: address, rel: 'stylesheet' });
    document.head.append(element);
    return new Promise((done) => {
      element.onload = () => done(`${name} went`);
      element.onerror = () => done(`${name} refused`);
    });
  });
  return Promise.all(tries);
}

for (const at of [0, 1]) {
  test(`a page has no way out, ${['served', 'from a file server'][at]}`, async () => {
    const context = await browser.newContext();
    const place = workshop.places[at];
    const page = await opened(place, context);
    const home = new URL(place.page()).origin;
    const came = await page.evaluate(ways, [`${home}/healthz`, place.page('hmac'), `${elsewhere.origin}/x`]);
    assert.deepEqual(Object.entries(came).filter(([, what]) => what !== 'refused'), []);
    assert.deepEqual(await page.evaluate(loads, `${elsewhere.origin}/x`), ['img refused', 'script refused', 'link refused']);
    // A beacon says that it goes, and a form has no answer: the listener counts.
    await page.evaluate((url) => {
      navigator.sendBeacon(url, 'x');
      const form = document.body.appendChild(Object.assign(document.createElement('form'), { action: url, method: 'post' }));
      form.submit();
    }, `${elsewhere.origin}/x`);
    await page.evaluate(() => new Promise((drawn) => requestAnimationFrame(() => setTimeout(drawn, 200))));
    assert.equal(page.url(), place.page('hmac'));
    assert.deepEqual(elsewhere.heard, []);
    await context.close();
  });
}

test('the worker reaches the folder of the tools, and nothing beside it', async () => {
  const context = await browser.newContext();
  const [place] = workshop.places;
  await opened(place, context);
  const [worker] = context.serviceWorkers();
  const { issuer } = workshop.provider;
  const tried = (url) => worker.evaluate((url) => fetch(url, { mode: 'no-cors', cache: 'no-store' }).then(() => 'went', () => 'refused'), url);
  assert.equal(await tried(`${issuer}/tools/hmac`), 'went');
  for (const path of ['/healthz', '/', '/tools', '/toolsX', '/tools/../healthz', '/.well-known/jwks.json']) {
    assert.equal(await tried(`${issuer}${path}`), 'refused', path);
  }
  assert.equal(await tried(`${elsewhere.origin}/tools/hmac`), 'refused');
  assert.deepEqual(elsewhere.heard, []);
  await context.close();
});

test('the worker answers for the folder of the tools, and for nothing beside it', async () => {
  const [place] = workshop.places;
  const { issuer } = workshop.provider;
  const { page, close } = await watched(browser, [issuer]);
  await page.goto(place.page('hmac'));
  await isAwake(page, place);
  await page.reload();
  const scopes = await page.evaluate(async () => (await navigator.serviceWorker.getRegistrations()).map(({ scope }) => scope));
  assert.deepEqual(scopes, [`${issuer}/tools/`]);
  const answersFor = (path) => page.evaluate(async (path) => (await navigator.serviceWorker.getRegistration(path)) !== undefined, path);
  for (const [path, isOurs] of [['/tools/', true], ['/tools/hmac', true], ['/toolsX', false], ['/tools', false], ['/account', false]]) {
    assert.equal(await answersFor(path), isOurs, path);
  }
  // What a page loads from outside the folder, such as a logo, comes from the server itself.
  const kept = await page.locator('link[rel="icon"]').evaluate((link) => link.getAttribute('href'));
  const [answer] = await Promise.all([
    page.waitForResponse((response) => new URL(response.url()).pathname === kept.replace('/tools/', '/')),
    page.evaluate((src) => (new Image().src = src), kept.replace('/tools/', '/')),
  ]);
  assert.deepEqual([answer.status(), answer.fromServiceWorker()], [200, false]);
  await close();
});

test('the address without the slash leads in, in its language, and again without a network', async () => {
  const { issuer } = workshop.provider;
  const { page, close } = await watched(browser, [issuer]);
  await page.goto(`${issuer}/tools?ui_locales=de`);
  assert.equal(page.url(), `${issuer}/tools/?ui_locales=de`);
  assert.equal(await page.locator('html').getAttribute('lang'), 'de');
  await page.goto(`${issuer}/tools`);
  await isKept(page);
  await page.context().setOffline(true);
  for (const address of [`${issuer}/tools`, `${issuer}/tools/`, `${issuer}/tools/jwk`]) {
    await page.goto(address);
    await page.locator('h1').waitFor();
  }
  await close();
});

// With a profile on the disk, since nothing is installed from a private window (`in-incognito`). Without a screen of its own
// Chromium asks all the same questions; nothing is excepted.
for (const at of [0, 1]) {
  test(`the browser has nothing against installing the tools, ${['served', 'from a file server'][at]}`, async () => {
    const place = workshop.places[at];
    const { page, close } = await watched(profiles, [place.page()]);
    await page.goto(place.page());
    await isKept(page);
    const cdp = await page.context().newCDPSession(page);
    const { url, errors, data, manifest } = await cdp.send('Page.getAppManifest');
    assert.deepEqual(errors, []);
    const folder = new URL('./', place.page()).href;
    assert.equal(url, `${folder}manifest.webmanifest`);
    assert.equal(JSON.parse(data).display, 'standalone');
    assert.deepEqual([manifest.scope, manifest.startUrl], [folder, folder]);
    const { installabilityErrors } = await cdp.send('Page.getInstallabilityErrors');
    assert.deepEqual(installabilityErrors, []);
    await close();
  });
}
