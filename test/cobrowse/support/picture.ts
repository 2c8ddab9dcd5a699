import type { Frame, Page } from 'playwright-core';

/** Not the one that a console has loaded ahead. */
const SHOWN = 'iframe:not([data-part="spare"])';

/** The replay page inside a console page of a test. */
export async function replayFrame(page: Page): Promise<Frame> {
  const handle = await page.waitForSelector(SHOWN);
  const frame = await handle.contentFrame();
  if (!frame) throw new Error('The console has no replay frame.');
  await frame.waitForSelector('.page.shown', { state: 'attached' });
  return frame;
}

/** What stands at an element, as lines: tag, own text, and what is inside, shadow roots included. */
export function outlineOf(page: Page): Promise<string[]> {
  return page.evaluate(outline, null);
}

export function outlineOfReplay(frame: Frame): Promise<string[]> {
  return frame.evaluate(outline, '.page.shown iframe');
}

/** Runs in the browser. What is no part of a picture (scripts, metadata, our own elements) is left out on both sides. */
function outline(replayed: string | null): string[] {
  const frame = replayed === null ? null : document.querySelector<HTMLIFrameElement>(replayed);
  const root = frame ? frame.contentDocument?.body : document.body;
  const lines: string[] = [];
  const walk = (element: Element, depth: number) => {
    const tag = element.localName;
    if (
      /^(?:script|style|link|noscript|mostrador-cobrowse|mostrador-widget)$/.test(tag) ||
      element.id === 'widget-host'
    )
      return;
    if (element.getAttribute('style') === 'display: none !important') return;
    if (tag === 'option' && element.hasAttribute('data-mostrador-filled')) return;
    const blocked = element.hasAttribute('data-mostrador-block');
    const masked = element.closest('[data-mostrador-mask],[contenteditable],textarea') !== null;
    const texts =
      blocked || masked
        ? []
        : [...element.childNodes].filter((node) => node.nodeType === 3).map((node) => node.textContent?.trim() ?? '');
    const visible = element.checkVisibility() ? '' : ' (hidden)';
    lines.push(`${' '.repeat(depth)}${tag}${visible} ${texts.filter(Boolean).join(' ')}`);
    if (blocked) return;
    for (const child of element.shadowRoot?.children ?? []) walk(child, depth + 2);
    for (const child of element.children) walk(child, depth + 1);
    const inner = tag === 'iframe' ? (element as HTMLIFrameElement).contentDocument?.body : null;
    if (inner) walk(inner, depth + 2);
  };
  if (root) walk(root, 0);
  return lines;
}

/** Waits until the replay shows a text in its element `#step`, which the shop's page sets after a change. */
export async function replayShows(frame: Frame, step: string): Promise<void> {
  await frame.waitForFunction(
    (text) =>
      document.querySelector<HTMLIFrameElement>('.page.shown iframe')?.contentDocument?.querySelector('#step')
        ?.textContent === text,
    step,
  );
}

/** How far the replayed page is scrolled down, in its own pixels. */
export async function scrolledTo(frame: Frame): Promise<number> {
  return await frame.evaluate(
    () => document.querySelector<HTMLIFrameElement>('.page.shown iframe')?.contentWindow?.scrollY ?? 0,
  );
}

/** Where an element of the replayed page is in the console's window. */
export async function placeInConsole(
  console: Page,
  frame: Frame,
  selector: string,
): Promise<{ x: number; y: number; width: number; height: number }> {
  const inner = await frame.evaluate((wanted) => {
    const page = document.querySelector<HTMLIFrameElement>('.page.shown iframe');
    const box = page?.contentDocument?.querySelector(wanted)?.getBoundingClientRect();
    const outer = page?.getBoundingClientRect();
    if (!page || !box || !outer) throw new Error(`There is no ${wanted} in the replay.`);
    const scale = outer.width / page.offsetWidth;
    return {
      x: outer.x + box.x * scale,
      y: outer.y + box.y * scale,
      width: box.width * scale,
      height: box.height * scale,
    };
  }, selector);
  const outer = await (await console.waitForSelector(SHOWN)).boundingBox();
  return { ...inner, x: inner.x + (outer?.x ?? 0), y: inner.y + (outer?.y ?? 0) };
}

export type Box = { x: number; y: number; width: number; height: number };

/** The box of one of our own elements, which stand in a closed shadow root; null where it is not drawn. */
export async function ownBox(page: Page, className: string): Promise<Box | null> {
  const protocol = await page.context().newCDPSession(page);
  try {
    const { root } = await protocol.send('DOM.getDocument', { depth: -1, pierce: true });
    const node = findByClass(root, className);
    if (!node) return null;
    const { model } = await protocol.send('DOM.getBoxModel', { nodeId: node });
    const [x = 0, y = 0, , , right = 0, bottom = 0] = model.border;
    return { x, y, width: right - x, height: bottom - y };
  } catch {
    return null;
  } finally {
    await protocol.detach();
  }
}

/** A click in the middle of one of our own elements, as a person makes it. */
export async function clickOwn(page: Page, className: string): Promise<void> {
  const box = await ownBox(page, className);
  if (!box) throw new Error(`There is no .${className} to be clicked.`);
  await page.mouse.click(box.x + box.width / 2, box.y + box.height / 2);
}

/** The texts of our own elements with a class. */
export async function ownText(page: Page, className: string): Promise<string> {
  const protocol = await page.context().newCDPSession(page);
  try {
    const { root } = await protocol.send('DOM.getDocument', { depth: -1, pierce: true });
    const node = findByClass(root, className);
    if (!node) return '';
    const { object } = await protocol.send('DOM.resolveNode', { nodeId: node });
    const functionDeclaration = 'function () { return this.getAttribute("d") ?? this.textContent }';
    const { result } = await protocol.send('Runtime.callFunctionOn', {
      objectId: object.objectId ?? '',
      functionDeclaration,
      returnByValue: true,
    });
    return String(result.value);
  } finally {
    await protocol.detach();
  }
}

/** The attributes of each of our own elements with a class. */
export async function ownAttributes(page: Page, className: string): Promise<Record<string, string>[]> {
  const protocol = await page.context().newCDPSession(page);
  try {
    const { root } = await protocol.send('DOM.getDocument', { depth: -1, pierce: true });
    return everyNode(root).flatMap(({ attributes = [] }) => {
      const named = Object.fromEntries(
        attributes.flatMap((name, at) => (at % 2 ? [] : [[name, attributes[at + 1] ?? '']])),
      );
      return named['class']?.split(' ').includes(className) ? [named] : [];
    });
  } finally {
    await protocol.detach();
  }
}

function everyNode(node: ProtocolNode): ProtocolNode[] {
  return [node, ...[...(node.shadowRoots ?? []), ...(node.children ?? [])].flatMap(everyNode)];
}

type ProtocolNode = {
  nodeId: number;
  attributes?: string[];
  children?: ProtocolNode[];
  shadowRoots?: ProtocolNode[];
  contentDocument?: ProtocolNode;
};

function findByClass(node: ProtocolNode, className: string): number | null {
  const at = node.attributes?.indexOf('class') ?? -1;
  if (at >= 0 && node.attributes?.[at + 1]?.split(' ').includes(className)) return node.nodeId;
  for (const child of [...(node.shadowRoots ?? []), ...(node.children ?? [])]) {
    const found = findByClass(child, className);
    if (found !== null) return found;
  }
  return null;
}
