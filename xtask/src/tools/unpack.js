// Stands before the two modules in their script: the small one unpacks the large one.
window.vestibuleModule = {};
{
  /** The bytes of the large module. */
  vestibuleModule.unpack = async () => {
    const { instance } = await WebAssembly.instantiate(bytes(vestibuleModule.unpacker));
    const { memory, buffer, unpack } = instance.exports;
    const packed = bytes(vestibuleModule.packed);
    // Each call may move the memory.
    const at = buffer(packed.length) >>> 0;
    new Uint8Array(memory.buffer, at, packed.length).set(packed);
    const length = unpack() >>> 0;
    const module = buffer(length) >>> 0;
    return new Uint8Array(memory.buffer, module, length);
  };

  function bytes(base64) {
    const letters = atob(base64);
    const out = new Uint8Array(letters.length);
    for (let at = 0; at < out.length; at++) out[at] = letters.charCodeAt(at);
    return out;
  }
}
