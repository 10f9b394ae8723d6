// What people paste into the debugger: each kind is seen for what it is, tokens are verified by whatever form their key has,
// opened layer by layer, and say how long they are good for, at a time that stands still.
import assert from 'node:assert/strict';
import { createPrivateKey, generateKeyPairSync } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { watched } from './watch.mjs';
import { browser, inTheWorkshop, isAwake, workshop } from './workshop.mjs';

const NOW = Date.parse('2026-01-01T00:00:00Z') / 1000;
/** 32 bytes, as `dir` with A128CBC-HS256 takes them. */
const SECRET = 'an example of a secret, of bytes';
const CERTIFICATE = new URL('../../crates/toolbox/tests/it/x509.pem', import.meta.url);
inTheWorkshop();

/** The debugger, in a browser of its own that must have nothing to complain of. */
function debug(title, steps) {
  test(`token: ${title}`, async () => {
    const [place] = workshop.places;
    const { page, close } = await watched(browser, [place.page()]);
    await page.clock.setFixedTime(NOW * 1000);
    await page.goto(place.page('token'));
    await isAwake(page, place);
    const panel = page.locator('.panel[data-action="verify"]').first();
    await steps(page, panel, panel.locator('.output').first());
    await close();
  });
}

const cli = async (args, input) => (await workshop.cli(args, input)).trim();
const json = (value) => JSON.stringify(value);
const base64url = (value) => Buffer.from(json(value)).toString('base64url');
/** An answer that follows at once may hide that a first one was another: what stands there when all is still counts. */
const verdict = (within, words) => within.locator('.verdict', { hasText: words }).waitFor();

/** A key in each form that somebody may have it in. */
function forms({ publicKey, privateKey }, kid) {
  const jwk = { ...publicKey.export({ format: 'jwk' }), kid };
  const other = { ...generateKeyPairSync('ec', { namedCurve: 'P-256' }).publicKey.export({ format: 'jwk' }), kid: 'another' };
  return {
    PEM: publicKey.export({ type: 'spki', format: 'pem' }),
    JWK: json(jwk),
    JWKS: json({ keys: [other, jwk] }),
    secret: json({ ...privateKey.export({ format: 'jwk' }), kid }),
  };
}

for (const [alg, make] of [['ES256', ['ec', { namedCurve: 'P-256' }]], ['RS256', ['rsa', { modulusLength: 2048 }]], ['EdDSA', ['ed25519']]]) {
  debug(`verifies ${alg} by PEM, by JWK and by a key set, and not by another key`, async (page, panel, out) => {
    const { secret, ...open } = forms(generateKeyPairSync(...make), 'mine');
    const token = await cli(['jwt', 'sign', '--claims', '{"sub":"ada"}', '--key', '-', '--alg', alg], secret);
    const { secret: _, ...foreign } = forms(generateKeyPairSync(...make), 'mine');
    await panel.locator('[name="token"]').fill(token);
    await out.getByText('Not verified.', { exact: false }).waitFor();
    for (const form of ['PEM', 'JWK', 'JWKS']) {
      await panel.locator('[name="key"]').fill(foreign[form]);
      await verdict(out, /^✗?\s*Not valid\./);
      await panel.locator('[name="key"]').fill(open[form]);
      await verdict(out, /^✓?\s*Valid\./);
    }
    await panel.locator('[name="token"]').fill(token.replace(/\.[^.]*\./, `.${base64url({ sub: 'eve' })}.`));
    await verdict(out, /^✗?\s*Not valid\./);
  });
}

