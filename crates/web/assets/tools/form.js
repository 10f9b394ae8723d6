// Moves values from a form to the module and its answer to the page, at each keystroke where that is cheap.
{
  const files = new WeakMap();
  const { make, say } = tools;

  /** What a form holds, as the module takes it. */
  function gather(form) {
    const input = {};
    let streamed;
    for (const field of form.querySelectorAll('[data-kind]')) {
      const control = field.querySelector('[name]');
      const file = files.get(control);
      if (file && 'streamed' in field.dataset) streamed = file;
      else if (file) input[control.name] = file.arrayBuffer().then((bytes) => ({ base64: tools.base64(new Uint8Array(bytes)) }));
      else input[control.name] = valueOf(field, control);
    }
    return { input, streamed };
  }

  function valueOf(field, control) {
    const { kind } = field.dataset;
    const text = control.value;
    if (kind === 'flag') return control.checked;
    if (kind === 'repeated') return text.split('\n').filter((line) => line.trim() !== '');
    // Of nothing there is a signature too.
    if (text === '') return 'streamed' in field.dataset ? '' : null;
    const as = field.querySelector('[data-as]')?.value ?? 'text';
    return as === 'text' ? text : { [as]: text };
  }

  /** Whether all is there that must be. */
  function isFilled(form) {
    return [...form.querySelectorAll('[aria-required]')].every((control) => {
      const field = control.closest('[data-kind]');
      return control.value !== '' || files.has(control) || 'streamed' in field.dataset;
    });
  }

  class Panel {
    constructor(panel) {
      this.form = panel.querySelector('form');
      this.output = panel.querySelector('.output');
      this.empty = panel.querySelector('[data-empty]');
      this.status = panel.querySelector('[role="status"]');
      this.question = { call: 'run', tool: panel.dataset.tool, action: panel.dataset.action };
      this.isLive = 'live' in this.form.dataset;
      this.turn = 0;
      this.form.addEventListener('submit', (event) => {
        event.preventDefault();
        this.run({ isAsked: true });
      });
      this.form.addEventListener('reset', () => setTimeout(() => this.forgetAll()));
      this.form.addEventListener('input', (event) => this.changed(event.target));
      for (const field of this.form.querySelectorAll('.drop')) this.takesFiles(field);
      for (const button of this.form.querySelectorAll('[data-veil]')) {
        button.addEventListener('click', () => tools.toggleVeil(button, document.getElementById(button.dataset.veil)));
      }
      this.form.querySelector('[data-share]')?.addEventListener('click', (event) => tools.share(this, event.target));
      this.changed();
    }

    changed(control) {
      if (control?.matches?.('textarea')) tools.fit(control);
      for (const select of this.form.querySelectorAll('select')) {
        select.classList.toggle('legacy', 'legacy' in (select.selectedOptions[0]?.dataset ?? {}));
      }
      if (!this.isLive) return;
      clearTimeout(this.timer);
      this.timer = setTimeout(() => this.run({ isAsked: false }), 100);
    }

    async run({ isAsked }) {
      clearTimeout(this.timer);
      const turn = ++this.turn;
      const isWanted = () => turn === this.turn;
      if (!isAsked && !isFilled(this.form)) return this.clear();
      try {
        if (isAsked && !this.isLive) await this.working();
        const { input, streamed } = gather(this.form);
        for (const [name, value] of Object.entries(input)) input[name] = await value;
        if (streamed) delete input[this.form.querySelector('[data-streamed] [name]').name];
        const question = { ...this.question, input };
        const answer = await (streamed ? tools.stream(question, streamed, isWanted) : this.ask(question));
        if (isWanted()) this.tell(answer, isAsked);
      } catch (error) {
        if (isWanted()) this.tell({ error: { field: null, what: say('broken'), advice: error.message } }, true);
      }
    }

    ask(question) {
      return tools.call(question);
    }

    tell({ done, error, need }, isAsked) {
      this.problem(error);
      if (!done) {
        this.clear();
        const what = need ? say('no-fetch') : error.what;
        if (isAsked || need) this.status.textContent = what;
        return;
      }
      this.empty.hidden = true;
      tools.show(this.output, done, this.question.action);
      tools.shown?.(this, done);
      this.status.textContent = done.verdict ? this.output.querySelector('.verdict').textContent : isAsked ? (done.blocks[0]?.name ?? '') : '';
    }

    /** A page that is busy says so first. */
    async working() {
      this.empty.hidden = true;
      this.output.replaceChildren(make('p', { className: 'hint', lang: document.documentElement.lang }, say('working')));
      await new Promise((drawn) => requestAnimationFrame(() => setTimeout(drawn)));
    }

    clear() {
      this.output.replaceChildren();
      this.empty.hidden = false;
    }

    /** Puts an error at its field. */
    problem(error) {
      for (const shown of this.form.querySelectorAll('.problem')) shown.hidden = true;
      for (const control of this.form.querySelectorAll('[aria-invalid]')) control.removeAttribute('aria-invalid');
      if (!error) return;
      // Advice that names options is for the command line.
      const text = error.advice && !error.advice.includes('--') ? `${error.what}; ${error.advice}` : error.what;
      const control = error.field && this.form.elements[error.field];
      control?.setAttribute?.('aria-invalid', 'true');
      const place = control?.id ? document.getElementById(`${control.id}-problem`) : this.form.querySelector('[data-general]');
      control?.closest?.('details')?.setAttribute('open', '');
      place.textContent = text;
      place.hidden = false;
    }

    async take(control, given) {
      if (!given) return;
      const file = (await tools.taken?.(control, given)) ?? given;
      files.set(control, file);
      control.disabled = true;
      const chosen = document.getElementById(`${control.id}-chosen`);
      chosen.firstElementChild.textContent = `${given.name} · ${given.size.toLocaleString()} bytes`;
      chosen.hidden = false;
      this.changed();
    }

    takesFiles(field) {
      const control = field.querySelector('[name]');
      const picker = field.querySelector('input[type="file"]');
      const take = (file) => this.take(control, file);
      picker.addEventListener('change', () => take(picker.files[0]));
      field.querySelector('[data-forget]').addEventListener('click', () => {
        this.forget(control);
        this.changed();
        control.focus();
      });
      // A text that is dragged is the browser's own business.
      field.addEventListener('dragover', (event) => {
        if (!tools.hasFiles(event)) return;
        event.preventDefault();
        field.classList.add('over');
      });
      field.addEventListener('dragleave', () => field.classList.remove('over'));
      field.addEventListener('drop', (event) => {
        field.classList.remove('over');
        if (!tools.hasFiles(event)) return;
        event.preventDefault();
        take(event.dataTransfer.files[0]);
      });
    }

    forget(control) {
      files.delete(control);
      control.disabled = false;
      document.getElementById(`${control.id}-chosen`).hidden = true;
      document.getElementById(`${control.id}-file`).value = '';
    }

    forgetAll() {
      for (const field of this.form.querySelectorAll('.drop')) this.forget(field.querySelector('[name]'));
      this.problem();
      this.clear();
      this.changed();
    }
  }

  /** A box grows with what is in it. One that is folded away has no size to measure. */
  tools.fit = (box) => {
    const { length } = box.value;
    box.rows = Math.min(16, Math.max(Number(box.dataset.rows ??= box.rows), box.value.split('\n').length, Math.ceil(length / 70)));
    const missing = (box.scrollHeight - box.clientHeight) / parseFloat(getComputedStyle(box).lineHeight);
    if (missing > 0) box.rows = Math.min(16, box.rows + Math.ceil(missing));
  };
  tools.Panel = Panel;

  tools.hasFiles = (event) => event.dataTransfer.types.includes('Files');
  /** A file that misses its field would be opened in place of the page, and all that was typed be gone. */
  tools.keepFilesOut = () => {
    const refuse = (event) => {
      if (event.defaultPrevented || !tools.hasFiles(event)) return;
      event.preventDefault();
      event.dataTransfer.dropEffect = 'none';
    };
    for (const kind of ['dragover', 'drop']) document.addEventListener(kind, refuse);
  };
}
