// Counts the seconds of a one-time code down, and asks for the next one. A secret that was only just made stays as it is.
tools.shown = (panel, { result }) => {
  clearInterval(panel.ticking);
  const { secret, uri, at } = panel.form.elements;
  const shown = [...panel.output.querySelectorAll('.block')].find((block) => block.querySelector('h3').textContent === 'good for');
  if (!shown || at.value || !(secret.value || uri.value)) return;
  let left = result.seconds_left;
  panel.ticking = setInterval(() => {
    left -= 1;
    if (left > 0) shown.querySelector('code').textContent = `${left} s`;
    else panel.run({ isAsked: false });
  }, 1000);
};
