// panva/jose as an oracle for crates/jose/tests/it/oracles: one JSON request in a line, one answer in a line.
import { createInterface } from 'node:readline';
import * as jose from 'jose';

const bytes = (text) => jose.base64url.decode(text);
const text = (bytes) => jose.base64url.encode(bytes);
const utf8 = new TextDecoder();

/** A key as the library takes it; a password is its bytes. */
async function keyFor({ key, alg }) {
  if (typeof key === 'string') return bytes(key);
  return jose.importJWK(key, alg);
}

const operations = {
  async sign(request) {
    const key = await keyFor(request);
    const header = request.plain ? { alg: request.alg, b64: false, crit: ['b64'] } : { alg: request.alg };
    const payload = bytes(request.payload);
    switch (request.form) {
      case 'compact':
        return new jose.CompactSign(payload).setProtectedHeader(header).sign(key);
      case 'flattened':
        return JSON.stringify(await new jose.FlattenedSign(payload).setProtectedHeader(header).sign(key));
      default:
        return JSON.stringify(await new jose.GeneralSign(payload).addSignature(key).setProtectedHeader(header).sign());
    }
  },

  async verify(request) {
    const key = await keyFor(request);
    const options = { algorithms: [request.alg] };
    const of = { compact: jose.compactVerify, flattened: jose.flattenedVerify, general: jose.generalVerify }[request.form];
    const token = request.form === 'compact' ? request.token : JSON.parse(request.token);
    // A payload that travels by itself (RFC 7797 §5.1, RFC 7515 appendix F).
    if (request.payload) token.payload = request.plain ? bytes(request.payload) : request.payload;
    return text((await of(token, key, options)).payload);
  },

  async encrypt(request) {
    const key = await keyFor(request);
    const { alg, enc } = request;
    const plaintext = bytes(request.payload);
    const parameters = alg.startsWith('PBES2') ? { p2c: 1000 } : undefined;
    if (request.form === 'general') {
      const general = new jose.GeneralEncrypt(plaintext).setProtectedHeader({ enc });
      const recipient = general.addRecipient(key).setUnprotectedHeader({ alg });
      if (parameters) recipient.setKeyManagementParameters(parameters);
      return JSON.stringify(await general.encrypt());
    }
    const of = request.form === 'compact' ? jose.CompactEncrypt : jose.FlattenedEncrypt;
    const one = new of(plaintext).setProtectedHeader({ alg, enc });
    if (parameters) one.setKeyManagementParameters(parameters);
    const token = await one.encrypt(key);
    return request.form === 'compact' ? token : JSON.stringify(token);
  },

  async decrypt(request) {
    const key = await keyFor(request);
    const options = { keyManagementAlgorithms: [request.alg], contentEncryptionAlgorithms: [request.enc] };
    const of = { compact: jose.compactDecrypt, flattened: jose.flattenedDecrypt, general: jose.generalDecrypt }[request.form];
    const token = request.form === 'compact' ? request.token : JSON.parse(request.token);
    return text((await of(token, key, options)).plaintext);
  },

  /** Claims under rules; the payload as it is read. */
  async claims(request) {
    const key = await keyFor(request);
    const { issuer, audience, now, alg } = request;
    const options = { algorithms: [alg], issuer, audience, currentDate: new Date(now * 1000) };
    return (await jose.jwtVerify(request.token, key, options)).payload;
  },

  async nest({ claims, signing, encrypting }) {
    const signed = await new jose.SignJWT(claims)
      .setProtectedHeader({ alg: signing.alg, typ: 'JWT' })
      .sign(await keyFor(signing));
    const { alg, enc } = encrypting;
    return new jose.CompactEncrypt(new TextEncoder().encode(signed))
      .setProtectedHeader({ alg, enc, cty: 'JWT' })
      .encrypt(await keyFor(encrypting));
  },

  async open({ token, signing, encrypting }) {
    const { plaintext } = await jose.compactDecrypt(token, await keyFor(encrypting));
    return (await jose.jwtVerify(utf8.decode(plaintext), await keyFor(signing), { algorithms: [signing.alg] })).payload;
  },

  version: () => process.versions.node,

  thumbprint: ({ key }) => jose.calculateJwkThumbprint(key),

  async generate({ alg, crv }) {
    const { privateKey } = await jose.generateKeyPair(alg, { extractable: true, crv });
    return jose.exportJWK(privateKey);
  },
};

for await (const line of createInterface({ input: process.stdin })) {
  const request = JSON.parse(line);
  let answer;
  try {
    answer = { ok: await operations[request.op](request) };
  } catch (error) {
    answer = { error: `${error.code ?? error.name}: ${error.message}` };
  }
  process.stdout.write(`${JSON.stringify(answer)}\n`);
}
