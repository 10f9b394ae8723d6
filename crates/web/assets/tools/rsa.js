// RSA keys by the browser's own Web Crypto, which finds primes much faster than the module. The module converts and names.
{
  const SIZES = [2048, 3072, 4096];

  class Maker extends tools.Panel {
    async ask(question) {
      const { kty, size, crv, ...rest } = question.input;
      const bits = Number(size ?? 2048);
      // Web Crypto is there in secure contexts alone; what is odd is refused by the module, with the reason.
      if (kty !== 'RSA' || crv || !SIZES.includes(bits) || !crypto.subtle) return super.ask(question);
      return tools.call({ ...question, action: 'from-pem', input: { ...rest, file: await pem(bits) } });
    }
  }

  /** A new private key as PKCS#8. */
  async function pem(modulusLength) {
    const algorithm = { name: 'RSASSA-PKCS1-v1_5', modulusLength, publicExponent: Uint8Array.of(1, 0, 1), hash: 'SHA-256' };
    const { privateKey } = await crypto.subtle.generateKey(algorithm, true, ['sign', 'verify']);
    const der = new Uint8Array(await crypto.subtle.exportKey('pkcs8', privateKey));
    const lines = tools.base64(der).match(/.{1,64}/g);
    der.fill(0);
    return ['-----BEGIN PRIVATE KEY-----', ...lines, '-----END PRIVATE KEY-----', ''].join('\n');
  }

  tools.panelOf = (panel) => (panel.dataset.action === 'generate' ? new Maker(panel) : new tools.Panel(panel));
}
