// The debugger: one box that takes whatever is pasted, and a box of the same kind for each token inside a token.
{
  const { make, say } = tools;
  const asked = (tool, action, input) => tools.call({ call: 'run', tool, action, input });
  const TOKENS = ['jwt', 'jws', 'sd-jwt', 'jwe', 'jwe-json', 'jws-json'];
  const KEYS = ['jwk', 'jwk-private', 'jwks', 'pem-public', 'pem-private', 'certificate'];
  /** What may go along to another page: nothing that must stay secret. */
  const OPEN = ['webhook-header', 'signature', 'base64url', 'base64'];
  const MOST_LAYERS = 5;
  let desk;

  class Reader extends tools.Panel {
    constructor(panel, depth = 1) {
      super(panel);
      Object.assign(this, { panel, depth });
      tools.inkBox(this.box);
      // Until it is known to be a token, it may be a key, which no link carries.
      this.box.addEventListener('input', () => (this.box.dataset.private = ''));
    }

    get box() {
      return this.field('token');
    }

    field(name) {
      return this.form.elements[name];
    }

    async ask({ input }) {
      const { done } = await asked('recognise', '', { text: input.token });
      const guess = done?.result ?? {};
      if (TOKENS.includes(guess.kind)) delete this.box.dataset.private;
      if (!TOKENS.includes(guess.kind)) return this.leadOn(guess, input);
      const { key, secret, password } = input;
      const hasKey = [key, secret, password].some((value) => value);
      const isClosed = guess.kind.startsWith('jwe');
      const opened = isClosed && hasKey ? await asked('jwe', 'decrypt', { token: input.token, key, secret, password }) : undefined;
      const inside = await this.inside(opened?.done);
      const [decoded, lint] = await Promise.all([
        // What is inside has a box of its own.
        asked('jwt', 'decode', inside ? { token: input.token, at: input.at } : { token: input.token, at: input.at, key, secret, password }),
        asked('jwt', 'lint', { token: input.token, at: input.at }),
      ]);
      if (decoded.error) return decoded;
      const verified = !isClosed && hasKey ? await verify(guess.kind, input) : undefined;
      const failed = verified?.error ?? opened?.error;
      return { done: decoded.done, guess, lint: lint.done, verified: verified?.done, opened: opened?.done, inside, isClosed, failed };
    }

    /** The token that was inside of another. */
    async inside(opened) {
      if (typeof opened?.value !== 'string' || opened.verdict) return undefined;
      const { done } = await asked('recognise', '', { text: opened.value });
      return TOKENS.includes(done?.result.kind) ? opened.value : undefined;
    }

    /** What is no token goes to the tool that takes it. */
    async leadOn(guess, input) {
      if (!guess.tool) return { done: { blocks: [], notes: [] }, guess };
      const led = await asked(guess.tool, guess.action, { [guess.field]: input.token });
      return { done: led.done ?? { blocks: [], notes: [] }, guess };
    }

    tell(answer, isAsked) {
      const { done, guess, lint, verified, opened, inside, isClosed, failed } = answer;
      super.tell(answer, isAsked);
      this.nest(inside);
      if (!done || !guess) return;
      if (failed) this.problem(failed);
      const isToken = TOKENS.includes(guess.kind);
      const what = make('p', { className: 'what' }, tools.ours('span', {}, say('this-is')), ' ', make('strong', {}, guess.words ?? ''));
      if (!isToken) {
        this.output.prepend(what, ...this.ways(guess));
        this.status.textContent = guess.words ?? '';
        return;
      }
      const parts = [what, this.verdict({ verified, opened, isClosed })];
      parts.push(...tools.notes((verified ?? (opened?.verdict ? opened : undefined))?.notes ?? []));
      parts.push(...shown(done.blocks));
      const found = tools.notes(findings(done.notes.filter(({ code }) => !(inside && code === 'jwe-closed')), lint?.notes ?? []));
      if (found.length) parts.push(tools.ours('h3', { className: 'part-head' }, say('findings')), ...found);
      if (!isClosed) parts.push(press(['edit', () => edit(this, done)], ['encrypt', () => encrypt(this.box.value)]));
      this.output.replaceChildren(...parts);
      this.status.textContent = parts[1].textContent;
    }

    verdict({ verified, opened, isClosed }) {
      if (isClosed) return opened ? tools.verdict(opened.verdict === 'no' ? 'no' : 'yes', opened.verdict === 'no' ? 'shut' : 'opened') : open('closed');
      return verified ? tools.verdict(verified.verdict, verified.verdict === 'yes' ? 'valid' : 'invalid') : open('unverified');
    }

    /** The ways on from what is no token. */
    ways(guess) {
      if (KEYS.includes(guess.kind)) {
        return [press(['use-key', () => this.useAsKey()]), this.way(guess)];
      }
      if (guess.kind === 'claims') {
        return [press(['edit', () => write({ claims: this.box.value })])];
      }
      return [this.way(guess)];
    }

    way({ kind, tool, action, field, preset }) {
      if (!tool) return '';
      const link = new URLSearchParams({ action });
      if (OPEN.includes(kind)) link.set(`.${field}`, this.box.value.trim());
      if (preset) link.set('.preset', preset);
      const href = `${desk.bench.dataset.page.replace('NAME', tool)}#${link}`;
      return make('p', { className: 'way-on' }, tools.ours('span', {}, say('go-on')), ' ', make('a', { href }, `${tool} ${action}`.trim()));
    }

    useAsKey() {
      this.field('key').value = this.box.value;
      this.box.value = '';
      for (const control of [this.field('key'), this.box]) control.dispatchEvent(new Event('input', { bubbles: true }));
      this.box.focus();
    }

    clear() {
      super.clear();
      this.nest(undefined);
    }

    /** Gives what is inside a box of its own, for the keys that it needs. */
    nest(token) {
      if (!token || this.depth >= MOST_LAYERS) {
        this.inner?.nest(undefined);
        this.inner?.panel.remove();
        this.inner = undefined;
        return;
      }
      this.inner ??= new Reader(layer(this.panel, this.depth + 1), this.depth + 1);
      if (this.inner.box.value === token) return;
      this.inner.box.value = token;
      this.inner.box.dispatchEvent(new Event('input', { bubbles: true }));
    }
  }

  /** An SD-JWT has a verifier of its own, which takes no password. */
  function verify(kind, { password, 'allow-short-secret': isShortAllowed, ...input }) {
    if (kind === 'sd-jwt') return asked('sd-jwt', 'verify', input);
    return asked('jwt', 'verify', { ...input, password, 'allow-short-secret': isShortAllowed });
  }

  /** A copy of the first panel as it was, with names of its own, behind another. */
  function layer(outer, depth) {
    const panel = desk.pristine.cloneNode(true);
    const renamed = (text) => text.replaceAll('verify-', `layer-${depth}-`).replace(/^result-verify$/, `result-layer-${depth}`);
    for (const element of panel.querySelectorAll('*')) {
      for (const name of ['id', 'for', 'aria-describedby', 'aria-labelledby', 'data-for', 'data-veil', 'data-forget']) {
        if (element.hasAttribute(name)) element.setAttribute(name, renamed(element.getAttribute(name)));
      }
    }
    for (const name of ['id', 'role', 'aria-labelledby']) panel.removeAttribute(name);
    for (const unwanted of panel.querySelectorAll('.shell, .press, form > .hint')) unwanted.remove();
    const head = tools.ours('h2', { id: `layer-${depth}`, className: 'layer-head' }, `${say('layer')} ${depth}`);
    // Each result says whose it is.
    panel.querySelector('.output').setAttribute('aria-labelledby', `layer-${depth} result-layer-${depth}`);
    panel.classList.add('layer');
    panel.prepend(head);
    panel.hidden = false;
    outer.after(panel);
    return panel;
  }

  /** The signature stands in the box already; what the header means is folded away. */
  function shown(blocks) {
    return blocks.filter(({ name }) => name !== 'signature').map((block) => {
      const [element] = tools.blocks([block]);
      if (!block.name.startsWith('header explained')) return element;
      element.querySelector('.head-of').remove();
      return make('details', { className: 'folded' }, make('summary', {}, block.name), element);
    });
  }

  /** What the linter finds too is said once. */
  function findings(decoded, lint) {
    const said = new Set(decoded.map(({ code }) => SAME[code]));
    return [...decoded, ...lint.filter(({ code }) => !said.has(code))];
  }

  const open = (word) => tools.ours('p', { className: 'verdict open' }, say(word));

  function press(...buttons) {
    const made = buttons.map(([word, act]) => {
      const button = tools.ours('button', { type: 'button', className: 'quiet' }, say(word));
      button.addEventListener('click', act);
      return button;
    });
    return make('p', { className: 'press' }, ...made);
  }

  function edit(reader, { blocks }) {
    const text = (name) => blocks.find((block) => block.name === name)?.text ?? '';
    write({ header: text('header'), claims: text('claims') });
  }

  const write = (values) => fill('sign', values);
  const encrypt = (token) => fill('encrypt', { message: token, header: '{"cty": "JWT"}' });
  const read = (token) => fill('verify', { token });

  /** Opens another tab with these values in it. */
  function fill(action, values) {
    const panel = desk.panels.get(action);
    desk.open(desk.bench, action);
    for (const [name, value] of Object.entries(values)) {
      const control = panel.form.elements[name];
      control.value = value;
      control.dispatchEvent(new Event('input', { bubbles: true }));
    }
    panel.form.elements[Object.keys(values)[0]].focus();
  }

  /** The same claims in several forms, beside each other. */
  function compared(output, { forms, claims_bytes: plain }) {
    const most = Math.max(...forms.map((form) => form.bytes));
    const column = ({ form, bytes, token, readable, can_be_made_by: maker }) => {
      const size = make('p', { className: 'size' }, `${bytes.toLocaleString('en')} bytes `, make('span', {}, `${(bytes / plain).toFixed(1)} ×`));
      const meter = make('meter', { min: 0, max: most, value: bytes, ariaLabel: `${form}: ${bytes} bytes` });
      const lines = tools.blocks(['header', 'claims'].filter((name) => readable[name]).map((name) => ({ kind: 'json', name, text: JSON.stringify(readable[name], null, 2) })));
      const says = (word) => tools.ours('h3', {}, say(word));
      const inked = tools.scrolls(make('pre', {}, make('code', {}, ...tools.ink(token))), form);
      return make('section', { className: 'form-of' }, make('h3', { className: 'name' }, form), size, meter, inked, tools.legend(token),
        says('everybody'), ...lines, says('made-by'), make('p', {}, maker));
    };
    output.replaceChildren(make('div', { className: 'beside' }, ...forms.map(column)));
  }

  tools.panelOf = (panel) => (panel.dataset.action === 'verify' ? new Reader(panel) : new tools.Panel(panel));

  tools.before = (bench) => {
    desk = { bench, pristine: bench.querySelector('#panel-verify').cloneNode(true) };
    bench.querySelector('#panel-compare').classList.add('wide');
  };

  tools.begin = (bench, panels, open) => Object.assign(desk, { panels, open });

  tools.shown = (panel, done) => {
    const { action } = panel.question;
    if (action === 'compare') compared(panel.output, done.result);
    if (action === 'sign') panel.output.append(press(['read', () => read(done.value)], ['encrypt', () => encrypt(done.value)]));
    if (action === 'encrypt') panel.output.append(press(['read', () => read(done.value)]));
  };

  const SAME = {
    'header-alg-none': 'token.alg.none',
    'header-alg-unknown': 'token.alg.unknown',
    'header-own-key': 'token.header.key',
    'claim-expired': 'token.exp.passed',
    'claim-milliseconds': 'token.date.milliseconds',
    'claim-type': 'token.claim.type',
    'claim-no-exp': 'token.exp.missing',
    'claim-not-yet': 'token.nbf.coming',
    'token-json': 'token.invalid',
  };
}
