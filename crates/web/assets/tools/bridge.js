// The way to the module: JSON goes in and comes out through one buffer of its memory. Classic scripts share `tools`.
window.tools = {};
{
  const encoder = new TextEncoder();
  const decoder = new TextDecoder();
  let compiled;
  let instance;

  async function exports() {
    // The module stands in a script of its own, compressed and in base64, since these pages may request nothing.
    compiled ??= vestibuleModule.unpack().then((bytes) => WebAssembly.compile(bytes));
    instance ??= WebAssembly.instantiate(await compiled);
    return (await instance).exports;
  }

  function put(module, bytes) {
    const address = module.buffer(bytes.length) >>> 0;
    new Uint8Array(module.memory.buffer, address, bytes.length).set(bytes);
  }

  function take(module, length) {
    const address = module.buffer(length) >>> 0;
    const text = decoder.decode(new Uint8Array(module.memory.buffer, address, length));
    module.buffer(0);
    return text;
  }

  /** Asks the module; the clock and the randomness come with each question. */
  tools.call = async (question) => {
    const module = await exports();
    const now = Math.floor(Date.now() / 1000);
    const random = tools.base64(crypto.getRandomValues(new Uint8Array(64)));
    try {
      put(module, encoder.encode(JSON.stringify({ now, random, ...question })));
      return JSON.parse(take(module, module.call() >>> 0));
    } catch (error) {
      // A module that stopped in the middle is not used again.
      instance = undefined;
      throw error;
    }
  };

  /** Runs an action over a file, piece by piece. */
  tools.stream = async (question, file, isWanted) => {
    const begun = await tools.call({ ...question, call: 'begin' });
    if (begun.stream === undefined) return begun;
    const module = await exports();
    for (let at = 0; at < file.size; at += PIECE) {
      if (!isWanted()) return tools.call({ call: 'drop', stream: begun.stream });
      put(module, new Uint8Array(await file.slice(at, at + PIECE).arrayBuffer()));
      module.update(begun.stream);
    }
    return tools.call({ call: 'finish', stream: begun.stream });
  };

  /** Bytes in base64. */
  tools.base64 = (bytes) => {
    let text = '';
    for (let at = 0; at < bytes.length; at += 0x8000) text += String.fromCharCode(...bytes.subarray(at, at + 0x8000));
    return btoa(text);
  };

  /** Fetches nothing: the module is unpacked, and answers from then on. What is asked before waits for it. */
  tools.open = async () => {
    if (!('WebAssembly' in window)) throw new Error('too-old');
    await exports();
  };

  const PIECE = 1 << 20;
}
