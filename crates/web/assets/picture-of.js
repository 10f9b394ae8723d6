// Makes the square that is sent out of the picture that was chosen: small, upright, and without what a camera writes into it.
// Where this does not run, or the browser cannot read the file, the file itself is sent.
const field = document.querySelector("#picture");
const shown = document.querySelector(".face.large");
const SIDES = [512, 384, 256, 128];
const LARGEST = 100 * 1024;

const square = (whole, most) => {
  const side = Math.min(whole.width, whole.height);
  const canvas = document.createElement("canvas");
  canvas.width = canvas.height = Math.min(side, most);
  const [left, top] = [(whole.width - side) / 2, (whole.height - side) / 2];
  canvas.getContext("2d").drawImage(whole, left, top, side, side, 0, 0, canvas.width, canvas.height);
  return canvas;
};

const written = (canvas, type) => new Promise((done) => canvas.toBlob(done, type, 0.85));

const prepare = async () => {
  const [file] = field.files;
  if (!file) return;
  const whole = await createImageBitmap(file);
  // Browsers that cannot write WebP write PNG, which may be transparent too.
  const type = file.type === "image/jpeg" ? "image/jpeg" : "image/webp";
  for (const most of SIDES) {
    const canvas = square(whole, most);
    const picture = await written(canvas, type);
    if (!picture || picture.size > LARGEST) continue;
    const files = new DataTransfer();
    files.items.add(new File([picture], "picture", { type: picture.type }));
    field.files = files.files;
    shown.replaceChildren(canvas);
    return;
  }
};

field.addEventListener("change", () => prepare().catch(() => {}));
