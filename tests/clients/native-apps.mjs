// The native apps of one developer, by what the specifications say alone: fetch, forms, JSON and node's own cryptography.
import { createHash, generateKeyPairSync, randomBytes, randomUUID, sign } from 'node:crypto';
import { Browser, walk } from './browser.mjs';

export const EXCHANGE = 'urn:ietf:params:oauth:grant-type:token-exchange';
export const ACCESS_TOKEN = 'urn:ietf:params:oauth:token-type:access_token';
export const ID_TOKEN = 'urn:ietf:params:oauth:token-type:id_token';
export const DEVICE_SECRET = 'urn:openid:params:token-type:device-secret';

export const claims = (token) => JSON.parse(Buffer.from(token.split('.')[1], 'base64url'));
export const hash = (text) => createHash('sha256').update(text).digest('base64url');
export const callback = (name) => `https://${name}.example/callback`;

export async function post(endpoint, fields, headers = {}) {
  const answer = await fetch(endpoint, { method: 'POST', headers, body: new URLSearchParams(fields) });
  return { status: answer.status, ...(await answer.json()) };
}

/** Apps of this provider that sign `user` in. */
export function appsOf(provider, metadata, user) {
  return {
    add(name, ...more) {
      const args = ['--client-id', name, '--type', 'native', '--redirect-uri', callback(name), '--scope', 'openid profile email'];
      return provider.addClient(name, ...args, ...more);
    },
    /** Signs in to an app in a browser, and redeems the code with what `beside` says of it. */
    async signIn(name, scope, beside = () => ({})) {
      const verifier = randomBytes(32).toString('base64url');
      const asked = { client_id: name, redirect_uri: callback(name), response_type: 'code', scope, nonce: 'n', state: 's' };
      const request = new URLSearchParams({ ...asked, code_challenge: hash(verifier), code_challenge_method: 'S256' });
      const browser = new Browser(provider.issuer);
      const { params } = await walk(browser, `${metadata.authorization_endpoint}?${request}`, user);
      const code = params.get('code');
      const redeemed = { grant_type: 'authorization_code', code, redirect_uri: callback(name), code_verifier: verifier };
      return post(metadata.token_endpoint, { ...redeemed, client_id: name, ...beside(code) });
    },
    /** Native SSO §4.2. */
    join(name, first, more = {}, headers = {}) {
      const subject = { subject_token: first.id_token, subject_token_type: ID_TOKEN };
      const actor = { actor_token: first.device_secret, actor_token_type: DEVICE_SECRET };
      const asked = { grant_type: EXCHANGE, client_id: name, audience: metadata.issuer, ...subject, ...actor, ...more };
      return post(metadata.token_endpoint, asked, headers);
    },
    userinfo(token, headers = {}) {
      return fetch(metadata.userinfo_endpoint, { headers: { authorization: `Bearer ${token}`, ...headers } });
    },
  };
}

/** A P-256 key as a phone's key store has one: it signs, and never leaves. */
export class Key {
  #private;

  constructor() {
    const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    const { kty, crv, x, y } = publicKey.export({ format: 'jwk' });
    this.#private = privateKey;
    this.jwk = { kty, crv, x, y };
    // RFC 7638 §3.2.
    this.thumbprint = hash(JSON.stringify({ crv, kty, x, y }));
  }

  /** RFC 7515 §7.1, RFC 7518 §3.4. */
  sign(typ, said) {
    const part = (value) => Buffer.from(JSON.stringify(value)).toString('base64url');
    const iat = Math.floor(Date.now() / 1000);
    const text = `${part({ typ, alg: 'ES256', jwk: this.jwk })}.${part({ iat, jti: randomUUID(), ...said })}`;
    return `${text}.${sign('sha256', text, { key: this.#private, dsaEncoding: 'ieee-p1363' }).toString('base64url')}`;
  }

  /** RFC 9449 §4.2. */
  dpop(htm, htu, more = {}) {
    return this.sign('dpop+jwt', { htm, htu, ...more });
  }

  /** The container's proof, as the book's page on shared containers has it. */
  device(issuer, client, beside, more = {}) {
    return this.sign('device-proof+jwt', { iss: client, aud: issuer, hash: hash(beside), ...more });
  }
}
