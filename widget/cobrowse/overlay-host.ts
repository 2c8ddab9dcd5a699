/**
 * The element that holds what we draw over the shop's page: in a closed shadow root, which is not recorded and which the
 * page's styles do not reach, and in the top layer, above the shop's dialogs.
 */
export type OverlayHost = { element: HTMLElement; root: ShadowRoot; close(): void };

const HOST_STYLE = `
:host {
  all: initial !important;
  position: fixed !important;
  inset: 0 !important;
  inline-size: 100% !important;
  block-size: 100% !important;
  max-inline-size: none !important;
  max-block-size: none !important;
  margin: 0 !important;
  padding: 0 !important;
  border: 0 !important;
  display: block !important;
  overflow: hidden !important;
  overflow: clip !important;
  background: transparent !important;
  pointer-events: none !important;
  z-index: 2147483647 !important;
  contain: layout style !important;
}
:host::backdrop { display: none !important; }
`;

export function openOverlayHost(css: string): OverlayHost {
  const element = document.createElement('mostrador-cobrowse');
  element.setAttribute('data-mostrador-block', '');
  const root = element.attachShadow({ mode: 'closed' });
  // A constructed sheet is not subject to the page's Content-Security-Policy.
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(HOST_STYLE + css);
  root.adoptedStyleSheets = [sheet];
  if ('popover' in element) element.popover = 'manual';

  let modals: Element[] = [];
  const surface = () => {
    const open = [...document.querySelectorAll('dialog:modal')];
    const newest =
      open.findLast((dialog) => !modals.includes(dialog)) ?? modals.findLast((dialog) => open.includes(dialog));
    modals = [
      ...modals.filter((dialog) => open.includes(dialog)),
      ...open.filter((dialog) => !modals.includes(dialog)),
    ];
    // Outside an open modal dialog nothing can be clicked, so the Stop button moves into it.
    const home = newest ?? document.documentElement;
    if (element.parentElement !== home) home.append(element);
    if (!('popover' in element)) return;
    // What is shown last is on top.
    const focused = root.activeElement;
    if (element.matches(':popover-open')) element.hidePopover();
    element.showPopover();
    if (focused instanceof HTMLElement) focused.focus({ preventScroll: true });
  };
  surface();

  const stop = new AbortController();
  const watch = new MutationObserver((records) => {
    const dialogs = records.some(({ type, target }) => type === 'attributes' && target.nodeName === 'DIALOG');
    if (dialogs || !element.isConnected) surface();
  });
  watch.observe(document, { subtree: true, childList: true, attributes: true, attributeFilter: ['open'] });
  const shown = (event: Event) => {
    if (event.target !== element && (event as ToggleEvent).newState === 'open') surface();
  };
  document.addEventListener('toggle', shown, { capture: true, signal: stop.signal });
  document.addEventListener('fullscreenchange', surface, { signal: stop.signal });

  return {
    element,
    root,
    close() {
      stop.abort();
      watch.disconnect();
      element.remove();
    },
  };
}

/** How much room a scroll bar takes in this browser; 0 where it lies over the page. Out of reach of the page's styles. */
export function scrollbarWidth(root: ShadowRoot): number {
  const probe = document.createElement('div');
  probe.style.cssText = 'position: absolute; width: 100px; height: 100px; overflow: scroll; visibility: hidden';
  root.append(probe);
  const width = probe.offsetWidth - probe.clientWidth;
  probe.remove();
  return width;
}
