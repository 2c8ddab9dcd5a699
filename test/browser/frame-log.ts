import type { Page } from 'playwright-core';

/** A picture that a video of a remote person showed: when, in milliseconds since the epoch, and of which track. */
export type SeenFrame = { at: number; track: string };

/** Run in a page before its scripts: keeps when each video of a person showed its pictures. */
export function keepFrames(): void {
  const frames: SeenFrame[] = [];
  const watched = new WeakSet<Element>();
  Object.assign(globalThis, { keptFrames: frames });
  const watch = (video: HTMLVideoElement): void => {
    watched.add(video);
    const note = (now: number): void => {
      const [track] = video.srcObject instanceof MediaStream ? video.srcObject.getVideoTracks() : [];
      if (track) frames.push({ at: performance.timeOrigin + now, track: track.id });
      if (frames.length > 5_000) frames.splice(0, 1_000);
      video.requestVideoFrameCallback(note);
    };
    video.requestVideoFrameCallback(note);
  };
  const look = (): void => {
    const roots: ParentNode[] = [document];
    const widget = document.querySelector('mostrador-widget, mostrador-window')?.shadowRoot;
    if (widget) roots.push(widget);
    for (const root of roots) {
      for (const video of root.querySelectorAll<HTMLVideoElement>('.person video, video[data-part="face"]')) {
        if (!watched.has(video)) watch(video);
      }
    }
    setTimeout(look, 10);
  };
  look();
}

/** Run in a page: begins to keep from nothing. */
export function forgetFrames(): void {
  (globalThis as unknown as { keptFrames: SeenFrame[] }).keptFrames.length = 0;
}

/** Waits for `count` more pictures from now on, of another track than `other` if given; the last one of them. */
export async function nextFrames(page: Page, count: number, other?: string): Promise<SeenFrame> {
  return await page.evaluate(
    async ({ count, other }) => {
      const { keptFrames } = globalThis as unknown as { keptFrames: SeenFrame[] };
      const fresh = (): SeenFrame[] => keptFrames.filter(({ track }) => track !== other);
      const wanted = other === undefined && count > 1 ? fresh().length + count : count;
      while (fresh().length < wanted) await new Promise((resolve) => setTimeout(resolve, 5));
      return fresh()[wanted - 1] as SeenFrame;
    },
    { count, other },
  );
}

/** All pictures since the page was loaded. */
export async function framesSeen(page: Page): Promise<SeenFrame[]> {
  return await page.evaluate(() => (globalThis as unknown as { keptFrames: SeenFrame[] }).keptFrames);
}
