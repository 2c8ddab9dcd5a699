import { permissionFor, problemOfDevice, problemOfScreen, problemOfThisBrowser } from './device-problem.ts';
import type { DeviceProblem } from './session.ts';

export type OpenedTrack = { track: MediaStreamTrack } | { problem: DeviceProblem };
export type OpenedDevices = { microphone?: OpenedTrack; camera?: OpenedTrack };
export type OpenedScreen = { stream: MediaStream } | { problem: DeviceProblem };

const MICROPHONE: MediaTrackConstraints = { echoCancellation: true, noiseSuppression: true, autoGainControl: true };
const CAMERA: MediaTrackConstraints = {
  width: { ideal: 1280 },
  height: { ideal: 720 },
  frameRate: { ideal: 30, max: 30 },
  facingMode: { ideal: 'user' },
};

/** Asks for what is wanted with one question; where that fails, for each that still has a chance. Never throws. */
export async function openDevices(wanted: { microphone: boolean; camera: boolean }): Promise<OpenedDevices> {
  const problem = problemOfThisBrowser('device');
  if (problem)
    return { ...(wanted.microphone && { microphone: { problem } }), ...(wanted.camera && { camera: { problem } }) };
  if (!wanted.microphone) return wanted.camera ? { camera: await openOne('camera') } : {};
  if (!wanted.camera) return { microphone: await openOne('microphone') };
  try {
    const stream = await navigator.mediaDevices.getUserMedia({ audio: MICROPHONE, video: CAMERA });
    return { microphone: trackOf(stream, 'audio'), camera: trackOf(stream, 'video') };
  } catch (error) {
    return await openEach(error);
  }
}

/** The screen that the person chooses, tuned for text. Must be called from a click. Never throws. */
export async function openScreen(): Promise<OpenedScreen> {
  const problem = problemOfThisBrowser('screen');
  if (problem) return { problem };
  try {
    const stream = await navigator.mediaDevices.getDisplayMedia(SCREEN);
    const [video] = stream.getVideoTracks();
    if (!video) return { problem: 'failed' };
    video.contentHint = 'detail';
    return { stream };
  } catch (error) {
    return { problem: problemOfScreen(error) };
  }
}

/** No echo of the call itself in the shared sound, where the browser knows how. */
const SCREEN_SOUND: MediaTrackConstraints & { restrictOwnAudio: boolean } = {
  restrictOwnAudio: true,
  echoCancellation: false,
  noiseSuppression: false,
  autoGainControl: false,
};
const SCREEN: DisplayMediaStreamOptions & Record<string, unknown> = {
  video: { frameRate: { max: 15 } },
  audio: SCREEN_SOUND,
  systemAudio: 'exclude',
  selfBrowserSurface: 'include',
  surfaceSwitching: 'include',
};

/** One missing or busy device must not cost the other; a person who said no is not asked again. */
async function openEach(refusal: unknown): Promise<OpenedDevices> {
  const refused = refusal instanceof Error && refusal.name === 'NotAllowedError';
  if (!refused) return { microphone: await openOne('microphone'), camera: await openOne('camera') };
  const [microphone, camera] = await Promise.all([permissionFor('microphone'), permissionFor('camera')]);
  const problem = async (source: 'microphone' | 'camera') => ({ problem: await problemOfDevice(refusal, source) });
  return {
    microphone:
      camera === 'denied' && microphone !== 'denied' ? await openOne('microphone') : await problem('microphone'),
    camera: microphone === 'denied' && camera !== 'denied' ? await openOne('camera') : await problem('camera'),
  };
}

async function openOne(source: 'microphone' | 'camera'): Promise<OpenedTrack> {
  try {
    const constraints = source === 'microphone' ? { audio: MICROPHONE } : { video: CAMERA };
    const stream = await navigator.mediaDevices.getUserMedia(constraints);
    return trackOf(stream, source === 'microphone' ? 'audio' : 'video');
  } catch (error) {
    return { problem: await problemOfDevice(error, source) };
  }
}

function trackOf(stream: MediaStream, kind: 'audio' | 'video'): OpenedTrack {
  const track = stream.getTracks().find((track) => track.kind === kind);
  if (!track) return { problem: 'failed' };
  if (kind === 'video') track.contentHint = 'motion';
  return { track };
}
