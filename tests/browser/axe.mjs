// What axe-core finds on a page, whose context has to load it at each page: every violation, whatever weight axe gives it,
// and what it leaves out unless it is asked although WCAG 2.2 at level A or AA demands it.

export async function violations(page) {
  const found = await page.evaluate((rules) => axe.run({ resultTypes: ['violations'], rules }), ASKED);
  const shown = await page.evaluate(() => document.querySelector('.panel:not([hidden])')?.id ?? '');
  const where = `${new URL(page.url()).pathname}${shown && `#${shown}`}`;
  return found.violations.flatMap(({ id, impact, nodes }) =>
    nodes.map((node) => `${where} ${id} (${impact}): ${node.target} ${node.failureSummary}`),
  );
}

/** 2.5.8 (target size), 2.5.3 (label in name) and 1.3.4 (orientation). */
const ASKED = Object.fromEntries(['target-size', 'label-content-name-mismatch', 'css-orientation-lock'].map((id) => [id, { enabled: true }]));
