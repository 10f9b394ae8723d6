// Asks the browser for a passkey, or to make one, and sends its answer with the form. Without this script, or in a browser
// that does not know passkeys, the forms stay hidden.
const { PublicKeyCredential } = window;

for (const form of document.querySelectorAll("form[data-passkey]")) {
  if (PublicKeyCredential?.parseRequestOptionsFromJSON) begin(form);
}

for (const field of document.querySelectorAll("input[name=can]")) {
  // Whoever signs in otherwise is offered a passkey then, where one can be made and used here.
  PublicKeyCredential?.isUserVerifyingPlatformAuthenticatorAvailable?.()
    .then((can) => { if (can) field.value = "create-passkey"; })
    .catch(() => {});
}

for (const element of document.querySelectorAll("[data-accepted]")) {
  // What is no longer accepted here goes from the person's password manager too (§5.1.10).
  PublicKeyCredential?.signalAllAcceptedCredentials?.(JSON.parse(element.dataset.accepted)).catch(() => {});
}

for (const element of document.querySelectorAll("[data-details]")) {
  // A changed name or address changes there as well.
  PublicKeyCredential?.signalCurrentUserDetails?.(JSON.parse(element.dataset.details)).catch(() => {});
}

function begin(form) {
  const options = JSON.parse(form.dataset.options);
  const making = form.dataset.passkey === "create";
  let waiting = null;
  form.hidden = false;

  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    waiting?.abort();
    await ask({});
  });
  if (form.dataset.passkey === "get") offer();
  if ("silently" in form.dataset) makeSilently();

  /** Lets the browser offer passkeys where the name is typed. */
  async function offer() {
    if (!(await PublicKeyCredential.isConditionalMediationAvailable?.())) return;
    waiting = new AbortController();
    await ask({ mediation: "conditional", signal: waiting.signal });
  }

  /** Has the browser make one by itself, where its password manager has just filled in the password (§5.1.3). */
  async function makeSilently() {
    const can = await PublicKeyCredential.getClientCapabilities?.();
    if (!can?.conditionalCreate) return;
    waiting = new AbortController();
    await ask({ mediation: "conditional", signal: waiting.signal });
  }

  async function ask(how) {
    form.querySelector("[data-stopped]").hidden = true;
    try {
      const credential = making
        ? await navigator.credentials.create({ publicKey: PublicKeyCredential.parseCreationOptionsFromJSON(options), ...how })
        : await navigator.credentials.get({ publicKey: PublicKeyCredential.parseRequestOptionsFromJSON(options), ...how });
      form.elements.credential.value = JSON.stringify(credential);
      if (form.elements.silently) form.elements.silently.value = how.mediation ? 'on' : '';
      HTMLFormElement.prototype.submit.call(form);
    } catch (error) {
      // An offer that nobody took up is no news.
      if (!how.mediation) form.querySelector("[data-stopped]").hidden = false;
    }
  }
}
