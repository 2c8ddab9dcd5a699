import { loadReplay, type LoadedReplay } from '../../replay/port.ts';

/** When a picture has been closed, the next one is got ready after this time. */
const REST_MS = 500;

export type ReplayFramesOptions = {
  /** Where the replay page is served; empty as long as that is not known. */
  origin: () => string;
  /** Of the frames. */
  title: string;
  /** What stands in frames whose content is not shown, with `{host}` in it. */
  frameSentence: string;
};

/**
 * The frames for pictures of shoppers' pages. One is loaded ahead of its picture: a page of another origin takes a process
 * of its own and a third of a second. None is used twice.
 */
export class ReplayFrames {
  readonly #options: ReplayFramesOptions;
  #spare: { replay: LoadedReplay; origin: string } | null = null;
  #shown = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(options: ReplayFramesOptions) {
    this.#options = options;
  }

  /** A picture may be wanted soon. */
  prepare(): void {
    const origin = this.#options.origin();
    // Where a browser cannot move a frame without loading it anew, there is nothing to be had.
    if (this.#spare || this.#shown > 0 || origin === '' || !('moveBefore' in Element.prototype)) return;
    const frame = this.#newFrame();
    frame.hidden = true;
    frame.dataset['part'] = 'spare';
    document.body.append(frame);
    this.#spare = { replay: this.#load(frame, origin), origin };
  }

  /** Into `place`, which is in the document. */
  open(place: Element): LoadedReplay {
    const replay = this.#taken(place) ?? this.#made(place);
    replay.frame.dataset['part'] = 'page';
    replay.frame.hidden = false;
    this.#shown += 1;
    return replay;
  }

  /** Takes one away that `open` has given, and gets the next one ready. */
  close({ frame }: LoadedReplay): void {
    frame.remove();
    this.#shown -= 1;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.prepare(), REST_MS);
  }

  /** Takes away what no picture has. */
  clear(): void {
    clearTimeout(this.#timer);
    this.#spare?.replay.close();
    this.#spare?.replay.frame.remove();
    this.#spare = null;
  }

  #taken(place: Element): LoadedReplay | null {
    const spare = this.#spare;
    if (!spare) return null;
    if (!spare.replay.ready || spare.origin !== this.#options.origin()) {
      this.clear();
      return null;
    }
    this.#spare = null;
    place.moveBefore(spare.replay.frame, null);
    return spare.replay;
  }

  #made(place: Element): LoadedReplay {
    const frame = this.#newFrame();
    place.append(frame);
    return this.#load(frame, this.#options.origin());
  }

  #newFrame(): HTMLIFrameElement {
    const frame = document.createElement('iframe');
    frame.title = this.#options.title;
    frame.setAttribute('sandbox', 'allow-scripts allow-same-origin');
    return frame;
  }

  #load(frame: HTMLIFrameElement, origin: string): LoadedReplay {
    return loadReplay(frame, origin, this.#options.frameSentence);
  }
}
