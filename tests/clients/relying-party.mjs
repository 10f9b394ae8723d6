// A relying party on panva's openid-client and jose, which hears of a sign-out in the three ways there are: by a logout token
// behind the browser's back, by a page of its own in a frame, and by asking the provider's frame again and again.
import { createServer } from 'node:http';
import { createRemoteJWKSet, jwtVerify } from 'jose';
import * as oidc from 'openid-client';

/** Starts an app at `http://NAME.localhost`; `heard` gathers in what way it was told of a sign-out, and with which `sid`. */
export async function startRelyingParty(provider, name, way) {
  const server = createServer((request, answer) => {
    const url = new URL(request.url, app.origin);
    const route = ROUTES[`${request.method} ${url.pathname}`];
    const done = async () => (route ? route(app, { url, request, answer }) : answer.writeHead(404).end());
    done().catch((error) => answer.writeHead(500).end(String(error)));
  });
  await new Promise((ready) => server.listen(0, '127.0.0.1', ready));
  const origin = `http://${name}.localhost:${server.address().port}`;
  const app = { name, origin, way, issuer: provider.issuer, sessions: new Map(), asked: new Map(), heard: [] };
  const addresses = ['--redirect-uri', `${origin}/callback`, '--post-logout-redirect-uri', `${origin}/out`];
  const metadata = JSON.stringify(WAYS[way](origin));
  const client = await provider.addClient(name, '--type', 'web', '--trusted', '--scope', 'openid profile', ...addresses, '--metadata', metadata);
  const secret = oidc.ClientSecretPost(client.client_secret);
  app.config = await oidc.discovery(new URL(provider.issuer), client.client_id, undefined, secret, { execute: [oidc.allowInsecureRequests] });
  app.keys = createRemoteJWKSet(new URL(app.config.serverMetadata().jwks_uri));
  app.clientId = client.client_id;
  app.sids = () => [...app.sessions.values()].map((session) => session.sid);
  app.forget = () => {
    app.sessions.clear();
    app.heard.length = 0;
  };
  app.stop = () => new Promise((done) => server.close(done) && server.closeAllConnections());
  return app;
}

/** What an app registers, by the way in which it wants to be told. */
const WAYS = {
  'back-channel': (origin) => ({ backchannel_logout_uri: `${origin}/back-channel`, backchannel_logout_session_required: true }),
  'front-channel': (origin) => ({ frontchannel_logout_uri: `${origin}/front-channel`, frontchannel_logout_session_required: true }),
  'session-frame': () => ({}),
  'no answer': (origin) => ({ backchannel_logout_uri: `${origin}/unavailable` }),
  'slow frame': (origin) => ({ frontchannel_logout_uri: `${origin}/slow` }),
};

const ROUTES = {
  'GET /': (app, { request, answer }) => page(answer, home(app, session(app, request))),
  'GET /login': (app, visit) => ask(app, visit, {}),
  // Session Management 1.0 §3.1: what has changed is asked anew, for the same person, and nobody is shown a page for that.
  'GET /again': (app, visit) => ask(app, visit, { prompt: 'none', id_token_hint: session(app, visit.request).idToken }),
  'GET /callback': finish,
  'GET /logout': leave,
  'GET /out': (app, { answer }) => page(answer, `<p data-out>Signed out of ${app.name}`),
  'POST /back-channel': backChannel,
  'GET /front-channel': frontChannel,
  'POST /unavailable'(app, { answer }) {
    app.heard.push({ by: 'back-channel, in vain' });
    answer.writeHead(503).end();
  },
  'GET /slow': () => {},
};

async function ask(app, { request, answer }, more) {
  const checks = { pkceCodeVerifier: oidc.randomPKCECodeVerifier(), expectedState: oidc.randomState(), expectedNonce: oidc.randomNonce() };
  app.asked.set(checks.expectedState, { checks, before: more.prompt && cookie(request) });
  const parameters = {
    redirect_uri: `${app.origin}/callback`,
    scope: 'openid profile',
    code_challenge: await oidc.calculatePKCECodeChallenge(checks.pkceCodeVerifier),
    code_challenge_method: 'S256',
    state: checks.expectedState,
    nonce: checks.expectedNonce,
    ...more,
  };
  answer.writeHead(303, { location: oidc.buildAuthorizationUrl(app.config, parameters).href }).end();
}

