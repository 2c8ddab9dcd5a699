export type DeviceKind = 'camera' | 'microphone' | 'speaker';
export type DeviceChoice = { id: string; label: string };

/** What is to be said of a device: it took over from one that went · it could be used from now on. */
export type DeviceNews = { what: 'switched' | 'found'; kind: DeviceKind; device: DeviceChoice };

export type Devices = {
  /** What can be chosen; empty as long as the browser does not tell (before its permission), or cannot switch. */
  camera: DeviceChoice[];
  microphone: DeviceChoice[];
  speaker: DeviceChoice[];
  /** The ids of those in use; empty: whichever the browser takes. */
  chosen: Record<DeviceKind, string>;
  /** The front and the back camera of a phone can be swapped. */
  flips: boolean;
  /** The camera looks away from the person: its picture is not mirrored. */
  away: boolean;
  /** Until the next change. */
  news: DeviceNews | null;
};

/** Where a browser keeps which device its person prefers. */
export type DeviceMemory = { get(kind: DeviceKind): string | null; set(kind: DeviceKind, id: string): void };

export const NO_DEVICES: Devices = {
  camera: [],
  microphone: [],
  speaker: [],
  chosen: { camera: '', microphone: '', speaker: '' },
  flips: false,
  away: false,
  news: null,
};

const KINDS = { videoinput: 'camera', audioinput: 'microphone', audiooutput: 'speaker' } as const;

/** The devices of this browser by kind. Those without a name are not told of: the person has not been asked yet. */
export async function listDevices(): Promise<Record<DeviceKind, DeviceChoice[]>> {
  const lists: Record<DeviceKind, DeviceChoice[]> = { camera: [], microphone: [], speaker: [] };
  // Absent on an insecure origin; the DOM types do not know that.
  const media: Partial<MediaDevices> | undefined = navigator.mediaDevices;
  for (const { kind, deviceId, label } of (await media?.enumerateDevices?.().catch(() => [])) ?? []) {
    const output = kind === 'audiooutput' && !('setSinkId' in HTMLMediaElement.prototype);
    // Windows names one device twice more, by what it is used for.
    if (label && deviceId && deviceId !== 'communications' && !output) lists[KINDS[kind]].push({ id: deviceId, label });
  }
  return lists;
}

const AGAIN_MS = 500;
const TRIES = 60;

/** Lets an element's sound come out of a speaker; without effect where the browser has no choice. */
export async function playThrough(element: HTMLMediaElement, speaker: string, signal?: AbortSignal): Promise<void> {
  const one: Partial<Pick<HTMLMediaElement, 'setSinkId' | 'sinkId'>> = element;
  for (let n = 0; n < TRIES && one.setSinkId && one.sinkId !== speaker; n++) {
    if (signal?.aborted) return;
    try {
      return await element.setSinkId(speaker);
    } catch (error) {
      // Chromium cannot while a stream has no sound yet; any other refusal is for good.
      if (!(error instanceof DOMException) || error.name !== 'AbortError') return;
      await new Promise((resolve) => setTimeout(resolve, AGAIN_MS));
    }
  }
}

/** The same, for as long as the element is to be heard there. Returns its own end. */
export function heardThrough(element: HTMLMediaElement, speaker: string): () => void {
  const end = new AbortController();
  void playThrough(element, speaker, end.signal);
  return () => end.abort();
}

/** Remembers as long as it lives. */
export function forgetful(): DeviceMemory {
  const kept = new Map<DeviceKind, string>();
  return { get: (kind) => kept.get(kind) ?? null, set: (kind, id) => void kept.set(kind, id) };
}
