// Rich authorization requests (RFC 9396) with the payment of the book, through the release binary: read by a person who has two
// factors, granted as it came, kept as signed evidence, and answered from app to app.
import assert from 'node:assert/strict';
import { createHash, createHmac, randomUUID } from 'node:crypto';
import { copyFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { SignJWT, calculateJwkThumbprint, createRemoteJWKSet, exportJWK, generateKeyPair, jwtVerify } from 'jose';
import { PKCE, pushed, redeem } from './bank-app.mjs';
import { Browser, walk } from './browser.mjs';
import { post } from './native-apps.mjs';
import { binary, run, startProvider } from './provider.mjs';

const BOOK = new URL('../../docs/book/payment.json', import.meta.url);
const CALLBACK = 'https://fintech.example/callback';
const AT_BANK = 'https://bank.example/callback';
const TYPES = ['payment_initiation'];
const MULTI = 'urn:vestibule:acr:multi-factor';

let dir, provider, metadata, keys, fintech, bank;

before(async () => {
  dir = mkdtempSync(join(tmpdir(), 'vestibule-details-'));
  copyFileSync(BOOK, join(dir, 'payment.json'));
  provider = await startProvider({ config: `[details]\ntypes = ${JSON.stringify(join(dir, 'payment.json'))}\n` });
  metadata = await (await fetch(`${provider.issuer}/.well-known/openid-configuration`)).json();
  keys = createRemoteJWKSet(new URL(metadata.jwks_uri));
  fintech = await client('Fintech', CALLBACK, { authorization_details_types: TYPES });
  bank = await client('Bank', AT_BANK, { vestibule_app2app_host: true, vestibule_apple_apps: ['ABCDE12345.com.bank.app'] }, '--trusted');
});

after(async () => {
  await provider?.stop();
  if (dir) rmSync(dir, { recursive: true, force: true });
});

test('a payment is pushed, read, allowed, and stands in the tokens as it came', async () => {
  assert.deepEqual(metadata.authorization_details_types_supported, TYPES);
  const ada = await person('ada@example.com');
  // In a browser that nobody is signed in to: the password, then the code, then the page with the payment.
  const browser = new Browser(provider.issuer);
  const asked = [payment('123.50', { remittanceInformationUnstructured: 'Invoice 7' })];
  const { request_uri } = await push({ authorization_details: JSON.stringify(asked) });
  let page = await browser.open(authorize({ request_uri }));
  assert.equal(page.step, 'signin');
  page = await browser.submit(page, 'signin', ada.user);
  assert.equal(page.step, 'totp', 'the type asks for two factors');
  // The code of now was used up when the app was set up.
  page = await browser.submit(page, 'verify', { code: ada.code(30) });
  assert.equal(page.step, 'consent', page.html);
  const read = 'Pay 123.50 EUR to Merchant A, account DE02100100109307118603, for “Invoice 7”.';
  assert.deepEqual(sentences(page), [read]);
  for (const value of ['123.50', 'EUR', 'Merchant A', 'DE02100100109307118603']) {
    assert.ok(page.html.includes(`<bdi>${value}</bdi>`), `${value} stands apart: ${page.html}`);
  }
  const back = await browser.submit(page, 'allow');
  assert.equal(back.params.get('state'), 's');
  const tokens = await redeem(provider, fintech, CALLBACK, back.params.get('code'));
  assert.deepEqual(tokens.authorization_details, asked, JSON.stringify(tokens));
  const { payload: access } = await jwtVerify(tokens.access_token, keys, { typ: 'at+jwt', issuer: metadata.issuer });
  assert.deepEqual([access.authorization_details, access.acr], [asked, MULTI]);
  const told = await introspect(tokens.access_token);
  assert.deepEqual([told.active, told.authorization_details], [true, asked]);

  // It is for one use: a refresh gives none again, and none for another amount.
  const dearer = await refresh(tokens, { authorization_details: JSON.stringify([payment('9999')]) });
  assert.equal(dearer.error, 'invalid_authorization_details');
  const again = await refresh(tokens);
  assert.deepEqual([again.status, again.authorization_details], [200, undefined], JSON.stringify(again));
  assert.equal((await introspect(again.access_token)).authorization_details, undefined);

  // The record is Ada's: verified by the published keys, and about just this.
  const [link, ...more] = await records(browser);
  assert.equal(more.length, 0);
  const record = (await browser.open(link)).html;
  const { payload: kept } = await verified(record);
  const { payload: id } = await jwtVerify(tokens.id_token, keys, { audience: fintech.client_id });
  assert.deepEqual([kept.sub, kept.client_id, kept.sid, kept.auth_time], [id.sub, fintech.client_id, id.sid, id.auth_time]);
  assert.deepEqual([kept.authorization_details, kept.shown, kept.shown_language], [asked, [read], 'en']);
  assert.deepEqual([kept.acr, kept.amr], [MULTI, ['pwd', 'otp', 'mfa']]);
  assert.ok(Math.abs(kept.iat - Date.now() / 1000) < 60, String(kept.iat));
  // Nobody can change the amount afterwards.
  const [head, , signature] = record.split('.');
  const changed = Buffer.from(JSON.stringify({ ...kept, authorization_details: [payment('1')] })).toString('base64url');
  await assert.rejects(verified([head, changed, signature].join('.')), { code: 'ERR_JWS_SIGNATURE_VERIFICATION_FAILED' });
  // It is nobody else's: not of who is not signed in, nor of another person.
  assert.equal((await new Browser(provider.issuer).open(link)).step, 'signin');
  const { browser: others } = await person('grace@example.com');
  const shown = await others.open(link);
  assert.equal(shown.url.pathname, '/account/apps');
  assert.ok(!shown.html.includes(record) && !shown.html.includes('data-evidence'), shown.html);
});

test('a payment is read anew each time, never without a page, and a no leaves no record', async () => {
  const { browser } = await person('edsger@example.com');
  // A name cannot turn what stands around it.
  const authorization_details = JSON.stringify([payment('5', { creditorName: 'Merchant \u202eA' })]);
  for (const button of ['allow', 'allow', 'deny']) {
    const page = await browser.open(authorize(await push({ authorization_details })));
    assert.deepEqual([page.step, sentences(page)], ['consent', ['Pay 5 EUR to Merchant A, account DE02100100109307118603.']]);
    const { params } = await browser.submit(page, button);
    assert.equal(params.get('error'), button === 'deny' ? 'access_denied' : null);
  }
  const silent = await browser.open(authorize(await push({ authorization_details, prompt: 'none' })));
  assert.equal(silent.params.get('error'), 'consent_required');
  assert.equal((await records(browser)).length, 2);
});

test('a payment of a wrong shape is refused where it is pushed and where it is asked', async () => {
  const good = payment('1');
  const { creditorName, ...unnamed } = good;
  for (const [what, details] of [
    ['a negative amount', [payment('-1')]],
    ['an amount that is a number', [payment(1)]],
    ['no currency', [{ ...good, instructedAmount: { amount: '1' } }]],
    ['a currency in small letters', [{ ...good, instructedAmount: { currency: 'eur', amount: '1' } }]],
    ['nobody to be paid', [unnamed]],
    ['a name that is too long', [{ ...good, creditorName: creditorName.padEnd(71, 'x') }]],
    ['an IBAN with a wrong check digit', [{ ...good, creditorAccount: { iban: 'DE03100100109307118603' } }]],
    ['a member that nobody knows', [{ ...good, evil: true }]],
    ['an unknown type', [{ ...good, type: 'account_information' }]],
    ['a good one and a bad one', [good, payment('-1')]],
    ['no list', good],
    ['an empty list', []],
  ]) {
    const authorization_details = JSON.stringify(details);
    const refused = await push({ authorization_details });
    assert.deepEqual([refused.status, refused.error], [400, 'invalid_authorization_details'], `${what}: ${JSON.stringify(refused)}`);
    const asked = { redirect_uri: CALLBACK, response_type: 'code', scope: 'openid', state: 's', ...PKCE };
    const { params } = await new Browser(provider.issuer).open(authorize({ ...asked, authorization_details }));
    assert.deepEqual([params?.get('error'), params?.get('state')], ['invalid_authorization_details', 's'], what);
  }
  // What fits is refused of a client that does not have the type, and taken from one that does.
  const authorization_details = JSON.stringify([good]);
  const other = await client('Other', CALLBACK, {});
  assert.equal((await push({ authorization_details }, other)).error, 'invalid_authorization_details');
  assert.equal((await push({ authorization_details })).status, 201);
});

test('serve does not start without a good file of types, and says which file', async () => {
  const [good] = JSON.parse(readFileSync(BOOK, 'utf8'));
  const passedOver = structuredClone(good);
  passedOver.schema.properties.creditorName.pattern = '^M';
  const open = structuredClone(good);
  delete open.schema.additionalProperties;
  for (const [name, text, says] of [
    ['missing.json', undefined, /cannot read/],
    ['no-json.json', '[{', /line 1/],
    ['keyword.json', JSON.stringify([passedOver]), /payment_initiation.*creditorName/],
    ['open.json', JSON.stringify([open]), /payment_initiation: schema: needs additionalProperties: false/],
    ['twice.json', JSON.stringify([good, good]), /payment_initiation stands twice/],
    ['words.json', JSON.stringify([{ ...good, words: { en: 'Pay {ammount}.' } }]), /payment_initiation: words in en: \{ammount\}/],
  ]) {
    if (text !== undefined) writeFileSync(join(dir, name), text);
    await assert.rejects(serve(name), ({ message }) => {
      const line = message.split('\n').find((one) => one.includes('details.types:'));
      assert.ok(line?.includes(join(dir, name)), `${name}: ${message}`);
      assert.match(line, says);
      return true;
    });
  }
});

test('app to app: the bank reads a payment in the language it asks for, and the fintech has it', async () => {
  const barbara = await person('barbara@example.com');
  const phone = await bankPhone(barbara);
  const asked = [payment('42')];
  const link = await linkOf(asked);
  for (const [language, words] of [
    ['en', 'Pay 42 EUR to Merchant A, account DE02100100109307118603.'],
    ['ar', 'دفع 42 EUR إلى Merchant A، الحساب DE02100100109307118603.'],
    ['de', '42 EUR an Merchant A zahlen, Konto DE02100100109307118603.'],
  ]) {
    const read = await phone.read(link, language);
    assert.deepEqual([read.client?.name, read.locale], ['Fintech', language], JSON.stringify(read));
    assert.deepEqual(read.authorization_details, [{ item: asked[0], words }]);
  }
  const read = await phone.read(link, 'de');
  const answered = await phone.answer(link, read, 'allow', 'de');
  assert.ok(answered.redirect_to, JSON.stringify(answered));
  const back = new URL(answered.redirect_to);
  const tokens = await redeem(provider, fintech, CALLBACK, back.searchParams.get('code'));
  assert.deepEqual(tokens.authorization_details, asked, JSON.stringify(tokens));
  assert.deepEqual((await introspect(tokens.access_token)).authorization_details, asked);

  const no = await linkOf([payment('43')]);
  const denied = new URL((await phone.answer(no, await phone.read(no, 'en'), 'deny', 'en')).redirect_to);
  assert.equal(denied.searchParams.get('error'), 'access_denied');
  const links = await records(barbara.browser);
  assert.equal(links.length, 1, 'of what was allowed alone');
  const { payload: kept } = await verified((await barbara.browser.open(links[0])).html);
  assert.deepEqual([kept.authorization_details, kept.client_id, kept.acr], [asked, fintech.client_id, MULTI]);
  assert.deepEqual([kept.shown, kept.shown_language], [[read.authorization_details[0].words], 'de']);
});

test('app to app: who has proven one factor goes on in the browser', async () => {
  const phone = await bankPhone(await stranger('alan@example.com'));
  const link = await linkOf([payment('44')]);
  const read = await phone.read(link, 'en');
  assert.equal((await phone.answer(link, read, 'allow', 'en')).error, 'interaction_required');
  assert.equal((await phone.read(link, 'en')).authorization_details.length, 1, 'the request stays');
  // There they sign in with two factors, and read the same.
  const ken = await person('ken@example.com');
  const page = await ken.browser.open(link);
  assert.deepEqual([page.step, sentences(page)], ['consent', [read.authorization_details[0].words]]);
});

function payment(amount, more = {}) {
  return {
    type: TYPES[0],
    instructedAmount: { currency: 'EUR', amount },
    creditorName: 'Merchant A',
    creditorAccount: { iban: 'DE02100100109307118603' },
    ...more,
  };
}

function client(name, callback, more, ...args) {
  const usual = ['--type', 'web', '--redirect-uri', callback, '--scope', 'openid'];
  return provider.addClient(name, ...usual, '--metadata', JSON.stringify(more), ...args);
}

const secretOf = ({ client_id, client_secret }) => ({ client_id, client_secret });

/** The fintech, or another, pushes a request. */
function push(more, by = fintech) {
  const asked = { redirect_uri: CALLBACK, response_type: 'code', scope: 'openid', state: 's', ...PKCE };
  return post(metadata.pushed_authorization_request_endpoint, { ...secretOf(by), ...asked, ...more });
}

/** The address of a request, pushed or not. */
function authorize({ status, expires_in, ...asked }) {
  return `${metadata.authorization_endpoint}?${new URLSearchParams({ client_id: fintech.client_id, ...asked })}`;
}

/** The link that the fintech opens for the bank's app. */
function linkOf(details) {
  return pushed(provider, fintech, bank.client_id, { redirect_uri: CALLBACK, scope: 'openid', authorization_details: JSON.stringify(details) });
}

const introspect = (token) => post(metadata.introspection_endpoint, { ...secretOf(fintech), token });

function refresh({ refresh_token }, more) {
  return post(metadata.token_endpoint, { ...secretOf(fintech), grant_type: 'refresh_token', refresh_token, ...more });
}

/** What a consent page says of the payments, without its marks. */
function sentences({ html }) {
  return [...html.matchAll(/<li data-detail>([\s\S]*?)<\/li>/g)].map(([, text]) => text.replace(/<[^>]*>/g, '').trim());
}

/** The addresses of a person's records, the newest first. */
async function records(browser) {
  const { html } = await browser.open(`${provider.issuer}/account/apps`);
  const found = html.matchAll(/href="(\/account\/apps\/evidence[^"]*)"/g);
  return [...found].map(([, address]) => provider.issuer + address.replaceAll('&#38;', '&'));
}

