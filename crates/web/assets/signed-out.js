// Goes back to the app once the others have signed out in their frames, or have taken too long. Without this script the
// link does.
const onward = document.querySelector("a[data-onward]");
if (onward) {
  const frames = [...document.querySelectorAll("iframe")];
  const done = frames.map((frame) => new Promise((resolve) => {
    frame.addEventListener("load", resolve, { once: true });
    // A frame that was there before this script is read again: signing out twice does no harm.
    frame.src = frame.src;
  }));
  const late = new Promise((resolve) => setTimeout(resolve, 4000));
  Promise.race([Promise.all(done), late]).then(() => location.replace(onward.href));
}
