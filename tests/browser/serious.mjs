// What axe-core, which the page's context has to load at each page, calls serious or critical.

export async function serious(page) {
  const { violations } = await page.evaluate(() => axe.run({ resultTypes: ['violations'] }));
  const grave = violations.filter(({ impact }) => impact === 'serious' || impact === 'critical');
  return grave.flatMap(({ id, nodes }) => nodes.map((node) => `${new URL(page.url()).pathname} ${id}: ${node.target} ${node.failureSummary}`));
}
