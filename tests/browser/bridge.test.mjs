// The bridge in an app's web view: what Android and iOS put into a page, played by a script that comes before it.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { startChromium } from './demo.mjs';
import { html, serve } from './servers.mjs';

let browser, program, host;
const ASKED = { scopes: ['openid'], code_challenge: 'E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM', state: 's', nonce: 'n' };

before(async () => {
  browser = await startChromium();
  program = await serve('program', (_, answer) => html(answer, 'Program', ''));
  host = await serve('host', (_, answer) => html(answer, 'Host', `<iframe src="${program.origin}/"></iframe>`));
});

after(async () => {
  await browser?.close();
  for (const server of [program, host]) await server?.stop();
});

/** Android's listener: messages are strings, and so are answers. */
const android = (answer) => {
  window.vestibuleBridge = {
    postMessage(text) {
      window.heard = JSON.parse(text);
      for (const said of answer) setTimeout(() => this.onmessage?.({ data: typeof said === 'string' ? said : JSON.stringify({ id: window.heard.id, ...said }) }));
    },
  };
};

/** iOS's handler: its reply is a promise. */
const ios = (answer) => {
  window.webkit = {
    messageHandlers: {
      vestibuleBridge: {
        postMessage: async (text) => {
          window.heard = JSON.parse(text);
          if (answer[0] === 'refused') throw new Error('a reason that is the host’s');
          return JSON.stringify({ id: window.heard.id, ...answer[0] });
        },
      },
    },
  };
};

async function opened(system, answer, address = `${program.origin}/`) {
  const context = await browser.newContext();
  const page = await context.newPage();
  if (system) await page.addInitScript(system, answer);
  await page.goto(address);
  return { page, close: () => context.close() };
}

/** What the page gets, or the word of the error. */
function asks(frame, asked = ASKED, options = {}) {
  return frame.evaluate(
    async ([url, request, options]) => {
      const { connect } = await import(url);
      try {
        const bridge = await connect(options);
        return await bridge.getAuthCode(request);
      } catch (error) {
        return { error: error.code, message: error.message };
      }
    },
    [`${program.origin}/vestibule-bridge.js`, asked, options],
  );
}

for (const [name, system] of Object.entries({ android, ios })) {
  test(`${name}: a program gets its code from the app that shows it`, async () => {
    const { page, close } = await opened(system, [{ code: 'c-1' }]);
    assert.deepEqual(await asks(page), { code: 'c-1', state: 's' });
    assert.deepEqual(await page.evaluate(() => window.heard), { id: 1, ...ASKED });
    await close();
  });

  test(`${name}: a word of an error comes through, a token does not`, async () => {
    for (const [said, error] of [
      [{ error: 'login_required' }, 'login_required'],
      [{ error: 'Not a word' }, 'invalid_answer'],
      [{ code: 'eyJhbGciOiJFUzI1NiJ9.e30.AA' }, 'invalid_answer'],
    ]) {
      const { page, close } = await opened(system, [said]);
      assert.equal((await asks(page)).error, error);
      await close();
    }
  });

  test(`${name}: a page in a frame never speaks to the app`, async () => {
    const { page, close } = await opened(system, [{ code: 'c-1' }], `${host.origin}/`);
    await page.locator('iframe').waitFor();
    const frame = page.frames().find((one) => one.url().startsWith(program.origin));
    assert.equal((await asks(frame)).error, 'invalid_request');
    assert.equal((await asks(frame, ASKED, { hostOrigin: host.origin, connectTimeout: 300 })).error, 'timeout');
    assert.equal(await frame.evaluate(() => window.heard), undefined);
    await close();
  });
}

test('android: what is no answer to the request is passed over', async () => {
  const { page, close } = await opened(android, ['no JSON', { id: 7, code: 'another' }, { code: 'c-2' }]);
  assert.deepEqual(await asks(page), { code: 'c-2', state: 's' });
  await close();
});

test('ios: why the app refused is not told', async () => {
  const { page, close } = await opened(ios, ['refused']);
  assert.deepEqual(await asks(page), { error: 'server_error', message: 'server_error' });
  await close();
});

test('where neither a frame nor an app is, there is no bridge; what is wrong is not sent', async () => {
  const alone = await opened();
  assert.equal((await asks(alone.page)).error, 'not_framed');
  await alone.close();
  const { page, close } = await opened(android, [{ code: 'c-1' }]);
  assert.equal((await asks(page, { ...ASKED, code_challenge: 'short' })).error, 'invalid_request');
  assert.equal(await page.evaluate(() => window.heard), undefined);
  await close();
});
