// An API that wants more than the person has proven sends its app back for it (RFC 9470): Drive's locked folder, in Chromium.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { askAt, authenticator, claimsIn, isIn, makePasskey, press, signIn, startChromium, startDemo, startThird, step } from './demo.mjs';
import { watched } from './watch.mjs';

let demo, third, browser, api, registered;
let people = 0;

before(async () => {
  demo = await startDemo();
  third = await startThird(demo);
  browser = await startChromium();
  // An API that introspects is a client, by the name that stands in `aud`.
  api = `${demo.drive}/api`;
  registered = await demo.addClient('Drive API', '--type', 'service', '--client-id', api);
});

after(async () => {
  await browser?.close();
  await third?.stop();
  await demo?.stop();
});

/** Somebody new, in a browser of their own. */
function visit(name, steps) {
  test(name, async () => {
    const ada = await demo.addUser(`locked-${++people}@example.com`, 'Ada Lovelace', 'correct horse battery staple');
    const { page, close } = await watched(browser, [demo.issuer, demo.drive, third.origin], {});
    await steps(page, ada);
    await close();
  });
}

visit('the app comes back with a token that the API is content with', async (page, ada) => {
  await authenticator(page);
  await makePasskey(page, demo.issuer, ada);
  await askAt(page, demo.drive);
  await press(page, 'continue', 'continue');
  await isIn(page, demo.drive);
  const asked = page.waitForRequest((request) => request.url().startsWith(`${demo.issuer}/oauth2/authorize`));
  await page.locator('[data-action="locked"]').click();
  const query = new URL((await asked).url()).searchParams;
  assert.equal(query.get('acr_values'), 'urn:vestibule:acr:multi-factor phr phrh');
  assert.equal(query.get('max_age'), '300');
  assert.equal(query.get('resource'), api);
  await step(page, 'passkey');
  // Who changes their mind on the way is signed in as before.
  await page.goto(demo.drive);
  await isIn(page, demo.drive);
  await page.locator('[data-action="locked"]').click();
  await press(page, 'passkey', 'passkey');
  await page.locator('[data-locked]').waitFor();
  assert.equal(await page.locator('[data-locked] li').count(), 3);
  // What has been proven is enough the next time too.
  await page.goto(`${demo.drive}/locked`);
  await page.locator('[data-locked]').waitFor();
});

visit('who cannot prove more, or will not, is told so once', async (page, ada) => {
  await askAt(page, demo.drive);
  await signIn(page, ada);
  await isIn(page, demo.drive);
  await page.locator('[data-action="locked"]').click();
  await page.locator('[data-not-enough]').waitFor();
  await page.locator(`a[href="${demo.issuer}/account"]`).waitFor();
  await page.goto(demo.drive);
  await isIn(page, demo.drive);

  await authenticator(page);
  await page.goto(`${demo.issuer}/account/passkeys`);
  await press(page, 'passkey', 'passkey');
  await step(page, 'passkey-remove');
  await page.goto(`${demo.drive}/locked?tried=1`);
  await page.locator('[data-action="locked"]').click();
  await press(page, 'prove', 'skip');
  await page.locator('[data-not-enough]').waitFor();
  await page.locator('[data-action="locked"]').click();
  await press(page, 'passkey', 'passkey');
  await page.locator('[data-locked]').waitFor();
});

visit('challenge, request and token on the wire', async (page, ada) => {
  await authenticator(page);
  await makePasskey(page, demo.issuer, ada);
  assert.deepEqual(await call(), { status: 401, challenge: 'Bearer' });
  // A token for somebody else's API, and one that is none.
  await page.goto(third.url({}));
  await press(page, 'consent', 'allow');
  const { access_token: elsewhere } = await third.redeem(page);
  for (const token of [elsewhere, `${elsewhere}x`, 'x.y.z']) assert.match((await call(token)).challenge, /^Bearer error="invalid_token"/);

  await page.goto(third.url({ resource: api }));
  const { access_token: weak, id_token: hint } = await third.redeem(page);
  const { status, challenge } = await call(weak);
  assert.equal(status, 401);
  assert.match(challenge, /^Bearer error="insufficient_user_authentication", /);
  const asked = Object.fromEntries([...challenge.matchAll(/(acr_values|max_age)="([^"]*)"/g)].map(([, name, value]) => [name, value]));
  assert.deepEqual(Object.keys(asked), ['acr_values', 'max_age']);

  await page.goto(third.url({ resource: api, id_token_hint: hint, ...asked }));
  await press(page, 'passkey', 'passkey');
  const { access_token: strong } = await third.redeem(page);
  const opened = await call(strong);
  assert.equal(opened.status, 200);
  assert.equal(opened.files.length, 3);
  // RFC 9068 §2.2.1, and RFC 9470 §6.2: token and introspection say the same.
  for (const [token, acr] of [[weak, 'urn:vestibule:acr:single-factor'], [strong, 'urn:vestibule:acr:multi-factor']]) {
    const claims = claimsIn(token);
    assert.equal(claims.acr, acr);
    assert.ok(claims.auth_time <= claims.iat);
    const said = await introspect(token);
    assert.deepEqual([said.active, said.acr, said.auth_time], [true, acr, claims.auth_time]);
  }
  assert.ok(claimsIn(strong).auth_time >= claimsIn(weak).auth_time);
});

/** Calls the API as any client would. */
async function call(token) {
  const headers = token ? { authorization: `Bearer ${token}` } : {};
  const answer = await fetch(`http://localhost:${new URL(api).port}/api/locked`, { headers });
  if (answer.ok) return { status: answer.status, ...(await answer.json()) };
  return { status: answer.status, challenge: answer.headers.get('www-authenticate') };
}

async function introspect(token) {
  const secret = Buffer.from(`${encodeURIComponent(api)}:${encodeURIComponent(registered.client_secret)}`).toString('base64');
  const headers = { authorization: `Basic ${secret}` };
  const answer = await fetch(`${demo.issuer}/oauth2/introspect`, { method: 'POST', headers, body: new URLSearchParams({ token }) });
  return answer.json();
}
