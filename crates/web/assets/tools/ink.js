// A token in its parts. Each has a colour and a line of its own kind, and is named below: colour alone tells not everybody.
{
  const { make } = tools;
  const SIGNED = ['header', 'payload', 'signature'];
  const ENCRYPTED = ['header', 'encrypted key', 'initialization vector', 'ciphertext', 'tag'];
  const TOKEN = /eyJ[\w-]*(?:\s*\.[\w\s=-]*){2,4}/;

  /** `{before, parts: [{name, text}], after}`, or nothing where there is no token in a text. */
  tools.partsOf = (text) => {
    const found = TOKEN.exec(text);
    const texts = found?.[0].trimEnd().split('.') ?? [];
    const names = { 3: SIGNED, 5: ENCRYPTED }[texts.length];
    if (!names) return undefined;
    const length = texts.join('.').length;
    const parts = texts.map((part, at) => ({ name: names[at], text: part }));
    return { before: text.slice(0, found.index), parts, after: text.slice(found.index + length) };
  };

  const kind = (name) => name.split(' ')[0];

  /** The pieces of a text as elements. */
  tools.ink = (text) => {
    const token = tools.partsOf(text);
    if (!token) return [text];
    const inked = token.parts.flatMap(({ name, text }) => ['.', make('span', { className: `piece ${kind(name)}` }, text)]);
    return [token.before, ...inked.slice(1), token.after];
  };

  /** What the parts are called, and how long they are. */
  tools.legend = (text) => {
    const token = tools.partsOf(text);
    const entry = ({ name, text }) => {
      const count = text.replace(/\s/g, '').length;
      return make('li', {}, make('span', { className: `piece ${kind(name)}` }, name), ` ${count.toLocaleString('en')}`);
    };
    return make('ul', { className: 'legend', hidden: !token }, ...(token?.parts ?? []).map(entry));
  };

  /** Shows the parts within a box while one types: under its own letters, which are see-through. */
  tools.inkBox = (box) => {
    const under = make('pre', { className: 'under', ariaHidden: 'true' });
    const inked = make('div', { className: 'inked' });
    let legend = make('ul', { className: 'legend', hidden: true });
    box.replaceWith(inked);
    inked.append(under, box);
    inked.after(legend);
    box.classList.add('over');
    box.inked = () => {
      // The line break lets the last line be as high as that of the box.
      under.replaceChildren(...tools.ink(box.value), '\n');
      const next = tools.legend(box.value);
      legend.replaceWith(next);
      legend = next;
    };
    box.addEventListener('input', box.inked);
    box.inked();
  };
}
