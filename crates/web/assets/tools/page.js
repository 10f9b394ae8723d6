// Wakes the page: tabs, the link to share, the worker that keeps everything for when there is no network.
{
  const { say } = tools;
  const panels = new Map();

  function open(bench, name) {
    for (const tab of bench.querySelectorAll('[role="tab"]')) {
      const isOpen = tab.id === `tab-${name}`;
      tab.ariaSelected = String(isOpen);
      tab.tabIndex = isOpen ? 0 : -1;
    }
    for (const panel of bench.querySelectorAll('.panel')) panel.hidden = panel.dataset.action !== name;
  }

  function tabs(bench) {
    const all = [...bench.querySelectorAll('[role="tab"]')];
    const nameOf = (tab) => tab.id.slice('tab-'.length);
    for (const tab of all) tab.addEventListener('click', () => open(bench, nameOf(tab)));
    bench.querySelector('[role="tablist"]')?.addEventListener('keydown', (event) => {
      const at = all.indexOf(document.activeElement);
      const to = { ArrowRight: at + 1, ArrowLeft: at - 1, Home: 0, End: all.length - 1 }[event.key];
      if (to === undefined) return;
      event.preventDefault();
      const tab = all[(to + all.length) % all.length];
      tab.focus();
      open(bench, nameOf(tab));
    });
  }

  /** Whether a field may stand in a link: never a secret, never what is to be encrypted, never a key or a set of them. */
  const isOpen = ({ dataset }) => !('secret' in dataset) && !('private' in dataset);
  const mayBeShared = (control) => isOpen(control) && !['key', 'source'].includes(control.closest('[data-kind]').dataset.kind);
  /** What was pasted into the wrong field stays here as well: a private key (RFC 7518 §6, RFC 9964), an app's secret. */
  const holdsSecret = (value) => /PRIVATE KEY|"(?:d|k|priv)"\s*:|otpauth:/.test(value);

  /** A link to this page as it is filled in. It is the part behind the # that no browser sends. */
  tools.share = async (panel, button) => {
    const link = new URLSearchParams({ action: panel.question.action });
    for (const control of panel.form.querySelectorAll('[name]')) {
      const value = control.type === 'checkbox' ? (control.checked ? 'on' : '') : control.value;
      if (!mayBeShared(control) || holdsSecret(value) || value === '' || value === defaultOf(control)) continue;
      link.set(`.${control.name}`, value);
      const as = control.closest('[data-kind]').querySelector('[data-as]')?.value;
      if (as && as !== 'text') link.set(`${control.name}.as`, as);
    }
    // The address stays as it is: to change it would make the browser ask for the page's icon again.
    const address = new URL(location.href);
    address.hash = link;
    button.dataset.link = address.href;
    await tools.copy(address.href);
    tools.answer(button, say('shared'));
  };

  const defaultOf = (control) =>
    control.tagName === 'SELECT' ? ([...control.options].find((option) => option.defaultSelected)?.value ?? '') : control.defaultValue;

  function fillFromLink(bench) {
    const link = new URLSearchParams(location.hash.slice(1));
    const panel = panels.get(link.get('action') ?? '');
    if (!panel) return;
    if (bench.querySelector('[role="tab"]')) open(bench, panel.question.action);
    for (const control of panel.form.querySelectorAll('[name]')) {
      const value = link.get(`.${control.name}`);
      if (value === null || !mayBeShared(control)) continue;
      if (control.type === 'checkbox') control.checked = value === 'on';
      else control.value = value;
      const as = control.closest('[data-kind]').querySelector('[data-as]');
      if (as) as.value = link.get(`${control.name}.as`) ?? 'text';
      if (control.tagName === 'TEXTAREA') tools.fit(control);
      control.inked?.();
    }
    panel.changed();
  }

  async function keepOffline() {
    if (!('serviceWorker' in navigator) || location.protocol === 'file:') return;
    const { worker, scope } = document.body.dataset;
    try {
      await navigator.serviceWorker.register(worker, { scope });
      await navigator.serviceWorker.ready;
      document.documentElement.dataset.offline = 'ready';
    } catch {
      // Without it the page works just as well while it is open.
    }
  }

  async function wake() {
    const bench = document.querySelector('.bench');
    if (bench) await begin(bench);
    // Last, since it fetches everything once more.
    await keepOffline();
  }

  async function begin(bench) {
    tabs(bench);
    tools.keepFilesOut();
    try {
      // Fields and buttons work at once; the answers come as soon as the module is unpacked.
      const opened = tools.open();
      tools.before?.(bench);
      for (const panel of bench.querySelectorAll('.panel')) {
        panels.set(panel.dataset.action, tools.panelOf?.(panel) ?? new tools.Panel(panel));
      }
      await tools.begin?.(bench, panels, open);
      fillFromLink(bench);
      window.addEventListener('hashchange', () => fillFromLink(bench));
      document.documentElement.dataset.ready = String(Math.round(performance.now()));
      await opened;
      document.documentElement.dataset.answers = String(Math.round(performance.now()));
    } catch (error) {
      const text = error.message === 'too-old' ? say('too-old') : `${say('broken')} ${error.message}`;
      bench.prepend(tools.make('p', { className: 'notice', role: 'alert' }, text));
    }
  }

  document.addEventListener('DOMContentLoaded', wake);
}
