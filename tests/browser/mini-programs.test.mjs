// A super app with two mini programs in frames, in Chromium, and what those find who try to get at each other's codes.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { claimsIn, startChromium, startDemo } from './demo.mjs';
import { addFrame, forge, frameAt, listenForPorts } from './frames.mjs';
import { OLDEST, startProgram } from './mini-program.mjs';
import { html, serve } from './servers.mjs';
import { SILENT, open, startHost } from './super-app.mjs';

let stage, demo, browser, host, taxi, shop, foreign;

before(async () => {
  demo = await startDemo();
  browser = await startChromium();
  host = await startHost(demo, browser);
  taxi = await startProgram({ demo, host }, 'taxi');
  shop = await startProgram({ demo, host }, 'shop');
  foreign = await serve('foreign', (_, answer) => html(answer, 'Foreign', ''));
  stage = { demo, browser, host, others: [taxi, shop, foreign] };
});

after(async () => {
  await browser?.close();
  for (const server of [host, taxi, shop, foreign]) await server?.stop();
  await demo?.stop();
});

test('each program gets a code of its own, and the host’s token stays with the host', async () => {
  const app = await open(stage);
  await app.frame('taxi', `${taxi.origin}/program`);
  await app.frame('shop', `${shop.origin}/program`);
  await app.bridge('taxi', taxi.origin);
  await app.bridge('shop', shop.origin);
  // A «no» on the sheet gives nothing; the next time it asks again.
  const denied = app.ask(taxi);
  await app.answer('Don’t allow').click();
  assert.deepEqual(await denied, { error: 'access_denied' });
  // The first time the sheet asks, in the host's page; then nobody is asked.
  const first = app.ask(taxi);
  await app.page.locator('dialog').getByText('taxi').waitFor();
  // One request at a time, on either side of the bridge.
  assert.deepEqual(await app.ask(taxi), { error: 'busy' });
  await app.answer('Allow').click();
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
  const app = await open(stage);
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
  const app = await open(stage);
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
  const app = await open(stage);
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
  const app = await open(stage);
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
  const ferry = await startProgram(stage, 'ferry');
  t.after(() => ferry.stop());
  const app = await open(stage, [ferry]);
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

// The last one: the host is gone after it.
test('a host that is deleted takes its programs along within a second', async () => {
  const app = await open(stage);
  await app.frame('taxi', `${taxi.origin}/program`);
  await app.bridge('taxi', taxi.origin);
  assert.equal((await app.allowed(taxi)).aud, 'taxi');
  assert.equal((await taxi.whoIsIt()).status, 200);
  await demo.cli(['client', 'delete', 'super']);
  const deleted = Date.now();
  while ((await taxi.whoIsIt()).status === 200) {
    assert.ok(Date.now() - deleted < 1000, 'its token counts a second later');
    await app.page.waitForTimeout(50);
  }
  assert.equal((await taxi.whoIsIt()).status, 401);
  assert.deepEqual(await app.ask(taxi), { error: 'invalid_client' }, 'nor is the host one any more');
  await app.close();
});
