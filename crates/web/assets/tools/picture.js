// QR codes from any picture that the browser can show, chosen, dropped or pasted: its grey pixels go to the module.
{
  const { make, ours, say } = tools;
  const LONGEST_SIDE = 1600;

  /** The picture as PGM (Netpbm's P5), or nothing where the file is no picture that the browser knows. */
  async function grey(file) {
    const bytes = new Uint8Array(await file.arrayBuffer());
    const image = make('img', { src: `data:${file.type};base64,${tools.base64(bytes)}` });
    try {
      await image.decode();
    } catch {
      return undefined;
    }
    const scale = Math.min(1, LONGEST_SIDE / Math.max(image.naturalWidth, image.naturalHeight));
    const [width, height] = [image.naturalWidth, image.naturalHeight].map((side) => Math.max(1, Math.round(side * scale)));
    const context = make('canvas', { width, height }).getContext('2d', { willReadFrequently: true });
    // What is transparent is paper.
    context.fillStyle = '#fff';
    context.fillRect(0, 0, width, height);
    context.drawImage(image, 0, 0, width, height);
    const { data } = context.getImageData(0, 0, width, height);
    const pixels = new Uint8Array(width * height);
    for (let at = 0; at < pixels.length; at++) {
      pixels[at] = (data[4 * at] * 299 + data[4 * at + 1] * 587 + data[4 * at + 2] * 114) / 1000;
    }
    return new File([`P5\n${width} ${height}\n255\n`, pixels], file.name);
  }

  /** The page that reads codes takes pictures in place of files. */
  tools.taken = async (control, file) => (control.name === 'picture' ? ((await grey(file)) ?? file) : file);

  /** Beside the URI of an authenticator, a picture of its code. */
  function beside(panel) {
    const control = panel.form.elements.uri;
    const picker = make('input', { type: 'file', accept: 'image/*', id: `${control.id}-picture` });
    const label = make('label', { className: 'file' }, picker, ours('span', {}, say('picture')));
    control.closest('.field').querySelector('.with').append(label);
    picker.addEventListener('change', () => take(panel, control, picker.files[0]).finally(() => (picker.value = '')));
    return (file) => take(panel, control, file);
  }

  async function take(panel, control, file) {
    const picture = file && (await grey(file));
    const bytes = picture && new Uint8Array(await picture.arrayBuffer());
    const read = bytes && (await tools.call({ call: 'run', tool: 'qr', action: 'read', input: { picture: { base64: tools.base64(bytes) } } }));
    const uri = read?.done?.value.split('\n').find((text) => text.startsWith('otpauth://')) ?? read?.done?.value;
    if (!uri) return panel.problem({ field: 'uri', what: say('no-picture') });
    control.value = uri;
    control.dispatchEvent(new Event('input', { bubbles: true }));
  }

  tools.begin = (bench, panels) => {
    const read = panels.get('read');
    if (read) {
      // Nobody types a picture.
      for (const unused of [read.form.elements.picture, read.form.querySelector('.as')]) unused.hidden = true;
    }
    const receive = read ? (file) => read.take(read.form.elements.picture, file) : beside(panels.get(''));
    document.addEventListener('paste', (event) => {
      const file = [...event.clipboardData.files].find(({ type }) => type.startsWith('image/'));
      if (!file) return;
      event.preventDefault();
      receive(file);
    });
  };
}
