// Says while a password is typed how hard it is to guess. What is typed goes nowhere: it is held against words, repetitions
// and rows of keys that are tried first. A hint and no rule; without this script the forms are whole.
//
// A password is taken apart into what costs a guesser least; each part counts the bits of its kind.

/** @returns how many bits a guesser needs, 400 at most, and the kinds of parts that it was taken apart into. */
export function estimate(password, { words, own }) {
  const text = [...password.slice(0, LONGEST)];
  const lower = text.map((letter) => letter.toLowerCase());
  const plain = lower.map((letter) => SPELLING[letter] ?? letter);
  const best = [{ bits: 0, kinds: [] }];
  for (let to = 1; to <= text.length; to++) {
    best[to] = add(best[to - 1], LETTER, null);
    for (let from = Math.max(0, to - WIDEST); from < to; from++) {
      for (const [bits, kind] of parts({ text, lower, plain }, from, to, { words, own })) {
        const candidate = add(best[from], bits + 1, kind);
        if (candidate.bits < best[to].bits) best[to] = candidate;
      }
    }
    const [from, unit] = repetition(lower, to);
    if (unit) {
      const once = estimate(text.slice(from, from + unit).join(''), { words, own });
      const candidate = add(best[from], once.bits + Math.log2((to - from) / unit) + 1, 'rote');
      if (candidate.bits < best[to].bits) best[to] = candidate;
    }
  }
  return { bits: Math.min(best[text.length].bits, 400), kinds: best[text.length].kinds };
}

function add(before, bits, kind) {
  return { bits: before.bits + bits, kinds: kind ? [...before.kinds, kind] : before.kinds };
}

function* parts({ text, lower, plain }, from, to, { words, own }) {
  const length = to - from;
  if (length < 3) return;
  const typed = text.slice(from, to).join('');
  const small = lower.slice(from, to).join('');
  const spelt = plain.slice(from, to).join('');
  const shape = (typed === small ? 0 : capitals(text.slice(from, to))) + (spelt === small ? 0 : 2);
  if (own.has(small) || own.has(spelt)) yield [1 + shape, 'own'];
  if (words.has(small) || words.has(spelt)) yield [Math.log2(words.size) + shape, 'word'];
  if (isSequence(small) || (length > 3 && isRow(small))) yield [6 + Math.log2(length), 'rote'];
  if (/^(19|20)\d\d$/.test(small)) yield [7, 'rote'];
  if (/^\d{6}(\d\d)?$/.test(small)) yield [15, null];
}

/** A capital at the front or at the end, or all of them, is tried at once. */
function capitals(letters) {
  const large = letters.filter((letter) => letter !== letter.toLowerCase()).length;
  const usual = large === letters.length || (large === 1 && [letters[0], letters.at(-1)].some((letter) => letter !== letter.toLowerCase()));
  return usual ? 1 : 1 + large;
}

/** `abcd`, `9876`: each a neighbour of the one before. */
function isSequence(text) {
  const steps = [...text].slice(1).map((letter, at) => letter.codePointAt(0) - text.codePointAt(at));
  return steps.every((step) => step === steps[0]) && Math.abs(steps[0]) === 1;
}

function isRow(text) {
  const back = [...text].reverse().join('');
  return ROWS.some((row) => row.includes(text) || row.includes(back));
}

/** Where the shortest unit, told twice or more, that ends at `to` begins, and how long it is. */
function repetition(text, to) {
  for (let unit = 1; unit * 2 <= to && unit <= WIDEST; unit++) {
    const same = (at) => text.slice(at, at + unit).every((letter, index) => letter === text[to - unit + index]);
    let from = to - unit;
    while (from >= unit && same(from - unit)) from -= unit;
    if (to - from >= 2 * unit && to - from > 2) return [from, unit];
  }
  return [];
}

/** What to say of it: how full the meter is, 1 to 4, and which sentence. */
export function verdict(password, min, known) {
  const { bits, kinds } = estimate(password, known);
  const level = 1 + [25, 40, 50].filter((least) => bits >= least).length;
  if ([...password].length < min) return { level: Math.min(level, 2), say: 'short' };
  if (level > 2) return { level, say: level === 4 ? 'hard' : 'fair' };
  const first = ['own', 'word', 'rote'].find((kind) => kinds.includes(kind));
  return { level, say: first ?? 'plain' };
}

/** The words of one text: each begins with how many letters it shares with the one before. */
export function unfolded(text) {
  let word = '';
  return new Set((text.match(/\d[^\d]*/g) ?? []).map((part) => (word = word.slice(0, Number(part[0])) + part.slice(1))));
}

function begin(hint) {
  const field = document.getElementById(hint.dataset.strength);
  const [meter, sentence] = [hint.querySelector('meter'), hint.querySelector('[role="status"]')];
  const known = { words: new Set(), own: new Set() };
  const show = () => {
    hint.hidden = field.value === '';
    if (hint.hidden) return;
    known.own = own(field.form);
    const { level, say } = verdict(field.value, Number(hint.dataset.min), known);
    meter.value = level;
    if (sentence.textContent !== hint.dataset[say]) sentence.textContent = hint.dataset[say];
  };
  field.addEventListener('focus', async () => {
    if (known.words.size === 0) known.words = unfolded((await import(hint.dataset.words)).default);
    show();
  });
  field.addEventListener('input', show);
  if (document.activeElement === field) field.dispatchEvent(new Event('focus'));
}

/** What stands in the form beside the password: the person's own names. */
function own(form) {
  const texts = [...form.elements].filter((element) => ['text', 'email'].includes(element.type)).map((element) => element.value);
  const names = texts.flatMap((text) => [text, ...text.split(/[\s@.]+/)]);
  return new Set(names.map((name) => name.trim().toLowerCase()).filter((name) => name.length > 2));
}

const LONGEST = 128;
/** Letters of the longest part. */
const WIDEST = 32;
/** Bits of a letter that belongs to nothing. */
const LETTER = Math.log2(10);
const SPELLING = { '@': 'a', 4: 'a', 3: 'e', 1: 'i', '!': 'i', 0: 'o', $: 's', 5: 's', 7: 't' };
const ROWS = [
  '1234567890', 'qwertyuiop', 'asdfghjkl', 'zxcvbnm', 'qwertzuiop', 'yxcvbnm', 'azertyuiop', 'qsdfghjklm', 'wxcvbn',
  '1qaz2wsx3edc4rfv5tgb6yhn7ujm', 'qazwsxedcrfvtgbyhnujm', '1q2w3e4r5t6y7u8i9o0p', 'q1w2e3r4t5y6u7i8o9p0', 'qawsedrftgyhujikolp',
];

if (globalThis.document) document.querySelectorAll('[data-strength]').forEach(begin);
