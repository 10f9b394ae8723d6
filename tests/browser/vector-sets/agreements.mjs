// Wycheproof's X25519 and X448 with JWKs. A secret that two keys agree on cannot be seen, so that each becomes a token: Node
// encrypts it by ECDH-ES under the secret that the vector states, and whoever agrees on the same one opens it.
import { createCipheriv, createHash } from 'node:crypto';
import { wycheproof } from './wycheproof.mjs';

/** Each vector of X25519: a token for its private key from its public one; and the names of all public ones. */
export function x25519Vectors() {
  const all = tests('x25519_jwk');
  const agreed = all.map((one) => ({ ...opened(one), isGood: isSound(one.test), members: { payload: PLAINTEXT } }));
  return [...agreed, ...named(all)];
}

/** Each vector of X448, whose keys are converted and named here and agree on nothing. */
export function x448Vectors() {
  const all = tests('x448_jwk');
  return [...all.map(converted), ...named(all), { ...opened(all[0]), isGood: false }];
}

function tests(name) {
  return wycheproof('dh', name).testGroups.flatMap((group) =>
    group.tests.map((test) => ({ name: `${name} ${test.tcId} (${test.comment})`, test })),
  );
}

/** What is «acceptable» and refused here: an agreed secret of zeros (RFC 7748 §6.1, RFC 8037 §3.2.1). */
const isSound = ({ result, flags }) => result !== 'invalid' && !flags.includes('ZeroSharedSecret');

/** Somebody else's curve is the wrong key for an agreement, and a key. */
const isKey = (test) => isSound(test) || test.comment.startsWith('uses public key for ');

function opened({ name, test }) {
  const input = { token: sealed(test), key: JSON.stringify(test.private) };
  return { name: `${name}, a token`, tool: 'jwe', action: 'decrypt', input };
}

/** As many keys at a time as a set may have; those that are none are passed over, each with a note. */
function named(all) {
  return Array.from({ length: Math.ceil(all.length / MOST_KEYS) }, (_, at) => {
    const part = all.slice(at * MOST_KEYS, (at + 1) * MOST_KEYS).map(({ test }) => test);
    const members = { thumbprints: part.filter(isKey).map((test) => thumbprint(test.public)) };
    const holds = ({ notes }) => notes.length === part.length - members.thumbprints.length;
    const input = { file: JSON.stringify({ keys: part.map((test) => test.public) }) };
    const name = `${all[at * MOST_KEYS].name} and those after it, named`;
    return { name, tool: 'jwk', action: 'thumbprint', input, isGood: true, members, holds };
  });
}

/** RFC 7638 §3: of the members that must be there, in the order of their names. */
function thumbprint({ kty, crv, x, y }) {
  return createHash('sha256').update(JSON.stringify({ crv, kty, x, y })).digest('base64url');
}

function converted({ name, test }) {
  return { name: `${name}, as PEM`, tool: 'jwk', action: 'to-pem', input: { file: JSON.stringify(test.public) }, isGood: isKey(test) };
}

/** A token by ECDH-ES (RFC 7518 §4.6) with A128GCM, whose ephemeral key is the vector's public one. */
function sealed({ public: epk, shared }) {
  const header = Buffer.from(JSON.stringify({ alg: 'ECDH-ES', enc: 'A128GCM', epk })).toString('base64url');
  const number = (value) => Buffer.from(Uint32Array.of(value).buffer).swap32();
  // §4.6.2: one round, the algorithm's name, no parties, the length in bits.
  const info = [number(7), Buffer.from('A128GCM'), number(0), number(0), number(128)];
  const agreed = createHash('sha256').update(Buffer.concat([number(1), Buffer.from(shared, 'hex'), ...info])).digest();
  const cipher = createCipheriv('aes-128-gcm', agreed.subarray(0, 16), NONCE).setAAD(Buffer.from(header));
  const content = Buffer.concat([cipher.update(PLAINTEXT), cipher.final()]);
  const parts = [NONCE, content, cipher.getAuthTag()].map((part) => part.toString('base64url'));
  return [header, '', ...parts].join('.');
}

/** jose's `Limits::set_keys`. */
const MOST_KEYS = 128;
/** Each key is used once. */
const NONCE = Buffer.alloc(12);
const PLAINTEXT = 'what both agree on';
