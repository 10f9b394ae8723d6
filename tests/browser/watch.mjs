// What must not happen on any page, whatever a walk does: a request to another origin, a console error, a violation of
// the Content-Security-Policy, a script that throws.
import assert from 'node:assert/strict';

/** A browser context of its own that gathers what must not happen. */
export async function watched(browser, allowed, options = {}) {
  const context = await browser.newContext({ locale: 'en', ...options });
  context.setDefaultTimeout(10_000);
  const seen = [];
  const origins = new Set(allowed.map((url) => new URL(url).origin));
  context.on('request', (request) => {
    const url = new URL(request.url());
    if (/^https?:|^wss?:/.test(url.protocol) && !origins.has(url.origin)) seen.push(`a request left for ${url}`);
  });
  context.on('console', (message) => {
    if (message.type() === 'error' && !isStatus(message)) seen.push(`console: ${message.text()} (${message.location().url})`);
  });
  context.on('weberror', (error) => seen.push(`script: ${error.error().message}`));
  if (options.javaScriptEnabled !== false) {
    await context.exposeFunction('reportViolation', (text) => seen.push(`policy: ${text}`));
    await context.addInitScript(() =>
      document.addEventListener('securitypolicyviolation', (event) =>
        window.reportViolation(`${event.violatedDirective} ${event.blockedURI} on ${event.documentURI}`),
      ),
    );
  }
  const page = await context.newPage();
  return {
    page,
    async close() {
      await context.close();
      assert.deepEqual(seen, []);
    },
  };
}

/** Cuts the network and gives what was requested nevertheless, by the browser's own log. */
export async function withoutNetwork(page) {
  await page.context().setOffline(true);
  const requests = [];
  const log = await page.context().newCDPSession(page);
  log.on('Network.requestWillBeSent', ({ request }) => {
    // What stands in the page itself is no request to anybody.
    if (!/^(data|blob):/.test(request.url)) requests.push(request.url);
  });
  await log.send('Network.enable');
  return requests;
}

/** Chromium writes an error for each page whose status is 400 or more; an error page is meant to have one. */
function isStatus(message) {
  const document = message.page()?.url() === message.location().url;
  return document && /^Failed to load resource: the server responded with a status of 4\d\d/.test(message.text());
}
