// The tools' pages for the pictures, each with something on it.
const claims = { iss: 'https://id.example.com', sub: 'ada', aud: 'https://api.example.com', exp: 1000000000, scope: 'openid profile' };
const base64url = (value) => Buffer.from(JSON.stringify(value)).toString('base64url');
const TOKEN = `${base64url({ typ: 'at+jwt', alg: 'ES256', kid: 'a' })}.${base64url(claims)}.${'c2ln'.repeat(21)}Zw`;

/** Opens a page of the tools, and fills in one of its forms. */
const filled = (tool, action, values, isAsked) => async (page, { demo }) => {
  await page.goto(`${demo.issuer}/tools/${tool}`);
  await page.locator('html[data-ready]').waitFor({ state: 'attached' });
  if (await page.locator(`#tab-${action}`).count()) await page.locator(`#tab-${action}`).click();
  const panel = page.locator(`.panel[data-action="${action}"]`);
  for (const [name, value] of Object.entries(values)) {
    const control = panel.locator(`[name="${name}"]`);
    if (await control.evaluate((element) => element.tagName === 'SELECT')) await control.selectOption(value);
    else await control.fill(value);
  }
  if (isAsked) await panel.locator('button[type="submit"]').click();
  await panel.locator('.output > *').first().waitFor();
  await page.evaluate(() => document.activeElement.blur());
};

export const TOOL_SCENES = {
  async tools(page, { demo }) {
    await page.goto(`${demo.issuer}/tools`);
    await page.locator('.shelf a').first().waitFor();
  },
  'tools-token': filled('token', 'verify', { token: TOKEN }),
  'tools-compare': filled('token', 'compare', { claims: JSON.stringify(claims) }),
  'tools-hmac': filled('hmac', 'verify', { key: 'Jefe', message: 'hello\n', signature: 'cfcae98ba7ad8d62c67e54f76cd84d3ce5a83fe9f2dd5c9b9a8ff9b1bd4d2a0f' }),
  'tools-jwk': filled('jwk', 'generate', { kty: 'EC' }, true),
  'tools-jwks': filled('jwks', 'rotate', {}, true),
  'tools-pkce': filled('pkce', '', { verifier: 'dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk' }),
  'tools-totp': filled('totp', '', { issuer: 'Example', account: 'ada@example.com' }),
  'tools-qr': filled('qr', 'draw', { text: 'https://id.example.com' }),
  'tools-oidc': filled('oidc', 'redirect', { url: 'https://shop.example.com/callback?error=login_required&state=x' }),
};
