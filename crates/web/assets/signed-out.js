// Goes back to the app once the others have signed out in their frames, or have taken too long. Without this script the
// link does.
const onward = document.querySelector("a[data-onward]");
if (onward) {
  // The page has loaded when its frames have. A module runs before that.
  const late = setTimeout(go, 4000);
  addEventListener("load", go, { once: true });

  function go() {
    clearTimeout(late);
    location.replace(onward.href);
  }
}
