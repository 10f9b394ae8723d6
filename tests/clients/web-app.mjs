// A web app on panva's openid-client that somebody signs in to.
import * as oidc from 'openid-client';
import { Browser, walk } from './browser.mjs';

/** Registers it under its name; `metadata` are members of RFC 7591. */
export async function webApp(provider, name, metadata = {}, ...more) {
  const redirect = `https://${name}.example/cb`;
  const usual = ['--client-id', name, '--type', 'web', '--trusted', '--auth', 'client_secret_post'];
  const client = await provider.addClient(name, ...usual, '--redirect-uri', redirect, '--metadata', JSON.stringify({ scope: 'openid profile', ...metadata }), ...more);
  const authentication = oidc.ClientSecretPost(client.client_secret);
  const plain = { execute: [oidc.allowInsecureRequests] };
  const config = await oidc.discovery(new URL(provider.issuer), name, undefined, authentication, plain);
  const app = { name, redirect, config, credential: { client_id: name, client_secret: client.client_secret } };
  return {
    ...app,
    asked: (user, more, browser) => asked(provider, app, user, more, browser),
    /** Signs `user` in; the library checks the ID token. */
    async signIn(user, more, browser) {
      const { left, verifier } = await asked(provider, app, user, more, browser);
      return oidc.authorizationCodeGrant(config, left, { pkceCodeVerifier: verifier, idTokenExpected: true });
    },
    introspect: (token) => oidc.tokenIntrospection(config, token),
  };
}

/** What comes back to an app from a browser in which `user` does what is asked; `more` changes the request. */
export async function asked(provider, { config, redirect }, user, more = {}, browser = new Browser(provider.issuer)) {
  const verifier = oidc.randomPKCECodeVerifier();
  const code_challenge = await oidc.calculatePKCECodeChallenge(verifier);
  const request = { redirect_uri: redirect, scope: 'openid profile', code_challenge, code_challenge_method: 'S256', ...more };
  const { left, params } = await walk(browser, oidc.buildAuthorizationUrl(config, request), user);
  return { left, params, verifier };
}
