import type { Locator, Page } from 'playwright-core';

/** Run in a page before its scripts: keeps every peer connection, so that a test can ask for statistics. */
export function keepConnections(): void {
  const all: RTCPeerConnection[] = [];
  Object.assign(globalThis, { keptConnections: all });
  const Original = globalThis.RTCPeerConnection;
  globalThis.RTCPeerConnection = class extends Original {
    constructor(configuration?: RTCConfiguration) {
      super(configuration);
      all.push(this);
    }
  };
}

/** How many pictures a video shows, as soon as there are enough to say that it moves; 0 where it stands still for that long. */
export async function framesOf(video: Locator, withinMs = 5_000): Promise<number> {
  return await video.evaluate(async (element, ms) => {
    const playing = element as HTMLVideoElement;
    return await new Promise<number>((resolve) => {
      let frames = 0;
      const end = (): void => resolve(frames);
      const count = (): void => {
        if (++frames === 6) end();
        else playing.requestVideoFrameCallback(count);
      };
      playing.requestVideoFrameCallback(count);
      setTimeout(end, ms);
    });
  }, withinMs);
}

/** The sound energy that a page has received so far, over all its connections (a sum that only grows while it is not silent). */
export async function audioEnergy(page: Page): Promise<number> {
  return await page.evaluate(async () => {
    const { keptConnections } = globalThis as unknown as { keptConnections: RTCPeerConnection[] };
    let energy = 0;
    for (const connection of keptConnections) {
      for (const report of (await connection.getStats()).values()) {
        if (report.type === 'inbound-rtp' && report.kind === 'audio') energy += report.totalAudioEnergy ?? 0;
      }
    }
    return energy;
  });
}

/** Bytes of media that a page has sent so far, by kind. */
export async function sentBytes(page: Page): Promise<{ audio: number; video: number }> {
  return await page.evaluate(async () => {
    const { keptConnections } = globalThis as unknown as { keptConnections: RTCPeerConnection[] };
    const sent = { audio: 0, video: 0 };
    for (const connection of keptConnections) {
      for (const report of (await connection.getStats()).values()) {
        if (report.type === 'outbound-rtp') sent[report.kind as 'audio' | 'video'] += report.bytesSent ?? 0;
      }
    }
    return sent;
  });
}

/** Run in a page before its scripts: counts the tracks of cameras, microphones and screens that run. */
export function keepTracks(): void {
  const tracks: MediaStreamTrack[] = [];
  Object.assign(globalThis, { keptTracks: tracks });
  const devices = navigator.mediaDevices;
  for (const name of ['getUserMedia', 'getDisplayMedia'] as const) {
    const original = devices[name].bind(devices);
    devices[name] = async (constraints) => {
      const stream = await original(constraints);
      tracks.push(...stream.getTracks());
      return stream;
    };
  }
}

export async function liveTracks(page: Page): Promise<string[]> {
  return await page.evaluate(() => {
    const { keptTracks } = globalThis as unknown as { keptTracks: MediaStreamTrack[] };
    return keptTracks.filter((track) => track.readyState === 'live').map((track) => track.kind);
  });
}

/** Run in a page: looks from now on at whoever is seen and heard there, for moments without a picture or a sound. */
export async function watchForGaps(page: Page): Promise<void> {
  await page.evaluate(() => {
    const gaps = { looks: 0, dark: 0, anew: 0 };
    Object.assign(globalThis, { gaps });
    const root: ParentNode = document.querySelector('mostrador-widget')?.shadowRoot ?? document;
    const canvas = new OffscreenCanvas(8, 8);
    const context = canvas.getContext('2d', { willReadFrequently: true });
    for (const element of root.querySelectorAll<HTMLMediaElement>('audio, video')) {
      // Whatever is given its stream again has neither until something new has come.
      element.addEventListener('emptied', () => gaps.anew++);
      if (!(element instanceof HTMLVideoElement)) continue;
      setInterval(() => {
        context?.clearRect(0, 0, 8, 8);
        context?.drawImage(element, 0, 0, 8, 8);
        gaps.looks++;
        // The picture of the tests' camera is green all over.
        if ((context?.getImageData(4, 4, 1, 1).data[1] ?? 0) < 60) gaps.dark++;
      }, 10);
    }
  });
}

export async function gapsIn(page: Page): Promise<{ looks: number; dark: number; anew: number }> {
  return await page.evaluate(
    () => (globalThis as unknown as { gaps: { looks: number; dark: number; anew: number } }).gaps,
  );
}

/** For how many seconds a page has played what it is to be heard, whatever has arrived. */
export async function secondsPlayed(page: Page): Promise<number> {
  return await page.evaluate(() => {
    const root: ParentNode = document.querySelector('mostrador-widget, mostrador-window')?.shadowRoot ?? document;
    const loud = [...root.querySelectorAll<HTMLMediaElement>('audio, video')].filter(({ muted }) => !muted);
    return Math.max(0, ...loud.map(({ currentTime }) => currentTime));
  });
}
