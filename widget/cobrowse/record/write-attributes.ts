import type { Attributes } from '../../../server/protocol/cobrowse-event.ts';
import { elementValue } from '../page-nodes.ts';
import { absoluteAddresses } from './sheet-text.ts';

const ADDRESSES = /^(?:src|href|xlink:href|poster|background|data)$/;

/** The attributes of a live element as rrweb's replayer wants them, not sanitized yet. */
export function writeAttributes(element: Element): Attributes {
  const attributes: Attributes = {};
  // By their names: an object for each attribute of a page costs more than all the rest of it.
  for (const name of element.getAttributeNames()) {
    const written = writeAttribute(element, name, element.getAttribute(name) ?? '');
    if (written !== undefined) attributes[name] = written;
  }
  switch (element.localName) {
    case 'input':
    case 'select':
    case 'textarea':
      writeField(element as HTMLInputElement, attributes);
      break;
    case 'video':
    case 'audio':
      writeMedia(element as HTMLMediaElement, attributes);
      break;
    case 'dialog':
      if ((element as HTMLDialogElement).open)
        attributes['rr_open_mode'] = element.matches(':modal') ? 'modal' : 'non-modal';
      break;
    case 'iframe':
      writeFrame(element as HTMLIFrameElement, attributes);
      break;
    case 'canvas':
      // It is drawn by its number: a replay without scripts has no canvas.
      attributes['data-mostrador-canvas'] = '';
      break;
    default:
  }
  return attributes;
}

/** Undefined where it is of no use to the picture. */
export function writeAttribute(element: Element, name: string, value: string): string | undefined {
  const key = name.toLowerCase();
  const { localName } = element;
  if (key.startsWith('on')) return undefined;
  if (key === 'style') return absoluteAddresses(value, element.baseURI);
  if (key === 'srcset' || key === 'imagesrcset') return absoluteCandidates(value, element.baseURI);
  if (ADDRESSES.test(key)) {
    if (localName === 'iframe' || value === '' || value.startsWith('#')) return key === 'src' ? undefined : value;
    return absolute(value, element.baseURI);
  }
  switch (localName) {
    case 'video':
    case 'audio':
      return key === 'autoplay' ? undefined : value;
    case 'img':
      // What the shopper sees already is not to wait for the agent's scrolling.
      return key === 'loading' && (element as HTMLImageElement).complete ? undefined : value;
    case 'option':
      return key === 'selected' ? undefined : value;
    case 'input':
      return key === 'checked' || key === 'value' ? undefined : value;
    case 'iframe':
      // The replay's own sandbox is stricter, and has to reach into the frame.
      return key === 'srcdoc' || key === 'sandbox' ? undefined : value;
    default:
      return value;
  }
}

/** A field's value and whether it is ticked: what they are now, not what the page came with. */
export function writeField(field: HTMLInputElement, attributes: Attributes): void {
  const value = elementValue(field);
  if (value !== '') attributes['value'] = value;
  if (field.checked) attributes['checked'] = true;
  if (field.indeterminate) attributes['data-mostrador-indeterminate'] = '';
}

function writeMedia(media: HTMLMediaElement, attributes: Attributes): void {
  attributes['rr_mediaState'] = media.paused ? 'paused' : 'played';
  attributes['rr_mediaCurrentTime'] = media.currentTime;
  attributes['rr_mediaPlaybackRate'] = media.playbackRate;
  attributes['rr_mediaMuted'] = true;
  attributes['rr_mediaLoop'] = media.loop;
}

function writeFrame(frame: HTMLIFrameElement, attributes: Attributes): void {
  if (innerDocument(frame)) return;
  const address = frame.getAttribute('src') ?? '';
  attributes['data-mostrador-frame'] = URL.canParse(address, frame.baseURI)
    ? new URL(address, frame.baseURI).hostname
    : '';
}

/** Null where it is of another origin. */
export function innerDocument(frame: HTMLIFrameElement): Document | null {
  try {
    return frame.contentDocument;
  } catch {
    return null;
  }
}

function absolute(address: string, base: string): string {
  try {
    return new URL(address, base).href;
  } catch {
    return address;
  }
}

function absoluteCandidates(candidates: string, base: string): string {
  return candidates
    .trim()
    .split(/,\s+|\s*,(?=https?:|\/)/)
    .map((candidate) => {
      const [address = '', ...descriptors] = candidate.trim().split(/\s+/);
      return [absolute(address, base), ...descriptors].join(' ');
    })
    .join(', ');
}
