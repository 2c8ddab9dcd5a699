import type { Frame, Page } from 'playwright-core';

/** Of one page, element by element: how many are there, in their place and of the same look in the replay. */
export type Likeness = {
  elements: number;
  missing: string[];
  /** Further than two pixels from where they are in the shop's page, or larger or smaller by that. */
  moved: string[];
  /** Another display, colour or font. */
  restyled: string[];
};

/** path, tag, x, y, width, height, look */
type Seen = [string, string, number, number, number, number, string];

/** In the browser. What is no part of a picture is left out on both sides. */
function look(inReplay: boolean): Seen[] {
  const frame = inReplay ? document.querySelector<HTMLIFrameElement>('.page.shown iframe') : null;
  const page = inReplay ? frame?.contentDocument : document;
  const seen: Seen[] = [];
  const walk = (element: Element, path: string) => {
    const box = element.getBoundingClientRect();
    const style = element.ownerDocument.defaultView?.getComputedStyle(element);
    const { display, color, fontFamily, fontSize, fontWeight, fontStyle } = style ?? ({} as CSSStyleDeclaration);
    const looks = [display, color, fontFamily, fontSize, fontWeight, fontStyle].join(' · ');
    seen.push([path, element.localName, box.x, box.y, box.width, box.height, looks]);
    let at = 0;
    for (const child of [...element.children, ...(element.shadowRoot?.children ?? [])]) {
      const left = /^(?:script|noscript|style|link|template|meta|title|base|mostrador-cobrowse)$/.test(child.localName);
      // What is inside of these is of the browser or of the mask.
      const whole = /^(?:canvas|iframe|select|textarea|video|audio|object)$/.test(element.localName);
      const ours = child.id === 'widget-host' || child.getAttribute('style') === 'display: none !important';
      if (left || whole || ours) continue;
      walk(child, `${path}/${(at += 1)}`);
    }
  };
  if (page?.body) walk(page.body, '');
  return seen;
}

/** Compares what the shopper sees with what the replay shows at this moment. */
export async function likeness(shopper: Page, replay: Frame): Promise<Likeness> {
  const [there, here] = await Promise.all([shopper.evaluate(look, false), replay.evaluate(look, true)]);
  const shown = new Map(here.map((seen) => [`${seen[0]} ${seen[1]}`, seen]));
  const result: Likeness = { elements: there.length, missing: [], moved: [], restyled: [] };
  for (const [path, tag, x, y, width, height, looks] of there) {
    // The replay has no prefixes.
    const name = `${path} ${tag.replaceAll(':', '-')}`;
    const found = shown.get(name);
    if (!found) {
      result.missing.push(name);
      continue;
    }
    const off = [x - found[2], y - found[3], width - found[4], height - found[5]];
    if (off.some((by) => Math.abs(by) > 2)) {
      result.moved.push(
        `${name} ${[x, y, width, height].map(Math.round).join(',')} by ${off.map(Math.round).join(',')}`,
      );
    }
    if (looks !== found[6]) result.restyled.push(`${name} ${looks} | ${found[6]}`);
  }
  return result;
}
