// A person with a browser, as far as the pages' contract reaches: follows redirects by hand, keeps cookies, reads the
// form that carries `data-step`, and posts its hidden fields with the ones a person fills in.

const HOPS = 12;

export class Browser {
  #cookies = new Map();

  constructor(issuer) {
    this.origin = new URL(issuer).origin;
  }

  /** Opens a page. What comes back either shows a page of the provider or has `left` for a client. */
  open(url) {
    return this.#go(new URL(url), { method: 'GET' });
  }

  /** Presses the button `action` of a page's form. */
  submit(page, action, fields = {}) {
    const form = page.form;
    if (!form) throw new Error(`no form with data-step on ${page.url}\n${page.html}`);
    const body = new URLSearchParams(form.hidden);
    if (action) body.set('action', action);
    for (const [name, value] of Object.entries(fields)) {
      body.delete(name);
      [value].flat().forEach((one) => body.append(name, one));
    }
    return this.#go(new URL(form.action || page.url, page.url), { method: 'POST', body });
  }

  /** A cookie that the browser keeps, as it sends it. */
  cookie(name) {
    return this.#cookies.has(name) ? `${name}=${this.#cookies.get(name)}` : undefined;
  }

  async #go(url, request) {
    for (let hop = 0; hop < HOPS; hop++) {
      if (url.origin !== this.origin) return { left: url, params: url.searchParams };
      const headers = { cookie: this.#cookieHeader(), accept: 'text/html', 'accept-language': 'en' };
      if (request.method === 'POST') headers.origin = this.origin;
      const signal = AbortSignal.timeout(15_000);
      const answer = await fetch(url, { ...request, headers, redirect: 'manual', signal });
      answer.headers.getSetCookie().forEach((line) => this.#keep(line));
      const target = answer.headers.get('location');
      if (!target) return pageOf(url, answer, await answer.text(), this.origin);
      await answer.arrayBuffer();
      url = new URL(target, url);
      request = { method: 'GET' };
    }
    throw new Error(`more than ${HOPS} redirects, the last to ${url}`);
  }

  #keep(line) {
    const [pair, ...attributes] = line.split(';');
    const [name, ...value] = pair.split('=');
    const gone = attributes.some((one) => /^\s*max-age\s*=\s*(0|-\d+)\s*$/i.test(one));
    if (gone) this.#cookies.delete(name.trim());
    else this.#cookies.set(name.trim(), value.join('='));
  }

  #cookieHeader() {
    return [...this.#cookies].map(([name, value]) => `${name}=${value}`).join('; ');
  }
}

/**
 * Does what a person does between an app's request and its answer: signs in, continues, consents.
 * `steps` gathers the pages that were seen.
 */
export async function walk(browser, url, user, steps = []) {
  let page = await browser.open(url);
  for (let hop = 0; hop < HOPS && !page.left; hop++) {
    steps.push(page.step);
    if (steps.filter((step) => step === page.step).length > 2) break;
    switch (page.step) {
      case 'signin':
        page = await browser.submit(page, 'signin', user);
        break;
      case 'continue':
        page = await browser.submit(page, 'continue');
        break;
      case 'consent':
        page = await browser.submit(page, 'allow', { scope: page.form.boxes.scope ?? [] });
        break;
      case 'signout':
        page = await browser.submit(page, 'signout');
        break;
      default:
        throw new Error(`no way on from ${page.url} (${page.status}, ${page.step}, ${page.error})\n${page.html}`);
    }
  }
  if (!page.left) throw new Error(`the steps go round: ${steps.join(' → ')}\n${page.html}`);
  return page;
}

function pageOf(url, answer, html, origin) {
  const forms = [...html.matchAll(/<form\b([^>]*)>([\s\S]*?)<\/form>/gi)].map(([, head, body]) => readForm(head, body));
  const away = forms.find((form) => form.action && new URL(form.action, url).origin !== origin);
  if (away) return { left: new URL(away.action), params: new URLSearchParams(away.hidden), posted: true };
  const form = forms.find((one) => one.step);
  const error = /\bdata-error="([^"]*)"/.exec(html)?.[1];
  return { url, status: answer.status, html, form, forms, step: error ? 'error' : form?.step, error };
}

function readForm(head, body) {
  const form = { ...attributes(head), hidden: [], boxes: {}, buttons: [] };
  form.step = form['data-step'];
  for (const [, tag, text] of body.matchAll(/<(input|button)\b([^>]*)>/gi)) {
    const field = attributes(text);
    if (tag === 'button' || field.type === 'submit') form.buttons.push(field);
    else if (field.type === 'hidden') form.hidden.push([field.name, field.value ?? '']);
    else if (field.type === 'checkbox') (form.boxes[field.name] ??= []).push(field.value ?? 'on');
  }
  return form;
}

function attributes(text) {
  const found = text.matchAll(/([\w-]+)(?:\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'>]+)))?/g);
  return Object.fromEntries([...found].map(([, name, a, b, c]) => [name, decode(a ?? b ?? c ?? '')]));
}

function decode(text) {
  return text
    .replace(/&#x([\da-f]+);/gi, (_, hex) => String.fromCodePoint(parseInt(hex, 16)))
    .replace(/&#(\d+);/g, (_, digits) => String.fromCodePoint(Number(digits)))
    .replace(/&quot;/g, '"')
    .replace(/&lt;/g, '<')
    .replace(/&gt;/g, '>')
    .replace(/&amp;/g, '&');
}
