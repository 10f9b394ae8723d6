// A mini program: its page in a frame of the super app, and its backend with a secret of its own.
import assert from 'node:assert/strict';
import { createHash, randomBytes } from 'node:crypto';
import { claimsIn } from './demo.mjs';
import { listenForPorts } from './frames.mjs';
import { bodyOf, html, json, serve } from './servers.mjs';

/** Seconds for which a program's API is content with a sign-in. */
export const OLDEST = 10;

/** A mini program: its page, and the backend that redeems codes with the program's own secret. */
export async function startProgram({ demo, host }, name) {
  let secret, token;
  const verifiers = new Map();
  const received = [];
  const program = {
    received,
    begin() {
      const [verifier, state, nonce] = [32, 16, 16].map((length) => randomBytes(length).toString('base64url'));
      verifiers.set(state, { verifier, nonce });
      return { code_challenge: challengeOf(verifier).code_challenge, state, nonce };
    },
    begun: (state) => verifiers.get(state),
    whoIsIt: () => fetch(`${demo.issuer}/oauth2/userinfo`, { headers: { authorization: `Bearer ${token}` } }),
    /** The program's API: it takes no token of somebody who signed in too long ago (RFC 9470 §3). */
    async pay() {
      const fields = { token, client_id: name, client_secret: secret };
      const seen = await (await fetch(`${demo.issuer}/oauth2/introspect`, { method: 'POST', body: new URLSearchParams(fields) })).json();
      assert.equal(seen.active, true);
      if (Date.now() / 1000 - seen.auth_time < OLDEST) return { status: 200 };
      return { status: 401, error: 'insufficient_user_authentication', max_age: OLDEST };
    },
    /** A code with this program's credential; `owner` is who began it, for those who try another's. */
    async redeem(code, state, owner = program) {
      const { verifier, nonce } = owner.begun(state);
      const fields = { grant_type: 'authorization_code', code, code_verifier: verifier, client_id: name, client_secret: secret };
      const said = await (await fetch(`${demo.issuer}/oauth2/token`, { method: 'POST', body: new URLSearchParams(fields) })).json();
      if (said.error) return { error: said.error };
      token = said.access_token;
      const claims = claimsIn(said.id_token);
      assert.equal(claims.nonce, nonce);
      return { sub: claims.sub, aud: [claims.aud].flat().join(), scope: said.scope };
    },
  };
  const server = await serve(name, async (request, answer) => {
    const body = await bodyOf(request);
    received.push(JSON.stringify([request.url, request.headers, body]));
    if (request.url === '/begin') return json(answer, program.begin());
    if (request.url === '/finish') {
      const { code, state } = JSON.parse(body);
      return json(answer, await program.redeem(code, state));
    }
    if (request.url === '/program') return html(answer, name, `<script type="module">(${programPage})(${JSON.stringify(host.origin)})</script>`);
    html(answer, name, `<script>(${listenForPorts})()</script>`);
  });
  const args = ['--client-id', name, '--host', 'super', '--state', 'live', '--redirect-uri', `${server.origin}/callback`, '--auth', 'client_secret_post'];
  secret = (await demo.addClient(name, ...args, '--scope', 'openid profile')).client_secret;
  return Object.assign(program, server);
}

/** In a program's page. */
async function programPage(hostOrigin) {
  const { connect } = await import('/vestibule-bridge.js');
  window.connected = false;
  const bridge = connect({ hostOrigin, connectTimeout: 60_000 });
  bridge.then(() => (window.connected = true));
  window.code = async (asked) => (await bridge).getAuthCode(asked);
  window.signIn = async (scopes, demand) => {
    const begun = await (await fetch('/begin', { method: 'POST' })).json();
    try {
      const answer = await window.code({ scopes, ...begun, ...demand });
      return await (await fetch('/finish', { method: 'POST', body: JSON.stringify(answer) })).json();
    } catch (error) {
      return { error: error.code ?? error.message };
    }
  };
}

/** RFC 7636 §4.2. */
export function challengeOf(verifier) {
  return { code_challenge: createHash('sha256').update(verifier).digest('base64url'), code_challenge_method: 'S256' };
}
