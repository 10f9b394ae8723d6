// A bank's app as it is on a phone: it is signed in, keeps a P-256 key of its own, and answers other apps' requests by it.
import { createHash, randomUUID } from 'node:crypto';
import { SignJWT, calculateJwkThumbprint, exportJWK, generateKeyPair } from 'jose';
import { Browser, walk } from './browser.mjs';

const CALLBACK = 'https://bank.example/callback';
// RFC 7636 appendix B.
const VERIFIER = 'dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk';
export const PKCE = { code_challenge: 'E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM', code_challenge_method: 'S256' };

/** Registers the bank, signs `user` in, and registers the key of their phone. */
export async function bankApp(provider, user) {
  return phoneOf(provider, await registerBank(provider), user);
}

export function registerBank(provider) {
  const metadata = JSON.stringify({ vestibule_app2app_host: true, vestibule_apple_apps: ['ABCDE12345.com.bank.app'] });
  const args = ['--type', 'web', '--trusted', '--redirect-uri', CALLBACK, '--scope', 'openid', '--metadata', metadata];
  return provider.addClient('Bank', ...args);
}

/** The bank's app on a phone of `user`'s, with a key of its own. */
export async function phoneOf(provider, client, user) {
  const request = { client_id: client.client_id, redirect_uri: CALLBACK, response_type: 'code', scope: 'openid', ...PKCE };
  const browser = new Browser(provider.issuer);
  const page = await walk(browser, `${provider.issuer}/oauth2/authorize?${new URLSearchParams(request)}`, user);
  const form = { grant_type: 'authorization_code', code: page.params.get('code'), redirect_uri: CALLBACK, code_verifier: VERIFIER };
  const tokens = await post(provider, '/oauth2/token', { ...form, client_id: client.client_id, client_secret: client.client_secret });
  const { privateKey, publicKey } = await generateKeyPair('ES256');
  const jwk = await exportJWK(publicKey);
  const kid = await calculateJwkThumbprint(jwk);
  const sign = (typ, claims, header = {}) =>
    new SignJWT({ jti: randomUUID(), iat: Math.floor(Date.now() / 1000), aud: provider.issuer, ...claims })
      .setProtectedHeader({ alg: 'ES256', typ, kid, ...header })
      .sign(privateKey);

  const call = (path, body) => {
    const headers = { authorization: `Bearer ${tokens.access_token}`, 'content-type': 'application/json' };
    return fetch(provider.issuer + path, { headers, method: body ? 'POST' : 'GET', body: body && JSON.stringify(body) });
  };
  const keys = '/api/device-keys/v1/keys';
  const nonce = (await call(keys, { jwk, proof: 'x' })).headers.get('dpop-nonce');
  const ath = createHash('sha256').update(tokens.access_token).digest('base64url');
  const proof = await sign('vestibule-device-key+jwt', { nonce, ath });
  const kept = await call(keys, { jwk, name: 'A phone', proof });
  if (kept.status !== 201) throw new Error(await kept.text());
  return {
    clientId: client.client_id,
    accessToken: tokens.access_token,
    browser,
    kid,
    jwk,
    sign,
    /** What a link of another app asks. */
    async read(link) {
      return (await call(address(link))).json();
    },
    /** The proof of an answer; `more` changes what it says. */
    prove: ({ challenge, request_hash }, decision, more = {}, header = {}) =>
      sign('vestibule-app2app+jwt', { challenge, request_hash, decision, ...more }, header),
    /** Sends a proof to a link's request. */
    async send(link, proof) {
      const answer = await call(address(link), { proof });
      return { status: answer.status, ...(await answer.json()) };
    },
    /** Answers it. */
    async answer(link, asked, decision) {
      return this.send(link, await this.prove(asked, decision));
    },
  };
}

/** Another app pushes a request; answered is the link that it opens. */
export async function pushed(provider, client, host, more) {
  const form = { client_id: client.client_id, client_secret: client.client_secret, response_type: 'code', ...PKCE, ...more };
  const { request_uri } = await post(provider, '/oauth2/par', form);
  return `${provider.issuer}/a2a/${host}?${new URLSearchParams({ client_id: client.client_id, request_uri })}`;
}

export async function redeem(provider, client, redirect, code) {
  const form = { grant_type: 'authorization_code', code, redirect_uri: redirect, code_verifier: VERIFIER };
  return post(provider, '/oauth2/token', { ...form, client_id: client.client_id, client_secret: client.client_secret });
}

function address(link) {
  const { searchParams } = new URL(link);
  const id = searchParams.get('request_uri').split(':').at(-1);
  return `/api/app2app/v1/requests/${id}?${new URLSearchParams({ client_id: searchParams.get('client_id') })}`;
}

async function post(provider, path, form) {
  return (await fetch(provider.issuer + path, { method: 'POST', body: new URLSearchParams(form) })).json();
}
