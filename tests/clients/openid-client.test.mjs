import * as oidc from 'openid-client';
import { list, signingKey } from './list.mjs';

list({
  name: 'openid-client',

  async discover(issuer, client) {
    const metadata = { id_token_signed_response_alg: client.alg };
    const options = { execute: [oidc.allowInsecureRequests] };
    return oidc.discovery(new URL(issuer), client.client_id, metadata, await authentication(client), options);
  },

  authorizationUrl: (config, parameters) => oidc.buildAuthorizationUrl(config, parameters),

  async redeem(config, page, { verifier, state, nonce }) {
    const checks = { pkceCodeVerifier: verifier, expectedState: state, expectedNonce: nonce, idTokenExpected: true };
    const tokens = await oidc.authorizationCodeGrant(config, answer(page), checks);
    return { ...tokens, claims: tokens.claims() };
  },

  userinfo: (config, token, subject) => oidc.fetchUserInfo(config, token, subject),
  refresh: (config, token) => oidc.refreshTokenGrant(config, token),
  introspect: (config, token) => oidc.tokenIntrospection(config, token),
  revoke: (config, token) => oidc.tokenRevocation(config, token),
  clientCredentials: (config) => oidc.clientCredentialsGrant(config),
  logoutUrl: (config, parameters) => oidc.buildEndSessionUrl(config, parameters),
});

async function authentication(client) {
  switch (client.method) {
    case 'client_secret_basic':
      return oidc.ClientSecretBasic(client.client_secret);
    case 'client_secret_post':
      return oidc.ClientSecretPost(client.client_secret);
    case 'client_secret_jwt':
      return oidc.ClientSecretJwt(client.client_secret);
    case 'private_key_jwt':
      return oidc.PrivateKeyJwt(await signingKey(client));
    default:
      return oidc.None();
  }
}

/** The answer as an app receives it: a URL, or the POST of `response_mode=form_post`. */
function answer(page) {
  if (page.posted) return new Request(page.left, { method: 'POST', body: page.params });
  const url = new URL(page.left);
  url.search = page.params.toString();
  return url;
}