async function finish(app, { url, answer }) {
  const { checks, before } = app.asked.get(url.searchParams.get('state'));
  app.sessions.delete(before);
  if (before) app.heard.push({ by: 'frame', answer: url.searchParams.get('error') ?? 'still in' });
  if (url.searchParams.has('error')) return answer.writeHead(303, { location: '/' }).end();
  const tokens = await oidc.authorizationCodeGrant(app.config, url, checks);
  const { sub, sid } = tokens.claims();
  const id = oidc.randomState();
  app.sessions.set(id, { sub, sid, idToken: tokens.id_token, state: url.searchParams.get('session_state') });
  // In a frame on the provider's page the app is a third party.
  answer.writeHead(303, { location: '/', 'set-cookie': `app=${id}; Path=/; HttpOnly; SameSite=None; Secure` }).end();
}

/** RP-Initiated Logout 1.0 §2. */
function leave(app, { request, answer }) {
  const { idToken } = session(app, request);
  app.sessions.delete(cookie(request));
  const parameters = { id_token_hint: idToken, post_logout_redirect_uri: `${app.origin}/out`, state: 's' };
  answer.writeHead(303, { location: oidc.buildEndSessionUrl(app.config, parameters).href }).end();
}

/** Back-Channel Logout 1.0 §2.6, §2.7. */
async function backChannel(app, { request, answer }) {
  const form = new URLSearchParams(Buffer.concat(await request.toArray()).toString());
  const rules = { issuer: app.issuer, audience: app.clientId, typ: 'logout+jwt', requiredClaims: ['iat', 'exp', 'jti', 'sid'] };
  try {
    const { payload } = await jwtVerify(form.get('logout_token'), app.keys, rules);
    if (!payload.events['http://schemas.openid.net/event/backchannel-logout'] || 'nonce' in payload) throw new Error('no logout token');
    end(app, payload.sid);
    app.heard.push({ by: 'back-channel', sid: payload.sid });
    answer.writeHead(200, { 'cache-control': 'no-store' }).end();
  } catch (error) {
    app.heard.push({ by: `refused: ${error.message}` });
    answer.writeHead(400, { 'cache-control': 'no-store' }).end();
  }
}

/** Front-Channel Logout 1.0 §3: the session is named by issuer and `sid`, so that it ends without the app's cookie too. */
function frontChannel(app, { url, request, answer }) {
  const [iss, sid] = ['iss', 'sid'].map((name) => url.searchParams.get(name));
  if (iss !== app.issuer) return answer.writeHead(400).end();
  app.heard.push({ by: 'front-channel', sid, hasCookie: app.sessions.has(cookie(request)) });
  end(app, sid);
  answer.setHeader('cache-control', 'no-store');
  return page(answer, 'Signed out');
}

function end(app, sid) {
  for (const [id, session] of app.sessions) if (session.sid === sid) app.sessions.delete(id);
}

const cookie = (request) => /(?:^|; )app=([\w-]+)/.exec(request.headers.cookie)?.[1];
const session = (app, request) => app.sessions.get(cookie(request));

function page(answer, html) {
  answer.setHeader('content-type', 'text/html; charset=utf-8');
  answer.end(`<!doctype html><html lang="en"><link rel="icon" href="data:,"><title>App</title>${html}`);
}

function home(app, session) {
  if (!session) return '<p data-nobody>Nobody is signed in';
  const { check_session_iframe: frame } = app.config.serverMetadata();
  const who = `<p data-who="${session.sub}">Somebody is signed in`;
  return app.way === 'session-frame' ? `${who}<iframe src="${frame}" hidden></iframe>${poll(app, session, frame)}` : who;
}

/** Session Management 1.0 §3.1: the script that asks, and keeps what it was answered. */
function poll(app, { state }, frame) {
  const question = JSON.stringify(`${app.clientId} ${state}`);
  const origin = JSON.stringify(new URL(frame).origin);
  return `<script>
    const frame = document.querySelector('iframe');
    window.answers = [];
    addEventListener('message', (event) => {
      if (event.origin !== ${origin} || event.source !== frame.contentWindow) return;
      answers.push(event.data);
      if (event.data !== 'changed') return;
      clearInterval(asking);
      location.href = '/again';
    });
    let asking;
    frame.addEventListener('load', () => asking = setInterval(() => frame.contentWindow.postMessage(${question}, ${origin}), 200));
  </script>`;
}
