// The RFCs' own examples as questions. They stand where jose's tests have them.
import { readFileSync } from 'node:fs';
import { isDeepStrictEqual } from 'node:util';

const file = (name) => readFileSync(new URL(`../../../crates/jose/tests/it/${name}`, import.meta.url), 'utf8');
const read = (name) => JSON.parse(file(name));
const text = (value) => (typeof value === 'string' ? value : JSON.stringify(value));
const decoded = (part) => Buffer.from(part, 'base64url');
const question = (name, tool, action, input, members) => ({ name, tool, action, input, isGood: true, members });
const refused = (name, tool, action, input) => ({ name, tool, action, input, isGood: false });

/** RFC 2202 and RFC 4231: made and verified. */
export function macs() {
  return Object.entries(read('hmac.json')).flatMap(([rfc, cases]) =>
    cases.flatMap(({ key, message, ...tags }, index) =>
      Object.entries(tags).flatMap(([alg, tag]) => {
        const name = `${rfc}.${index + 1} ${alg}`;
        const input = { alg, key: { hex: key }, message: { hex: message } };
        // Of one the RFC shows no more than the first 128 bits; that is no HMAC.
        const isWhole = tag.length === LENGTHS[alg];
        const isIt = ({ signature }) => signature.startsWith(tag) && signature.length === LENGTHS[alg];
        return [
          { ...question(name, 'hmac', 'sign', input), holds: isIt },
          { ...question(`${name} verified`, 'hmac', 'verify', { ...input, signature: tag }), isGood: isWhole },
        ];
      }),
    ),
  );
}

const LENGTHS = { sha1: 40, sha256: 64, sha384: 96, sha512: 128 };

/** RFC 7515 appendix A, RFC 7797 §4, RFC 8037 appendix A.4, RFC 7520 §4, RFC 9964 appendix A. */
export function signatures() {
  const examples = read('examples.json');
  const rs256 = read('rfc7515_a2.json');
  const keyOf = (name) => text(examples[name].key ?? rs256);
  const compact = Object.entries(examples).flatMap(([name, { input, signature }]) => {
    const [header, ...payload] = input.split('.');
    const isPlain = name === 'RFC 7797 §4.2';
    const message = isPlain ? payload.join('.') : decoded(payload[0]).toString();
    // A payload with a period in it stands in no compact form.
    const given = isPlain ? { token: `${header}..${signature}`, payload: message } : { token: `${input}.${signature}` };
    const verified = question(name, 'jws', 'verify', { ...given, key: keyOf(name) }, { payload: message });
    const flattened = { protected: header, payload: isPlain ? message : payload[0], signature };
    return [
      verified,
      question(`${name} flattened`, 'jws', 'verify', { token: text(flattened), key: keyOf(name) }, { payload: message }),
      refused(`${name}, another key`, 'jws', 'verify', { ...given, key: text(OTHER) }),
    ];
  });
  const again = [
    question('RFC 7797 §4.1 made', 'jws', 'sign', { message: '$.02', key: keyOf('RFC 7797 §4.1') }, {
      token: `${examples['RFC 7797 §4.1'].input}.${examples['RFC 7797 §4.1'].signature}`,
    }),
    question('RFC 7797 §4.2 made', 'jws', 'sign', { message: '$.02', key: keyOf('RFC 7797 §4.2'), unencoded: true, detached: true }, {
      token: `${examples['RFC 7797 §4.2'].input.split('.')[0]}..${examples['RFC 7797 §4.2'].signature}`,
    }),
    // The same bytes each time, whoever signs (RFC 8017 §8.2, RFC 8032 §5.1.6).
    ...['RFC 7515 A.2', 'RFC 8037 A.4'].map((name) => question(`${name} made`, 'jws', 'sign', { message: name, key: keyOf(name) })),
  ];
  return [...compact, ...again, ...general(examples, rs256), ...cookbook(), ...akp()];
}

/** RFC 7515 appendix A.5 and A.6. */
function general(examples, rs256) {
  const token = text(read('jws/vectors/rfc7515_a6.json'));
  const keys = [{ ...rs256, kid: '2010-12-29' }, { ...examples['RFC 7515 A.3'].key, kid: 'e9bc097a-ce51-4036-9562-d2ade882db0d' }];
  const unsecured = `eyJhbGciOiJub25lIn0.${examples['RFC 7515 A.1'].input.split('.')[1]}.`;
  return [
    question('RFC 7515 A.6', 'jws', 'verify', { token, key: text({ keys }), all: true }),
    refused('RFC 7515 A.6, one key', 'jws', 'verify', { token, key: text(keys[0]), all: true }),
    refused('RFC 7515 A.5', 'jws', 'verify', { token: unsecured, key: text(rs256) }),
    question('RFC 7515 A.5 decoded', 'jwt', 'decode', { token: unsecured, at: BEFORE }),
  ];
}

