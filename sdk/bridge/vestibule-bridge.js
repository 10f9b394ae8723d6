// The bridge between a super app and the mini programs in its frames: a program asks for an authorization code of its own,
// and the host gets it from the provider. Nothing else goes over it, and the host's token never does.
//
// In a browser the port is what tells programs apart: the host hands one MessagePort to one frame, and whatever comes over
// it is that frame's. In native apps the system says who speaks, and takes the port's place:
//
// * Android: `WebViewCompat.addWebMessageListener(view, "vestibuleBridge", setOf("https://taxi.example"), listener)`. The
//   object is injected into pages of the listed origins alone, and `onPostMessage` gets `sourceOrigin` and `isMainFrame`
//   from the system. List one program's origin for each web view, refuse what is not the main frame, and answer by the
//   `JavaScriptReplyProxy` that came with the message. Never use `addJavascriptInterface`: every frame sees it.
// * iOS: a `WKScriptMessageHandlerWithReply` in a content controller of this web view alone. Compare all of
//   `message.frameInfo.securityOrigin` (protocol, host, port) with the program's origin and demand
//   `message.frameInfo.isMainFrame`, each time: a web view that has navigated still has the handler.
//
// On both, `program` is what the app opened in that web view, and the checks of `readRequest` are the app's to make. A message
// is JSON, `{"id": 1, "scopes": […], …}`; the answer is `{"id": 1, "code": "…"}` or `{"id": 1, "error": "…"}`. What such an app
// looks like stands in docs/book/mini-programs.md.

const HELLO = 'vestibule-bridge:hello';
const PORT = 'vestibule-bridge:port';
const HELLO_EVERY = 200;

/** What goes wrong at the bridge: `code` says what, in a word. */
export class BridgeError extends Error {
  constructor(code, message = code) {
    super(message);
    this.name = 'BridgeError';
    this.code = code;
  }
}

// ---- In the mini program's page

// A page has one host: who hands over a second port is somebody else.
let connected = false;

/** Waits for the port of the host that frames this page; in an app's web view, the app is the host. */
export async function connect({ hostOrigin, connectTimeout = 10_000, requestTimeout = 120_000 } = {}) {
  const isFramed = window.parent !== window;
  if ((isFramed || hostOrigin !== undefined) && !isOrigin(hostOrigin)) {
    throw new BridgeError('invalid_request', 'hostOrigin must be an origin');
  }
  // A page in a frame never speaks to the app: there it is the host's page that does.
  const app = isFramed ? undefined : appPort();
  if (!isFramed && !app) throw new BridgeError('not_framed', 'no host frames this page, and no app shows it');
  if (connected) throw new BridgeError('already_connected');
  connected = true;
  return app ? programSide(app, requestTimeout) : framePort({ hostOrigin, connectTimeout, requestTimeout });
}

/** What Android or iOS put into this page, as a port; nothing where neither did. */
function appPort() {
  const android = window.vestibuleBridge;
  if (typeof android?.postMessage === 'function') {
    const port = {
      postMessage: (message) => android.postMessage(JSON.stringify(message)),
      close: () => (android.onmessage = null),
    };
    android.onmessage = ({ data }) => port.onmessage?.({ data: parsed(data) });
    return port;
  }
  const ios = window.webkit?.messageHandlers?.vestibuleBridge;
  if (typeof ios?.postMessage !== 'function') return undefined;
  const port = {
    // The handler's reply is a promise; its refusal says nothing that the program may know.
    postMessage: (message) =>
      ios.postMessage(JSON.stringify(message)).then(
        (data) => port.onmessage?.({ data: parsed(data) }),
        () => port.onmessage?.({ data: { id: message.id, error: 'server_error' } }),
      ),
    close: () => (port.onmessage = undefined),
  };
  return port;
}

function parsed(data) {
  try {
    return typeof data === 'string' ? JSON.parse(data) : undefined;
  } catch {
    return undefined;
  }
}

function framePort({ hostOrigin, connectTimeout, requestTimeout }) {
  return new Promise((resolve, reject) => {
    // Again and again, as the host may open its bridge later than this page is there. To that origin alone: another page
    // that frames this one does not hear it.
    const hello = () => window.parent.postMessage({ type: HELLO }, hostOrigin);
    const repeating = setInterval(hello, HELLO_EVERY);
    const limit = setTimeout(() => {
      stop();
      connected = false;
      reject(new BridgeError('timeout', 'the host handed over no port'));
    }, connectTimeout);
    const stop = () => {
      clearInterval(repeating);
      clearTimeout(limit);
      window.removeEventListener('message', hear);
    };
    // The origin alone would not do, as the host may frame pages of its own; nor would the parent, which may be anybody.
    const hear = ({ source, origin, data, ports }) => {
      if (source !== window.parent || origin !== hostOrigin) return;
      if (data?.type !== PORT || ports.length !== 1) return;
      stop();
      resolve(programSide(ports[0], requestTimeout));
    };
    window.addEventListener('message', hear);
    hello();
  });
}

