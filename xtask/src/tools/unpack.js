// Stands before the module in its script and unpacks it: LZMA, under which it is a quarter smaller than under gzip, the
// best that browsers unpack by themselves. It is done in slices, so that whoever types meanwhile is not kept waiting.
window.vestibuleModule = {};
{
  /** The bytes. «LZMA alone» is a byte of properties, the dictionary's size, the length in eight bytes, and the stream. */
  vestibuleModule.unpack = async () => {
    const letters = atob(vestibuleModule.packed);
    const packed = new Uint8Array(letters.length);
    for (let at = 0; at < packed.length; at++) packed[at] = letters.charCodeAt(at);
    const out = new Uint8Array(new DataView(packed.buffer).getUint32(5, true));
    const [lc, lp, pb] = [packed[0] % 9, Math.floor(packed[0] / 9) % 5, Math.floor(packed[0] / 45)];
    const filling = fill(out, new Range(packed, 13), lc, lp, pb);
    while (!filling.next().done) await pause();
    if (vestibuleModule.products >= 0) multiply(out.subarray(vestibuleModule.products));
    return out;
  };

  /** Lets everything else that waits have its turn. */
  function pause() {
    if (window.scheduler?.yield) return scheduler.yield();
    return new Promise((next) => {
      const { port1, port2 } = new MessageChannel();
      port1.onmessage = next;
      port2.postMessage(null);
    });
  }

  /** The products in GF(2^8), which were left out: each row is the one of half its number, doubled, and perhaps one more. */
  function multiply(table) {
    for (let b = 0; b < 256; b++) table[256 + b] = b;
    for (let a = 2; a < 256; a++) {
      for (let b = 0; b < 256; b++) {
        const half = table[(a >> 1) * 256 + b];
        table[a * 256 + b] = (half << 1) ^ (half & 0x80 ? 0x11d : 0) ^ (a & 1 ? b : 0);
      }
    }
  }

  /** What decides each bit: a range of 32 bits, which each decision cuts by the probability that was learnt for it. */
  class Range {
    constructor(bytes, at) {
      this.bytes = bytes;
      this.at = at + 5;
      // The range and where in it the stream is; in an array of their own, where 32 bits are read at their fastest.
      this.now = Uint32Array.of(0xffffffff, new DataView(bytes.buffer).getUint32(at + 1));
    }

    bit(odds, index) {
      const { now } = this;
      const odd = odds[index];
      const bound = (now[0] >>> 11) * odd;
      let bit;
      if (now[1] < bound) {
        now[0] = bound;
        odds[index] = odd + ((2048 - odd) >>> 5);
        bit = 0;
      } else {
        now[0] -= bound;
        now[1] -= bound;
        odds[index] = odd - (odd >>> 5);
        bit = 1;
      }
      if (now[0] < 0x1000000) {
        now[0] <<= 8;
        now[1] = (now[1] << 8) | this.bytes[this.at++];
      }
      return bit;
    }

    /** Bits as likely as not. */
    even(count) {
      const { now } = this;
      let value = 0;
      for (; count > 0; count--) {
        now[0] >>>= 1;
        const bit = now[1] >= now[0] ? 1 : 0;
        if (bit) now[1] -= now[0];
        if (now[0] < 0x1000000) {
          now[0] <<= 8;
          now[1] = (now[1] << 8) | this.bytes[this.at++];
        }
        value = (value << 1) | bit;
      }
      return value;
    }

    /** Bits from the highest on, each under those before: from a node down to one beyond `end`. Most bits come here. */
    tree(odds, from, node, end) {
      const { now, bytes } = this;
      let range = now[0];
      let code = now[1];
      while (node < end) {
        const odd = odds[from + node];
        const bound = (range >>> 11) * odd;
        if (code < bound) {
          range = bound;
          odds[from + node] = odd + ((2048 - odd) >>> 5);
          node <<= 1;
        } else {
          range -= bound;
          code -= bound;
          odds[from + node] = odd - (odd >>> 5);
          node = (node << 1) | 1;
        }
        if (range < 0x1000000) {
          range = (range << 8) >>> 0;
          code = ((code << 8) | bytes[this.at++]) >>> 0;
        }
      }
      now[0] = range;
      now[1] = code;
      return node - end;
    }

    /** Bits from the lowest on. */
    backwards(odds, from, count) {
      let [node, value] = [1, 0];
      for (let at = 0; at < count; at++) {
        const bit = this.bit(odds, from + node);
        node = (node << 1) | bit;
        value |= bit << at;
      }
      return value;
    }
  }

  const odds = (count) => new Uint16Array(count).fill(1024);

  /** Lengths from 2 to 273. */
  class Length {
    constructor() {
      [this.choice, this.low, this.middle, this.high] = [odds(2), odds(128), odds(128), odds(256)];
    }

    read(range, place) {
      if (!range.bit(this.choice, 0)) return 2 + range.tree(this.low, place * 8, 1, 8);
      if (!range.bit(this.choice, 1)) return 10 + range.tree(this.middle, place * 8, 1, 8);
      return 18 + range.tree(this.high, 0, 1, 256);
    }
  }

  /** Fills `out`, and stops after each slice. */
  function* fill(out, range, lc, lp, pb) {
    const literals = odds(0x300 << (lc + lp));
    const [isMatch, isRepeat, isFirst, isSecond, isThird, isLong] = [192, 12, 12, 12, 12, 192].map(odds);
    const [slots, near, aligned] = [odds(256), odds(128), odds(16)];
    const [lengths, repeated] = [new Length(), new Length()];
    const [places, rows] = [(1 << pb) - 1, (1 << lp) - 1];
    let [state, d0, d1, d2, d3] = [0, 1, 1, 1, 1];
    let at = 0;
    let pausing = SLICE;
    while (at < out.length) {
      if (at >= pausing) {
        pausing += SLICE;
        yield;
      }
      const place = at & places;
      if (!range.bit(isMatch, state * 16 + place)) {
        const before = at ? out[at - 1] : 0;
        const row = 0x300 * (((at & rows) << lc) | (before >>> (8 - lc)));
        let node = 1;
        if (state >= 7) {
          // After a match the byte that it would have gone on with foretells this one.
          let likely = out[at - d0];
          for (let same = 0x100; node < 0x100 && same; ) {
            likely <<= 1;
            const bit = range.bit(literals, row + 0x100 + (likely & 0x100) + node);
            node = (node << 1) | bit;
            if (bit !== ((likely >>> 8) & 1)) same = 0;
          }
        }
        out[at++] = range.tree(literals, row, node, 0x100);
        state = state < 4 ? 0 : state < 10 ? state - 3 : state - 6;
        continue;
      }
      let length;
      if (!range.bit(isRepeat, state)) {
        [d3, d2, d1] = [d2, d1, d0];
        length = lengths.read(range, place);
        state = state < 7 ? 7 : 10;
        const slot = range.tree(slots, Math.min(length - 2, 3) * 64, 1, 64);
        d0 = slot;
        if (slot >= 4) {
          const count = (slot >>> 1) - 1;
          d0 = (2 | (slot & 1)) << count;
          d0 += slot < 14
            ? range.backwards(near, d0 - slot, count)
            : (range.even(count - 4) << 4) + range.backwards(aligned, 0, 4);
        }
        d0++;
      } else {
        let short = false;
        if (!range.bit(isFirst, state)) {
          short = !range.bit(isLong, state * 16 + place);
        } else if (!range.bit(isSecond, state)) {
          [d0, d1] = [d1, d0];
        } else if (!range.bit(isThird, state)) {
          [d0, d1, d2] = [d2, d0, d1];
        } else {
          [d0, d1, d2, d3] = [d3, d0, d1, d2];
        }
        length = short ? 1 : repeated.read(range, place);
        state = short ? (state < 7 ? 9 : 11) : state < 7 ? 8 : 11;
      }
      for (const end = Math.min(at + length, out.length); at < end; at++) out[at] = out[at - d0];
    }
  }

  /** Bytes in one go: some hundredth of a second. */
  const SLICE = 1 << 17;
}