/** RFC 7520 §4, made again where the algorithm always gives the same bytes and the tools write that header. */
function cookbook() {
  const { payload, keys, cases } = read('jws/vectors/rfc7520.json');
  const message = decoded(payload).toString();
  return cases.flatMap(({ section, key, alg, detached, ...forms }) =>
    Object.entries(forms).flatMap(([form, token]) => {
      const name = `RFC 7520 §${section} ${form}`;
      const given = { key: text(key ? keys[key] : { keys: Object.values(keys) }), all: true };
      const input = { token: text(token), ...given, ...(detached ? { payload: message } : {}) };
      const verified = question(name, 'jws', 'verify', input, { payload: message });
      if (!['4.1', '4.4', '4.5'].includes(section)) return [verified];
      const signing = { message, key: text(keys[key]), alg, format: form, ...(detached ? { detached } : {}) };
      const isSame = (made) => isDeepStrictEqual(form === 'compact' ? made.token : JSON.parse(made.token), token);
      return [verified, { ...question(`${name} made`, 'jws', 'sign', signing), holds: isSame }];
    }),
  );
}

/** RFC 9964: keys of ML-DSA. */
function akp() {
  return read('jws/vectors/rfc9964.json').flatMap(({ alg, kid, pub, jws }) => {
    const key = text({ kty: 'AKP', alg, pub });
    const payload = 'It\u2019s a dangerous business, Frodo, going out your door.';
    return [
      question(`RFC 9964 ${alg}`, 'jws', 'verify', { token: jws, key }, { payload }),
      question(`RFC 9964 ${alg} named`, 'jwk', 'thumbprint', { file: key }, { thumbprint: kid }),
    ];
  });
}

/** RFC 7519 §3.1 and appendix A, RFC 7520 §6: claims at two moments, and what is encrypted around them. */
export function tokens() {
  const { key, input, signature } = read('examples.json')['RFC 7515 A.1'];
  const [token, secret] = [`${input}.${signature}`, text(key)];
  const nested = read('nested/rfc7520_6.json');
  const old = read('nested/rfc7519_a.json');
  const reader = read('jwe/vectors/rfc7520.json').find((one) => one.name === '5.2').key;
  const keys = text({ keys: [reader, nested.issuer] });
  return [
    question('RFC 7519 §3.1', 'jwt', 'verify', { token, key: secret, iss: 'joe', at: BEFORE }),
    refused('RFC 7519 §3.1 expired', 'jwt', 'verify', { token, key: secret, at: EXPIRED }),
    question('RFC 7519 §3.1 decoded', 'jwt', 'decode', { token, at: BEFORE }),
    { name: 'RFC 7519 §3.1 judged', tool: 'jwt', action: 'lint', input: { token, at: EXPIRED } },
    question('RFC 7520 §6', 'jwt', 'verify', { token: nested.nested, key: keys, iss: 'hobbiton.example', at: BEFORE }),
    refused('RFC 7520 §6 expired', 'jwt', 'verify', { token: nested.nested, key: keys, at: EXPIRED }),
    question('RFC 7520 §6 opened', 'jwe', 'decrypt', { token: nested.nested, key: text(reader) }, { payload: nested.signed }),
    // By RSA1_5, which no verifier opens.
    ...['A.1', 'A.2'].flatMap((name) => [
      refused(`RFC 7519 ${name}`, 'jwt', 'verify', { token: old[name], key: text(old.key), at: BEFORE }),
      question(`RFC 7519 ${name} opened`, 'jwe', 'decrypt', { token: old[name], key: text(old.key), 'allow-rsa1-5': true }),
    ]),
  ];
}

/** RFC 7516 appendix A, RFC 7517 appendix C, RFC 7520 §5: opened in each form by each key, and looked into. */
export function encryption() {
  const all = ['7516', '7520'].flatMap((rfc) => read(`jwe/vectors/rfc${rfc}.json`).map((one) => [`RFC ${rfc}`, one]));
  const { token, plaintext: jwk } = read('jwe/vectors/rfc7517_c.json');
  return [
    ...all.flatMap(([rfc, example]) => opened(`${rfc} ${example.name}`, example)),
    question('RFC 7517 C', 'jwe', 'decrypt', { token, password: 'Thus from my lips, by yours, my sin is purged.' }, { payload: jwk }),
    refused('RFC 7517 C, another password', 'jwe', 'decrypt', { token, password: 'Thus from my lips' }),
  ];
}

function opened(name, { key, keys, other, password, plaintext: message, compact, flattened, general }) {
  const tokens = Object.entries({ compact, flattened, general }).filter(([, token]) => token);
  const holders = [key, other, ...(keys ?? [])].filter(Boolean).map((one) => ({ key: text(one) }));
  if (password) holders.push({ password });
  return tokens.flatMap(([form, token]) => [
    ...holders.map((holder, at) => {
      const input = { token: text(token), ...holder, 'allow-rsa1-5': true };
      return question(`${name} ${form}, key ${at}`, 'jwe', 'decrypt', input, { payload: message });
    }),
    refused(`${name} ${form}, another key`, 'jwe', 'decrypt', { token: text(token), key: text(OTHER) }),
    question(`${name} ${form} inspected`, 'jwe', 'inspect', { token: text(token) }, { format: form }),
  ]);
}