const verified = (record) => jwtVerify(record, keys, { typ: 'authorization-evidence+jwt', issuer: metadata.issuer });

/** A person with a password alone, in a browser of theirs. */
async function stranger(email) {
  const user = await provider.addUser(email, 'correct horse battery staple');
  const browser = new Browser(provider.issuer);
  await browser.submit(await browser.open(`${provider.issuer}/signin`), 'signin', user);
  return { user, browser };
}

/** A person with an authenticator app, in a browser where both factors were proven. */
async function person(email) {
  const { user, browser } = await stranger(email);
  const page = await browser.open(`${provider.issuer}/account/codes`);
  const [, groups] = /<code class="secret"[^>]*>([^<]*)</.exec(page.html);
  const code = (aside = 0) => totp(groups.replaceAll(' ', ''), Date.now() / 1000 + aside);
  const done = await browser.submit(page, 'verify', { code: code() });
  assert.match(done.html, /data-step="totp-remove"/);
  return { user, browser, code };
}

/** RFC 6238 with its usual values. */
function totp(secret, seconds) {
  const bits = [...secret].map((letter) => 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'.indexOf(letter).toString(2).padStart(5, '0')).join('');
  const key = Buffer.from(bits.match(/.{8}/g).map((byte) => parseInt(byte, 2)));
  const counter = Buffer.alloc(8);
  counter.writeBigUInt64BE(BigInt(Math.floor(seconds / 30)));
  const mac = createHmac('sha1', key).update(counter).digest();
  const at = mac.at(-1) & 15;
  return String((mac.readUInt32BE(at) & 0x7fffffff) % 1_000_000).padStart(6, '0');
}

/** The bank's app on the phone of someone, whose sign-in is that of their browser: `bankApp` has nobody with two factors. */
async function bankPhone({ user, browser }) {
  const asked = { client_id: bank.client_id, redirect_uri: AT_BANK, response_type: 'code', scope: 'openid', ...PKCE };
  const { params } = await walk(browser, `${metadata.authorization_endpoint}?${new URLSearchParams(asked)}`, user);
  const { access_token } = await redeem(provider, bank, AT_BANK, params.get('code'));
  const { privateKey, publicKey } = await generateKeyPair('ES256');
  const jwk = await exportJWK(publicKey);
  const kid = await calculateJwkThumbprint(jwk);
  const sign = (typ, said) =>
    new SignJWT({ jti: randomUUID(), ...said }).setProtectedHeader({ alg: 'ES256', typ, kid }).setIssuedAt().setAudience(metadata.issuer).sign(privateKey);
  const call = (path, body) => {
    const headers = { authorization: `Bearer ${access_token}`, 'content-type': 'application/json' };
    return fetch(provider.issuer + path, { headers, method: body ? 'POST' : 'GET', body: body && JSON.stringify(body) });
  };
  const nonce = (await call('/api/device-keys/v1/keys', { jwk, proof: 'x' })).headers.get('dpop-nonce');
  const ath = createHash('sha256').update(access_token).digest('base64url');
  const kept = await call('/api/device-keys/v1/keys', { jwk, name: 'A phone', proof: await sign('vestibule-device-key+jwt', { nonce, ath }) });
  assert.equal(kept.status, 201, await kept.text());

  const path = (link, more) => {
    const { searchParams } = new URL(link);
    const asking = { client_id: searchParams.get('client_id'), ...more };
    return `/api/app2app/v1/requests/${searchParams.get('request_uri').split(':').at(-1)}?${new URLSearchParams(asking)}`;
  };
  return {
    async read(link, ui_locales) {
      return (await call(path(link, { ui_locales }))).json();
    },
    async answer(link, { challenge, request_hash }, decision, locale) {
      const proof = await sign('vestibule-app2app+jwt', { challenge, request_hash, decision, locale });
      return (await call(path(link), { proof })).json();
    },
  };
}

/** Runs `serve` with this file of types, named as it lies beside the configuration; it should end by itself. */
function serve(types) {
  const file = join(dir, 'vestibule.toml');
  writeFileSync(file, `listen = "127.0.0.1:0"\ndata_dir = "unused"\n[details]\ntypes = "${types}"\n`);
  return run(binary(), ['serve'], { cwd: dir, env: { PATH: process.env.PATH, HOME: dir, VESTIBULE_CONFIG: file } });
}
