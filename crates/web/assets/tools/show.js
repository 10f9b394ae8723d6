// Shows what came of an action: the verdict, the blocks of its report, the notes.
{
  const said = document.body.dataset;

  /** Makes an element; text is only ever text. */
  const make = (name, members = {}, ...children) => {
    const element = Object.assign(document.createElement(name), members);
    element.append(...children);
    return element;
  };
  tools.make = make;
  /** One of the catalogue's texts. */
  const say = (key) => said[key.replace(/-(.)/g, (_, letter) => letter.toUpperCase())] ?? key;

  tools.say = say;

  /** A text of the catalogue among others that are English. */
  const ours = (name, members, text) => make(name, { lang: root.lang, dir: root.dir, ...members }, text);
  const root = document.documentElement;
  tools.ours = ours;

  tools.show = (output, done, action) => {
    const parts = [];
    if (done.verdict) parts.push(tools.verdict(done.verdict, VERDICTS[action]?.[done.verdict] ?? done.verdict));
    parts.push(...tools.notes(done.notes.filter((note) => note.level !== 'info')));
    parts.push(...tools.blocks(done.blocks));
    parts.push(...tools.notes(done.notes.filter((note) => note.level === 'info')));
    output.replaceChildren(...parts);
  };

  /** What is judged otherwise than by comparing. */
  const VERDICTS = { lint: { yes: 'clean', no: 'unclean' } };

  tools.verdict = (word, words) => {
    const sign = make('span', { className: 'sign', ariaHidden: 'true' }, word === 'yes' ? '✓' : '✗');
    const shown = ours('p', { className: `verdict ${word}` }, say(words));
    shown.prepend(sign);
    return shown;
  };

  /** The gravest first. */
  tools.notes = (notes) => ['fault', 'warning', 'info'].flatMap((level) => notes.filter((note) => note.level === level).map(shownNote));
  tools.blocks = (blocks) => blocks.map((block) => (KINDS[block.kind] ?? KINDS.text)(block));

  function shownNote({ level, code, text, expected, found, cause, clause }) {
    // The slip that explains a mismatch is what people came for.
    const isAnswer = code.endsWith('-slip');
    const note = make('div', { className: `note ${isAnswer ? 'answer' : ''} ${level}` });
    const head = make('p', {}, ours('strong', {}, `${say(isAnswer ? 'cause' : level)}:`), ' ', text);
    note.append(head);
    const facts = make('dl');
    for (const [key, value] of [['expected', expected], ['found', found]]) {
      if (value !== undefined) facts.append(ours('dt', {}, say(key)), make('dd', {}, make('code', {}, value)));
    }
    if (facts.childElementCount) note.append(facts);
    if (cause !== undefined) note.append(make('p', { className: 'cause' }, cause));
    note.append(make('p', { className: 'rests' }, clause === undefined ? code : `${code} · ${clause}`));
    return note;
  }

  /** A date that is broken at a hyphen is hard to read. */
  const DATE = /^\d{4}-\d\d-\d\dT[\d:.]+Z$/;
  const KINDS = {
    line: ({ name, text }) => block(name, make('p', { className: 'plain' }, make('code', {}, ...tools.ink(text))), text),
    secret: ({ name, text }) => {
      const code = make('code', { className: 'veiled' }, text);
      const isLong = text.trim().includes('\n');
      const shown = block(name, isLong ? long(code, name) : make('p', { className: 'plain' }, code), text, isLong);
      shown.querySelector('.does').prepend(unveil(code));
      shown.querySelector('.head-of').after(ours('p', { className: 'keep' }, say('keep')));
      shown.classList.add('private');
      return shown;
    },
    text: ({ name, text }) => block(name, long(make('code', {}, text), name), text, true),
    json: ({ name, text }) => {
      const shown = block(name, long(make('code', {}, ...coloured(text)), name), text, true);
      shown.classList.add('json', ...name.split(' ', 1));
      return shown;
    },
    table: ({ name, heads, rows }) => {
      const row = (cells, kind) => make('tr', {}, ...cells.map((cell) => make(kind, { className: DATE.test(cell) ? 'date' : '' }, cell)));
      const table = make('table', {}, make('thead', {}, row(heads, 'th')), make('tbody', {}, ...rows.map((cells) => row(cells, 'td'))));
      for (const head of table.querySelectorAll('th')) head.scope = 'col';
      return block(name, scrolls(table, name));
    },
    picture: ({ name, svg }) => {
      const drawn = document.importNode(new DOMParser().parseFromString(svg, 'image/svg+xml').documentElement, true);
      drawn.setAttribute('role', 'img');
      drawn.setAttribute('aria-label', name);
      drawn.classList.add('picture');
      return block(name, drawn);
    },
  };

  function block(name, content, text, isFile = false) {
    const head = make('div', { className: 'head-of' }, make('h3', {}, name));
    const does = make('span', { className: 'does' });
    if (text !== undefined) does.append(copier(text, name));
    if (isFile) does.append(saver(text, name));
    head.append(does);
    return make('div', { className: 'block' }, head, content);
  }

  const long = (code, name) => scrolls(make('pre', {}, code), name);

  /** What may be wider than its place scrolls by itself, with the keyboard too. */
  function scrolls(content, name) {
    const box = make('div', { className: 'scrolls', tabIndex: 0, role: 'group', ariaLabel: name }, content);
    return box;
  }
  tools.scrolls = scrolls;

  function copier(text, name) {
    const button = small(say('copy'), name);
    button.addEventListener('click', async () => {
      await copy(text);
      tools.answer(button, say('copied'));
    });
    return button;
  }

  function saver(text, name) {
    const button = small(say('download'), name);
    button.addEventListener('click', () => {
      const isPem = text.startsWith('-----BEGIN');
      const address = URL.createObjectURL(new Blob([text.endsWith('\n') ? text : `${text}\n`]));
      const file = `${name.toLowerCase().replace(/[^a-z0-9]+/g, '-')}.${isPem ? 'pem' : 'json'}`;
      make('a', { href: address, download: file }).click();
      setTimeout(() => URL.revokeObjectURL(address), 1000);
    });
    return button;
  }

  function unveil(code) {
    const button = small(say('show'), '');
    button.ariaPressed = 'false';
    button.addEventListener('click', () => tools.toggleVeil(button, code));
    return button;
  }

  /** Shows or hides a secret. */
  tools.toggleVeil = (button, element) => {
    const isVeiled = element.classList.toggle('veiled');
    button.ariaPressed = String(!isVeiled);
    button.textContent = say(isVeiled ? 'show' : 'hide');
  };

  const small = (text, name) => ours('button', { type: 'button', className: 'small', ariaDescription: name }, text);

  /** What a button has done stands on it for a while, and is told to whom does not see it. */
  tools.answer = (button, words) => {
    const status = button.closest('.panel').querySelector('[role="status"]');
    button.dataset.words ??= button.textContent;
    button.textContent = status.textContent = words;
    setTimeout(() => {
      button.textContent = button.dataset.words;
      if (status.textContent === words) status.textContent = '';
    }, 2500);
  };

  /** Copies where the browser lets a page, else by a selection. */
  const copy = async (text) => {
    try {
      await navigator.clipboard.writeText(text);
    } catch {
      const box = document.body.appendChild(make('textarea', { value: text, className: 'unseen' }));
      box.select();
      document.execCommand('copy');
      box.remove();
    }
  };
  tools.copy = copy;

  /** JSON with its kinds told apart. */
  function coloured(text) {
    const parts = [];
    let at = 0;
    for (const found of text.matchAll(/("(?:[^"\\]|\\.)*")(\s*:)?|\b(?:true|false|null)\b|-?\d[\d.eE+-]*/g)) {
      parts.push(text.slice(at, found.index));
      const kind = found[2] !== undefined ? 'key' : found[1] !== undefined ? 'string' : 'number';
      parts.push(make('span', { className: `json-${kind}` }, found[1] ?? found[0]), found[2] ?? '');
      at = found.index + found[0].length;
    }
    return [...parts, text.slice(at)];
  }
  tools.coloured = coloured;
}
