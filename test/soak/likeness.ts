import { chromium, type Browser, type BrowserContext } from 'playwright-core';
import { CHROMIUM_ARGUMENTS, ensureChromium } from '../browser/chromium.ts';
import { openLab, type Lab } from '../cobrowse/support/lab.ts';
import { likeness, type Likeness } from '../cobrowse/support/likeness.ts';
import { replayFrame } from '../cobrowse/support/picture.ts';
import { fetchNpmPages } from './npm-pages.ts';

const VIEWPORT = { width: 1280, height: 800 };
/** Pages load, fonts and pictures come late: the best of several looks counts. */
const LOOKS = 6;

/** Real pages from npm packages beside their replay: elements present, in their place, of the same look. */
export async function soakLikeness(limit = Infinity): Promise<string> {
  const found = ensureChromium();
  if (!found.ok) throw new Error(found.reason);
  const { files, pages } = fetchNpmPages();
  const lab = await openLab({}, files);
  const browser = await chromium.launch({ executablePath: found.path, args: CHROMIUM_ARGUMENTS });
  const total = { pages: 0, elements: 0, missing: 0, moved: 0, restyled: 0, unshown: 0 };
  try {
    for (const address of pages.slice(0, limit)) {
      const looked = await lookAt(browser, lab, address);
      if (!looked) {
        total.unshown += 1;
        console.log(`${address}: its own scripts keep the recorder from starting`);
        continue;
      }
      const { elements, missing, moved, restyled } = looked;
      total.pages += 1;
      total.elements += elements;
      total.missing += missing.length;
      total.moved += moved.length;
      total.restyled += restyled.length;
      if (missing.length + moved.length + restyled.length === 0) continue;
      console.log(
        `${address}: ${missing.length} missing, ${moved.length} moved, ${restyled.length} restyled of ${elements}`,
      );
      for (const line of [missing[0], moved[0], moved[1], restyled[0]]) if (line) console.log(`    ${line}`);
    }
  } finally {
    await browser.close();
    await lab.close();
  }
  const share = (count: number) => `${((100 * count) / total.elements).toFixed(3)} %`;
  const said = `${total.pages} pages, ${total.elements} elements: ${total.missing} missing, ${total.moved} moved (${share(total.moved)}), ${total.restyled} of another look (${share(total.restyled)})`;
  if (total.missing > 0 || total.moved > total.elements / 100 || total.restyled > 0) throw new Error(said);
  return said;
}

async function lookAt(browser: Browser, lab: Lab, address: string): Promise<Likeness | null> {
  lab.forget();
  const contexts: BrowserContext[] = [];
  const open = async (url: string) => {
    const context = await browser.newContext({ viewport: VIEWPORT, reducedMotion: 'reduce', colorScheme: null });
    contexts.push(context);
    const page = await context.newPage();
    await page.route(/^https?:\/\/(?!127\.0\.0\.1|localhost)/, (route) => route.abort());
    await page.goto(url);
    return page;
  };
  try {
    const shopper = await open(new URL(address, lab.shop).href);
    // Some pages lead away or are written anew by their scripts.
    const started = shopper.waitForFunction(() => 'shopper' in window, null, { timeout: 8_000 });
    if (!(await started.catch(() => null))) return null;
    const agent = await open(lab.console);
    const replay = await replayFrame(agent);
    let best: Likeness | null = null;
    for (let looks = 0; looks < LOOKS; looks += 1) {
      await shopper.waitForTimeout(700);
      const now = await likeness(shopper, replay);
      if (!best || differences(now) < differences(best)) best = now;
      if (differences(best) === 0) break;
    }
    return best;
  } finally {
    await Promise.all(contexts.map((context) => context.close()));
  }
}

function differences({ missing, moved, restyled }: Likeness): number {
  return missing.length + moved.length + restyled.length;
}

if (import.meta.main) {
  console.log(await soakLikeness(Number(process.argv[2] ?? Infinity)));
  process.exit(0);
}
