// Answers the page that shows us in a frame: whether the person before this browser is still signed in as they were
// (OpenID Connect Session Management 1.0 §3.1). The same hash as in crates/oidc/src/session_state.rs.
const name = document.documentElement.dataset.cookie + "=";

function browserState() {
  const pair = document.cookie.split("; ").find((pair) => pair.startsWith(name));
  return pair?.slice(name.length);
}

async function answer(message, origin) {
  const [, client, hash, salt] = /^([\x21-\x7e]+) ([\w-]+)\.([\w-]+)$/.exec(message) ?? [];
  const state = browserState();
  // Without the cookie nothing is known: this browser keeps it from frames. «error» asks nobody to sign in again.
  if (!client || !state) return "error";
  const covered = new TextEncoder().encode(`${client} ${origin} ${state} ${salt}`);
  const bytes = new Uint8Array(await crypto.subtle.digest("SHA-256", covered));
  const text = btoa(String.fromCharCode(...bytes)).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
  return text === hash ? "unchanged" : "changed";
}

addEventListener("message", async (event) => {
  // §3.1: only the page around us is answered; a document without an origin cannot be.
  if (event.source !== parent || parent === window || event.origin === "null") return;
  event.source.postMessage(await answer(String(event.data), event.origin), event.origin);
});