/** RFC 7517 appendix A and B, RFC 7638 §3.1, RFC 9278, RFC 8037 appendix A.3; and the keys of OpenSSL in PEM. */
export function keys() {
  const { oct, ...pairs } = read('jwk/rfc7517.json');
  const rsa = 'NzbLsXh8uDCcd-6MNwXF4W_7noWXFZAfHkxZsRGC9Xs';
  const okp = text(read('examples.json')['RFC 8037 A.4'].key);
  return [
    ...Object.entries(pairs).flatMap(([name, key]) => [
      question(`RFC 7517 ${name} named`, 'jwk', 'thumbprint', { file: text(key) }, name === 'RSA' ? { thumbprint: rsa } : undefined),
      question(`RFC 7517 ${name} as PEM`, 'jwk', 'to-pem', { file: text(key) }),
      question(`RFC 7517 ${name} public`, 'jwk', 'public', { file: text(key) }),
      { name: `RFC 7517 ${name} judged`, tool: 'jwk', action: 'lint', input: { file: text(key), published: true } },
    ]),
    ...oct.map((key, at) => refused(`RFC 7517 A.3 ${at} named`, 'jwk', 'thumbprint', { file: text(key) })),
    { name: 'RFC 7517 A.2 judged', tool: 'jwks', action: 'lint', input: { set: text({ keys: Object.values(pairs) }) } },
    question('RFC 9278', 'jwk', 'thumbprint', { file: text(pairs.RSA), uri: true }, { thumbprint: `${RFC_9278}:${rsa}` }),
    question('RFC 8037 A.3', 'jwk', 'thumbprint', { file: okp }, { thumbprint: 'kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k' }),
    ...PEMS.map((name) => question(`${name}.pem`, 'jwk', 'from-pem', { file: file(`pem/${name}.pem`) })),
    ...REFUSED_PEMS.map((name) => refused(`${name}.pem`, 'jwk', 'from-pem', { file: file(`pem/${name}.pem`) })),
  ];
}

const RFC_9278 = 'urn:ietf:params:oauth:jwk-thumbprint:sha-256';
const PEMS = [
  'certificate', 'ec_pkcs8', 'ec_sec1', 'ec_spki', 'ed25519_pkcs8', 'ed25519_spki', 'p384_sha256', 'rsa_pkcs1',
  'rsa_pkcs1_public', 'rsa_pkcs8', 'rsa_spki', 'secp256k1_spki',
];
const REFUSED_PEMS = ['ec_encrypted', 'ec_sec1_encrypted', 'rsa_1024_spki'];

/** RFC 9901 §5, §8 and appendix A: verified, with the holder's proof where there is one, and shown in part. */
export function disclosures() {
  const all = { ...prefixed('5', read('sd_jwt/vectors/rfc9901_5.json')), ...read('sd_jwt/vectors/rfc9901_a.json') };
  return Object.entries(all).flatMap(([part, token]) => {
    const name = `RFC 9901 ${part}`;
    const input = { token: text(token), key: text(ISSUER), at: SHOWN };
    const proof = { nonce: '1234567890', verifier: 'https://verifier.example.org' };
    const isProved = part.endsWith('presented') && !/^A\.[12]/.test(part);
    return [
      question(name, 'sd-jwt', 'verify', input),
      { ...question(`${name} with a proof`, 'sd-jwt', 'verify', { ...input, ...proof }), isGood: isProved },
      refused(`${name}, another key`, 'sd-jwt', 'verify', { ...input, key: text(OTHER) }),
      question(`${name} shown whole`, 'sd-jwt', 'present', { token: text(token), all: true }),
      question(`${name} shown without`, 'sd-jwt', 'present', { token: text(token) }),
    ];
  });
}

const prefixed = (prefix, all) => Object.fromEntries(Object.entries(all).map(([name, value]) => [`${prefix} ${name}`, value]));

/** A second before the claims of RFC 7519 §3.1 expire, and then. */
const BEFORE = '1300819379';
const EXPIRED = '1300819380';
/** When the holder of RFC 9901 signed. */
const SHOWN = '1748537244';
/** RFC 9901 appendix A.5. */
const ISSUER = {
  kty: 'EC',
  crv: 'P-256',
  x: 'b28d4MwZMjw8-00CG4xfnn9SLMVMM19SlqZpVb_uNtQ',
  y: 'Xv5zWwuoaTgdS6hV43yI6gBwTnjukmFQQnJ_kCxzqk8',
};
/** The key of RFC 7517 appendix A.2, with which nothing here was made. */
const OTHER = { ...read('jwk/rfc7517.json').EC, use: undefined, kid: undefined };