debug('sees each kind for what it is, and says where it is read on', async (page, panel, out) => {
  const pair = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const { PEM, JWK, JWKS, secret } = forms(pair, 'a');
  const pkcs8 = pair.privateKey.export({ type: 'pkcs8', format: 'pem' });
  const jwt = await cli(['jwt', 'sign', '--claims', '{"sub":"ada"}', '--secret', SECRET]);
  const kinds = [
    [jwt, 'a signed token (JWT)'],
    [`Authorization: Bearer ${jwt}`, 'a token in a header', 'a signed token (JWT)'],
    [await cli(['jwe', 'encrypt', '--secret', SECRET, '--alg', 'dir', '--message', 'hello']), 'an encrypted token (JWE)'],
    [await cli(['jwe', 'encrypt', '--secret', SECRET, '--alg', 'dir', '--message', 'hello', '--format', 'flattened']), 'an encrypted token (JWE) in JSON'],
    [await cli(['jws', 'sign', '--secret', SECRET, '--message', 'hello', '--format', 'general']), 'a signed message (JWS) in JSON'],
    [await cli(['sd-jwt', 'issue', '--claims', '{"sub":"ada","email":"a@b.c"}', '--hide', '/email', '--secret', SECRET]), 'an SD-JWT (RFC 9901)'],
    [JWK, 'a public key (JWK)'],
    [secret, 'a private key (JWK)'],
    [JWKS, 'a key set (JWKS)'],
    [PEM, 'a public key in PEM'],
    [pkcs8, 'a private key in PEM'],
    [createPrivateKey(pkcs8).export({ type: 'sec1', format: 'pem' }), 'a private key in PEM'],
    [readFileSync(CERTIFICATE, 'utf8'), 'an X.509 certificate'],
    ['{"sub":"ada","exp":1}', 'claims of a token'],
    ...['X-Hub-Signature-256: sha256=00', 'Stripe-Signature: t=1,v1=00', 'X-Slack-Signature: v0=00', 'X-Shopify-Hmac-Sha256: AA==', 'webhook-signature: v1,AA==', 'svix-signature: v1,AA==']
      .map((header) => [header, 'the signature of a webhook request']),
    [WHSEC, 'the secret of a webhook'],
    ['otpauth://totp/x?secret=GEZDGNBVGY3TQOJQ', 'the secret of one-time codes (otpauth URI)'],
  ];
  for (const [text, ...words] of kinds) {
    await panel.locator('[name="token"]').fill('');
    await out.locator('.what').waitFor({ state: 'detached' });
    await panel.locator('[name="token"]').fill(text);
    await out.locator('.what strong').waitFor();
    const said = await out.locator('.what strong').innerText();
    assert.ok(words.includes(said), `${text.slice(0, 40)}: ${said}`);
  }
});

const WHSEC = `whsec_${Buffer.from('key of 16 bytes!').toString('base64')}`;

debug('what was edited is signed again by the same key, and read again', async (page, panel, out) => {
  const { JWK, secret } = forms(generateKeyPairSync('ec', { namedCurve: 'P-256' }), 'mine');
  await panel.locator('[name="token"]').fill(await cli(['jwt', 'sign', '--claims', '{"sub":"ada","n":1}', '--header', '{"typ":"at+jwt"}', '--key', '-'], secret));
  await out.getByRole('button', { name: 'Edit and sign again' }).click();
  const sign = page.locator('.panel[data-action="sign"]');
  const claims = sign.locator('[name="claims"]');
  assert.deepEqual(JSON.parse(await claims.inputValue()), { sub: 'ada', n: 1 });
  assert.equal(JSON.parse(await sign.locator('[name="header"]').inputValue()).typ, 'at+jwt');
  await claims.fill('{"sub":"grace","n":2}');
  await sign.locator('[name="key"]').fill(secret);
  const code = sign.locator('.output .block code').first();
  await code.waitFor();
  const before = await code.innerText();
  await claims.fill('{"sub":"grace","n":3}');
  await page.waitForFunction(([now, old]) => document.querySelector(now).innerText !== old, ['.panel[data-action="sign"] .output .block code', before]);
  const token = await code.innerText();
  assert.deepEqual(JSON.parse(Buffer.from(token.split('.')[1], 'base64url')), { sub: 'grace', n: 3 });
  assert.equal(JSON.parse(Buffer.from(token.split('.')[0], 'base64url')).typ, 'at+jwt');
  await sign.getByRole('button', { name: 'Read it' }).click();
  await panel.locator('[name="key"]').fill(JWK);
  await verdict(out, /^✓?\s*Valid\./);
  assert.equal(await panel.locator('[name="token"]').inputValue(), token);
  // And the command line says so too.
  assert.match(await cli(['jwt', 'verify', token, '--key', '-'], JWK), /grace/);
});

