import * as oauth from 'oauth4webapi';
import { list, signingKey, REDIRECT_URI } from './list.mjs';

const plain = { [oauth.allowInsecureRequests]: true };

list({
  name: 'oauth4webapi',

  async discover(issuer, client) {
    const url = new URL(issuer);
    const as = await oauth.processDiscoveryResponse(url, await oauth.discoveryRequest(url, plain));
    const metadata = { client_id: client.client_id, id_token_signed_response_alg: client.alg };
    return { as, client: metadata, auth: await authentication(client) };
  },

  authorizationUrl({ as, client }, parameters) {
    const url = new URL(as.authorization_endpoint);
    url.search = new URLSearchParams({ client_id: client.client_id, response_type: 'code', ...parameters });
    return url;
  },

  async redeem({ as, client, auth }, page, { verifier, state, nonce }) {
    const answer = oauth.validateAuthResponse(as, client, page.params, state);
    const response = await oauth.authorizationCodeGrantRequest(as, client, auth, answer, REDIRECT_URI, verifier, plain);
    const checks = { expectedNonce: nonce, requireIdToken: true };
    const tokens = await oauth.processAuthorizationCodeResponse(as, client, response, checks);
    await oauth.validateApplicationLevelSignature(as, response, plain);
    await validAtTheResource(as, tokens.access_token);
    return { ...tokens, claims: oauth.getValidatedIdTokenClaims(tokens) };
  },

  async userinfo({ as, client }, token, subject) {
    return oauth.processUserInfoResponse(as, client, subject, await oauth.userInfoRequest(as, client, token, plain));
  },

  async refresh({ as, client, auth }, token) {
    const response = await oauth.refreshTokenGrantRequest(as, client, auth, token, plain);
    return oauth.processRefreshTokenResponse(as, client, response);
  },

  async introspect({ as, client, auth }, token) {
    const response = await oauth.introspectionRequest(as, client, auth, token, plain);
    return oauth.processIntrospectionResponse(as, client, response);
  },

  async revoke({ as, client, auth }, token) {
    return oauth.processRevocationResponse(await oauth.revocationRequest(as, client, auth, token, plain));
  },

  async clientCredentials({ as, client, auth }) {
    const response = await oauth.clientCredentialsGrantRequest(as, client, auth, {}, plain);
    return oauth.processClientCredentialsResponse(as, client, response);
  },

  logoutUrl({ as }, parameters) {
    const url = new URL(as.end_session_endpoint);
    url.search = new URLSearchParams(parameters);
    return url;
  },
});

/** RFC 9068 §4, as an API does it; the default audience is the issuer. */
function validAtTheResource(as, token) {
  const request = new Request('http://localhost:9876/api', { headers: { authorization: `Bearer ${token}` } });
  return oauth.validateJwtAccessToken(as, request, as.issuer, plain);
}

async function authentication(client) {
  switch (client.method) {
    case 'client_secret_basic':
      return oauth.ClientSecretBasic(client.client_secret);
    case 'client_secret_post':
      return oauth.ClientSecretPost(client.client_secret);
    case 'client_secret_jwt':
      return oauth.ClientSecretJwt(client.client_secret);
    case 'private_key_jwt':
      return oauth.PrivateKeyJwt(await signingKey(client));
    default:
      return oauth.None();
  }
}
