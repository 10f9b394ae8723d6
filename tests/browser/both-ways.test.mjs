// Keys, signatures and tokens made on one side and used on the other: by the module in Chromium and by the command line, for
// every algorithm that the tools have.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { openBench } from './vector-sets/bench.mjs';

let bench;
/** Both sides: what one answers to questions, and the keys it makes. */
const sides = {
  page: { ask: (questions) => bench.askPage(questions), make: makeInPage },
  command: { ask: (questions) => bench.askCommand(questions), make: (inputs) => results(sides.command, inputs.map(generate)) },
};

before(async () => (bench = await openBench('jwk')));
after(() => bench?.stop());

const WAYS = [
  ['page', 'command'],
  ['command', 'page'],
];
const MESSAGE = 'von einer Seite zur anderen: ✓';
const generate = (input) => ({ tool: 'jwk', action: 'generate', input });

/** Keys as the page's own form makes them: those for RSA by Web Crypto. */
async function makeInPage(inputs) {
  const made = await bench.page.evaluate(async (all) => {
    const panel = tools.panelOf(document.querySelector('.panel[data-action="generate"]'));
    const answers = [];
    for (const input of all) answers.push(await panel.ask({ call: 'run', tool: 'jwk', action: 'generate', input }));
    return answers;
  }, inputs);
  return made.map(({ done, error }) => done?.result ?? assert.fail(JSON.stringify(error)));
}

/** The results, where each must be there. */
async function results(side, questions) {
  const answers = await side.ask(questions);
  return answers.map(({ status, result, error }, at) => {
    assert.equal(status, 0, `${JSON.stringify(questions[at])}: ${error ?? JSON.stringify(result)}`);
    return result;
  });
}

/** The algorithms of signatures, as the refusal of an unknown one names them. */
async function algorithms() {
  const [{ error }] = await sides.command.ask([{ tool: 'jws', action: 'sign', input: { message: 'x', secret: 'x', alg: 'unknown' } }]);
  return error.split('; take ')[1].split(', ');
}

const choices = (action, name) => bench.fields.get(action).find((field) => field.name === name).choices.map(({ value }) => value);

/** What a key for this algorithm is made of. One for RSA serves all of its algorithms. */
function signingKey(alg) {
  if (/^[RP]S/.test(alg)) return { kty: 'RSA' };
  const kty = { HS: 'oct', ES: 'EC', Ed: 'OKP', ML: 'AKP' }[alg.slice(0, 2)];
  return { kty, alg, use: 'sig' };
}

/** The same for encryption: the kinds of keys that serve it. */
function encryptionKeys(alg, enc) {
  if (alg.startsWith('RSA')) return [{ kty: 'RSA' }];
  if (alg.startsWith('PBES2')) return [undefined];
  if (alg === 'dir') return [{ kty: 'oct', alg: enc, use: 'enc' }];
  if (alg.startsWith('ECDH')) return CURVES.map((crv) => ({ kty: crv === 'X25519' ? 'OKP' : 'EC', crv, use: 'enc' }));
  return [{ kty: 'oct', alg, use: 'enc' }];
}

const CURVES = ['P-256', 'P-384', 'P-521', 'X25519'];

/** Makes each kind of key once on one side; gives the key for a kind. */
async function keysOf(side, kinds) {
  const distinct = [...new Set(kinds.map((kind) => JSON.stringify(kind)))];
  const made = await side.make(distinct.map((kind) => JSON.parse(kind)));
  return { made, of: (kind) => made[distinct.indexOf(JSON.stringify(kind))] };
}

test('keys of every kind, made on either side, are judged well and alike on both', async () => {
  const types = choices('jwk generate', 'kty');
  const sizes = ['2048', '3072'].map((size) => ({ kty: 'RSA', size }));
  const kinds = [...types.map((kty) => ({ kty })), ...(await algorithms()).map(signingKey), ...sizes];
  for (const name of Object.keys(sides)) {
    const { made } = await keysOf(sides[name], kinds);
    assert.deepEqual([...new Set(made.map(({ kty }) => kty))].sort(), [...types].sort());
    const of = (tool, action) => made.map((key) => ({ tool, action, input: { file: JSON.stringify(key) } }));
    for (const questions of [of('jwk', 'lint'), of('jwk', 'public'), of('jwk', 'thumbprint'), of('jwk', 'to-pem')]) {
      const [here, there] = await Promise.all([sides.page.ask(questions), sides.command.ask(questions)]);
      assert.deepEqual(here, there, `made by ${name}`);
      if (questions[0].action === 'lint') assert.deepEqual(there.map(({ result }) => result.faults), made.map(() => 0));
    }
  }
  assert.deepEqual(bench.requests, []);
});