debug('three layers are opened one by one, each for a key of its own', async (page, panel) => {
  const keys = ['EC', 'OKP'].map((kty) => cli(['jwk', 'generate', '--kty', kty, '--use', 'enc', ...(kty === 'OKP' ? ['--crv', 'X25519'] : [])]));
  const [outerKey, middleKey] = await Promise.all(keys);
  const signed = await cli(['jwt', 'sign', '--claims', '{"sub":"ada"}', '--secret', SECRET]);
  const wrapped = async (message, key) => cli(['jwe', 'encrypt', '--to', '-', '--message', message, '--header', '{"cty":"JWT"}'], await cli(['jwk', 'public', '-'], key));
  const middle = await wrapped(signed, middleKey);
  await panel.locator('[name="token"]').fill(await wrapped(middle, outerKey));
  const layers = page.locator('.layer');
  await panel.getByText('an encrypted token (JWE)').waitFor();
  assert.equal(await layers.count(), 0);
  await panel.locator('[name="key"]').fill(outerKey);
  await layers.nth(0).getByText('an encrypted token (JWE)').waitFor();
  assert.equal(await layers.nth(0).locator('[name="token"]').inputValue(), middle);
  assert.equal(await layers.count(), 1);
  await layers.nth(0).locator('[name="key"]').fill(outerKey);
  await verdict(layers.nth(0), /It could not be opened\./);
  assert.equal(await layers.count(), 1);
  await layers.nth(0).locator('[name="key"]').fill(middleKey);
  await layers.nth(1).getByText('a signed token (JWT)').waitFor();
  assert.equal(await layers.nth(1).locator('[name="token"]').inputValue(), signed);
  await layers.nth(1).locator('[name="secret"]').fill(SECRET);
  await verdict(layers.nth(1), /^✓?\s*Valid\./);
  // Every field of every layer has a name of its own.
  const ids = await page.locator('[id]').evaluateAll((all) => all.map((element) => element.id));
  assert.equal(new Set(ids).size, ids.length);
  await panel.locator('[name="key"]').fill(middleKey);
  await layers.first().waitFor({ state: 'detached' });
  assert.equal(await layers.count(), 0);
});

debug('says in how long a token ends, and since when it is no longer good', async (page, panel, out) => {
  const token = (claims) => `${base64url({ alg: 'HS256' })}.${base64url({ iat: NOW - 60, ...claims })}.c2ln`;
  const row = (name) => out.locator('tbody tr', { has: page.locator('td:first-child', { hasText: new RegExp(`^${name}$`) }) });
  await panel.locator('[name="token"]').fill(token({ exp: NOW + 300 }));
  await row('exp').getByText('expires in 5 min').waitFor();
  await row('exp').getByText('2026-01-01').waitFor();
  await row('iat').getByText('issued 1 min ago').waitFor();
  await panel.locator('[name="token"]').fill(token({ exp: NOW - 7200 }));
  await row('exp').getByText('expired 2 h ago').waitFor();
  await panel.locator('[name="token"]').fill(token({ nbf: NOW + 3600, exp: NOW + 2 * 86400 }));
  await row('exp').getByText('expires in 2 d').waitFor();
  await out.locator('.note').getByText(/not good yet/).first().waitFor();
  await panel.locator('.more summary').click();
  await panel.locator('[name="at"]').fill(String(NOW + 3 * 86400));
  await row('exp').getByText('expired 1 d ago').waitFor();
});
