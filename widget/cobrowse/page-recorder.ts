import { record } from '@rrweb/record';
import type { PageEvent, TreeChange } from '../../server/protocol/cobrowse-event.ts';
import { BLOCKED, MASKED, elementValue, maskText } from './field.ts';

/** Thrown inside rrweb's observers so that an event goes our way and does not thaw a frozen page. */
const DIVERTED = new Error('diverted');

export type PageRecorder = {
  /** Gathers changes of the page instead of reporting each, until `thaw`. Changes that cannot wait still come. */
  freeze(): void;
  /** Reports what was gathered, as one change, before it returns. */
  thaw(): void;
  /** Reports the whole page: size and address first, then the tree, then its adopted stylesheets. */
  snapshot(): void;
  /** Undoes everything that recording has put into the page. Nothing is reported any more. */
  stop(): void;
};

/** Starts with a snapshot, at once or when the document is parsed. `report` gets raw events: nothing is sanitized yet. */
export function recordPage(report: (event: PageEvent) => void): PageRecorder {
  let stopped = false;
  let frozen = false;
  const divert = (source: number) => (data: object) => {
    if (stopped) return;
    report({ type: 3, data: { source, ...data } } as PageEvent);
    throw DIVERTED;
  };
  const stop = record({
    emit: (raw) => {
      if (stopped) return;
      const { type, data } = raw as unknown as PageEvent;
      // Snapshots, changes and the size; not that the document is loaded, nor our own thawing.
      if (type >= 2 && type <= 4) report({ type, data } as PageEvent);
      // Anything but a mutation makes rrweb thaw the page.
      if (frozen) record.freezePage();
    },
    recordAfter: 'DOMContentLoaded',
    sampling: {
      mousemove: false,
      // Clicks are shown; the rest would only thaw a frozen page.
      mouseInteraction: {
        MouseUp: false,
        MouseDown: false,
        ContextMenu: false,
        DblClick: false,
        Focus: false,
        Blur: false,
        TouchStart: false,
        TouchEnd: false,
        TouchCancel: false,
      },
      scroll: 1,
      media: 800,
      input: 'all',
    },
    slimDOMOptions: {
      script: true,
      comment: true,
      headFavicon: true,
      headWhitespace: true,
      headMetaSocial: true,
      headMetaRobots: true,
      headMetaHttpEquiv: true,
      headMetaVerification: true,
      headMetaAuthorship: true,
      headMetaDescKeywords: true,
      headTitleMutations: false,
    },
    blockSelector: BLOCKED,
    maskTextSelector: MASKED,
    maskTextFn: maskText,
    // By tag name: that reaches every type of input, hidden ones too.
    maskInputOptions: { input: true, textarea: true, select: true, option: true, button: true } as object,
    maskInputFn: (text, element) => elementValue(element, text),
    hooks: {
      scroll: divert(3),
      viewportResize: divert(4),
      input: divert(5),
      mouseInteraction: divert(2),
      selection: divert(14),
    },
    // Only our own: an error of the shop's code that passes through here stays the shop's.
    errorHandler: (error) => error === DIVERTED,
  });

  return {
    freeze() {
      frozen = true;
      record.freezePage();
    },
    thaw() {
      if (!frozen) return;
      frozen = false;
      try {
        record.addCustomEvent('thaw', null);
      } catch {
        // The document is still being parsed: there is nothing to thaw.
      }
    },
    snapshot() {
      try {
        record.takeFullSnapshot(true);
      } catch {
        // The document is still being parsed: the first snapshot is yet to come.
      }
    },
    stop() {
      if (stopped) return;
      stopped = true;
      // rrweb keeps its buffers for ever: they must not wake up full in the next recording.
      this.thaw();
      stop?.();
    },
  };
}

/** rrweb's ids of live nodes; they mean something while a recorder runs. */
export const nodeMirror = {
  getNode: (id: number): Node | null => record.mirror.getNode(id),
  getId: (node: Node | null): number => record.mirror.getId(node),
};

/**
 * Whether everything inside the shadow roots that a change adds is known. While a page is frozen, rrweb loses what is put
 * into a shadow root after the first moment of its host.
 */
export function isComplete(change: TreeChange): boolean {
  return change.adds.every(({ node }) => {
    if (!node.isShadowHost) return true;
    const host = nodeMirror.getNode(node.id);
    const root = host && 'shadowRoot' in host ? (host.shadowRoot as ShadowRoot | null) : null;
    return !root || isKnown(root);
  });
}

function isKnown(parent: Node): boolean {
  for (let child = parent.firstChild; child; child = child.nextSibling) {
    if (child.nodeType !== 8 && nodeMirror.getId(child) === -1) return false;
    if (!isKnown(child)) return false;
  }
  return true;
}