function programSide(port, requestTimeout) {
  let pending;
  let last = 0;
  let closed = false;
  const settle = (error, answer) => {
    const { resolve, reject, limit } = pending;
    pending = undefined;
    clearTimeout(limit);
    if (error) reject(error);
    else resolve(answer);
  };
  port.onmessage = ({ data }) => {
    // An answer that came too late is nobody's.
    if (!pending || !isRecord(data) || data.id !== pending.id) return;
    if (isCode(data.code)) settle(undefined, { code: data.code, state: pending.state });
    else if (isErrorCode(data.error)) settle(new BridgeError(data.error));
    else settle(new BridgeError('invalid_answer'));
  };
  return {
    getAuthCode(asked) {
      return new Promise((resolve, reject) => {
        if (closed) throw new BridgeError('closed');
        if (pending) throw new BridgeError('busy', 'a request is pending');
        const request = readRequest(asked);
        if (!request) throw new BridgeError('invalid_request');
        const id = ++last;
        const limit = setTimeout(() => settle(new BridgeError('timeout', 'the host did not answer')), requestTimeout);
        pending = { id, state: request.state, resolve, reject, limit };
        port.postMessage({ id, ...request });
      });
    },
    close() {
      closed = true;
      port.close();
      if (pending) settle(new BridgeError('closed'));
    },
  };
}

// ---- In the host's page

/**
 * Opens the bridge to the one program in a frame. `program` and `origin` are what the host has put into the frame: what the
 * page says of itself is never looked at.
 */
export function openBridge(iframe, { program, origin, handler }) {
  if (typeof program !== 'string' || !program) throw new BridgeError('invalid_request', 'program must be a client id');
  if (!isOrigin(origin)) throw new BridgeError('invalid_request', 'origin must be an origin');
  if (origin === window.location.origin) throw new BridgeError('invalid_request', 'a program has an origin of its own');
  let port;
  let handedOver = false;
  let closed = false;
  // One for the frame, not for the port: a sheet that is open stays the only one, whatever is opened anew behind it.
  let pending = false;

  // The page says by its hello that it has loaded and listens. Frame and origin are compared: the frame may have gone
  // elsewhere, and another frame may show a page of the same origin.
  const hear = ({ source, origin: from, data }) => {
    if (source === null || source !== iframe.contentWindow || from !== origin || data?.type !== HELLO) return;
    // Who says it a second time, or comes by a navigation, gets no port: the host decides what is opened.
    if (handedOver) return;
    handedOver = true;
    const channel = new MessageChannel();
    port = channel.port1;
    port.onmessage = listen(port);
    // To the exact origin: if the frame has gone elsewhere meanwhile, nobody gets the port.
    iframe.contentWindow.postMessage({ type: PORT }, origin, [channel.port2]);
  };

  const listen = (own) => async ({ data }) => {
    if (!isRecord(data) || !Number.isSafeInteger(data.id) || data.id < 1) return;
    const answer = (said) => own === port && own.postMessage({ id: data.id, ...said });
    const request = readRequest(data);
    if (!request) return answer({ error: 'invalid_request' });
    if (pending) return answer({ error: 'busy' });
    pending = true;
    try {
      // The code alone is taken: a handler that gives back all the provider said sends no more than this either.
      const code = (await handler({ program, ...request }))?.code;
      answer(isCode(code) ? { code } : { error: 'server_error' });
    } catch (error) {
      // A word at most: messages of errors may quote what is the host's.
      answer({ error: isErrorCode(error?.code) ? error.code : 'server_error' });
    } finally {
      pending = false;
    }
  };

  const shut = () => {
    port?.close();
    port = undefined;
  };
  window.addEventListener('message', hear);
  return {
    /** After the host has loaded the frame anew: the next hello gets a port, and the one before is closed. */
    reopen() {
      if (closed) throw new BridgeError('closed');
      shut();
      handedOver = false;
    },
    close() {
      closed = true;
      shut();
      window.removeEventListener('message', hear);
    },
  };
}

// ---- Shapes and sizes, the same on both sides

/** Just what is known of a request, copied, or nothing if it does not hold. */
function readRequest(asked) {
  if (!isRecord(asked)) return undefined;
  const { scopes, code_challenge, state, nonce, acr_values, max_age } = asked;
  if (!Array.isArray(scopes) || scopes.length < 1 || scopes.length > 32) return undefined;
  // RFC 6749 §3.3.
  if (!scopes.every((scope) => isText(scope, 128) && /^[\x21\x23-\x5b\x5d-\x7e]+$/.test(scope))) return undefined;
  // S256 is 43 characters of base64url, RFC 7636 §4.2.
  if (!isText(code_challenge, 43) || !/^[\w-]{43}$/.test(code_challenge)) return undefined;
  if (![state, nonce].every((text) => isText(text, 512) && /^[\x20-\x7e]+$/.test(text))) return undefined;
  // What the program's API demands of the sign-in, RFC 9470 §3.
  const demands = {};
  if (acr_values !== undefined) {
    if (!Array.isArray(acr_values) || acr_values.length < 1 || acr_values.length > 8) return undefined;
    if (!acr_values.every((value) => isText(value, 256) && /^[\x21-\x7e]+$/.test(value))) return undefined;
    demands.acr_values = [...acr_values];
  }
  if (max_age !== undefined) {
    if (!Number.isSafeInteger(max_age) || max_age < 0) return undefined;
    demands.max_age = max_age;
  }
  return { scopes: [...scopes], code_challenge, state, nonce, ...demands };
}

/** A code as the provider makes them; a JWT is none, so that a token returned by mistake stays with the host. */
function isCode(code) {
  return isText(code, 1024) && /^[\x21-\x7e]+$/.test(code) && !/^eyJ[^.]*\./.test(code);
}

function isErrorCode(code) {
  return isText(code, 64) && /^[a-z_]+$/.test(code);
}

function isText(value, longest) {
  return typeof value === 'string' && value.length > 0 && value.length <= longest;
}

function isRecord(value) {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** An exact origin, `*` and `null` being none. */
function isOrigin(text) {
  try {
    return /^https?:/.test(text) && new URL(text).origin === text;
  } catch {
    return false;
  }
}