test('a signature of one side is verified by the other, with every algorithm', async () => {
  const algs = await algorithms();
  assert.equal(algs.length, 18);
  const { of } = await keysOf(sides.page, algs.map(signingKey));
  const keys = algs.map((alg) => of(signingKey(alg)));
  const publics = await publicHalves(keys);
  const signing = algs.map((alg, at) => ({ tool: 'jws', action: 'sign', input: { message: MESSAGE, key: JSON.stringify(keys[at]), alg } }));
  const signed = { page: await results(sides.page, signing), command: await results(sides.command, signing) };
  for (const [from, to] of WAYS) {
    const verifying = (change) =>
      algs.map((alg, at) => {
        const input = { token: change(signed[from][at].token), key: JSON.stringify(publics[at]), alg: [alg] };
        return { tool: 'jws', action: 'verify', input };
      });
    const verified = await results(sides[to], verifying((token) => token));
    assert.deepEqual(verified.map(({ payload, header }) => [payload, header.alg]), algs.map((alg) => [MESSAGE, alg]));
    const changed = await sides[to].ask(verifying((token) => token.replace(/\.[^.]*\./, '.YW5vdGhlcg.')));
    assert.deepEqual(changed.map(({ status, result }) => [status, result?.check]), algs.map(() => [1, 'signature']));
  }
  // What has no chance in it is the same, byte for byte (RFC 2104, RFC 8017 §8.2, RFC 8032 §5.1.6).
  for (const [at, alg] of algs.entries()) {
    if (/^(HS|RS|Ed)/.test(alg)) assert.equal(signed.page[at].token, signed.command[at].token, alg);
  }
  assert.deepEqual(bench.requests, []);
});

test('what one side encrypts, the other opens, with every algorithm and encryption', async () => {
  const cases = encryptionCases();
  assert.equal(cases.length, 117);
  const kinds = cases.map(({ kind }) => kind).filter(Boolean);
  const { made, of } = await keysOf(sides.command, kinds);
  const publics = await publicHalves(made);
  const by = (name, key) => (key ? { [name]: JSON.stringify(key) } : { password: 'correct horse battery staple' });
  const encrypting = cases.map(({ alg, enc, kind }) => {
    const input = { message: MESSAGE, alg, enc, ...by('to', kind && publics[made.indexOf(of(kind))]) };
    return { tool: 'jwe', action: 'encrypt', input };
  });
  const encrypted = { page: await results(sides.page, encrypting), command: await results(sides.command, encrypting) };
  const facts = ({ token, ...rest }) => [rest, token.split('.').slice(1).map((part) => part.length)];
  assert.deepEqual(encrypted.page.map(facts), encrypted.command.map(facts));
  for (const [from, to] of WAYS) {
    const opening = cases.map(({ kind }, at) => {
      const input = { token: encrypted[from][at].token, ...by('key', kind && of(kind)) };
      return { tool: 'jwe', action: 'decrypt', input };
    });
    assert.deepEqual((await results(sides[to], opening)).map(({ payload }) => payload), cases.map(() => MESSAGE));
  }
  assert.deepEqual(bench.requests, []);
});

/** Each algorithm with each encryption; where several kinds of keys serve it, those after the first with two. */
function encryptionCases() {
  const encs = choices('jwe encrypt', 'enc');
  const withKeys = (alg, enc) =>
    encryptionKeys(alg, enc).flatMap((kind, at) => (at === 0 || SOME.includes(enc) ? [{ alg, enc, kind }] : []));
  // A password is stretched long, so that it is tried with one.
  const tried = (alg) => (alg.startsWith('PBES2') ? SOME.slice(0, 1) : encs);
  return choices('jwe encrypt', 'alg').flatMap((alg) => tried(alg).flatMap((enc) => withKeys(alg, enc)));
}

const SOME = ['A128GCM', 'A256CBC-HS512'];

/** What others may have of the keys; a secret is shared. */
async function publicHalves(keys) {
  const pairs = keys.filter(({ kty }) => kty !== 'oct');
  const questions = pairs.map((key) => ({ tool: 'jwk', action: 'public', input: { file: JSON.stringify(key) } }));
  const publics = await results(sides.command, questions);
  return keys.map((key) => (key.kty === 'oct' ? key : publics[pairs.indexOf(key)]));
}
