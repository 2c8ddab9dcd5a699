import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { Page } from 'playwright-core';

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

/** What axe-core finds on a page, in WCAG 2.2 AA; `within` a selector. */
export async function violations(page: Page, within: string): Promise<string[]> {
  // The shop's Content-Security-Policy keeps scripts of tests out as well; the protocol of the browser does not ask it.
  await page.evaluate(axe);
  return await page.evaluate(async (selector) => {
    const { axe: tool } = globalThis as unknown as { axe: typeof import('axe-core') };
    const tags = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];
    const { violations: found, passes } = await tool.run(
      { include: [selector] },
      { runOnly: { type: 'tag', values: tags } },
    );
    if (passes.flatMap(({ nodes }) => nodes).length < 20) return ['axe-core saw almost nothing of the page'];
    return found.flatMap(({ id, nodes }) => nodes.map(({ target }) => `${id}: ${JSON.stringify(target)}`));
  }, within);
}
