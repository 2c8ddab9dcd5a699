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

/** The device that is preferred; where it is gone, the browser takes another one. */
export type Preferred = { microphone?: string | null; camera?: string | null };

const microphoneLike = (id?: string | null): MediaTrackConstraints =>
  id ? { ...MICROPHONE, deviceId: { exact: id } } : MICROPHONE;
const cameraLike = (id?: string | null): MediaTrackConstraints => {
  const { facingMode, ...any } = CAMERA;
  return { ...any, ...(id ? { deviceId: { exact: id } } : { facingMode }) };
};

/** Just this device, or the camera that looks this way. Never throws. */
export async function openExactly(
  source: 'microphone' | 'camera',
  device: { deviceId: string } | { facingMode: 'user' | 'environment' },
): Promise<OpenedTrack> {
  const exact =
    'deviceId' in device ? { deviceId: { exact: device.deviceId } } : { facingMode: { exact: device.facingMode } };
  return await openOne(source, { ...(source === 'microphone' ? MICROPHONE : CAMERA), ...exact });
}

/** Asks for what is wanted with one question; where that fails, for each that still has a chance. Never throws. */
export async function openDevices(
  wanted: { microphone: boolean; camera: boolean },
  preferred: Preferred = {},
): Promise<OpenedDevices> {
  const [audio, video] = [microphoneLike(preferred.microphone), cameraLike(preferred.camera)];
  const problem = problemOfThisBrowser('device');
  if (problem)
    return { ...(wanted.microphone && { microphone: { problem } }), ...(wanted.camera && { camera: { problem } }) };
  if (!wanted.microphone) return wanted.camera ? { camera: await openLike('camera', video) } : {};
  if (!wanted.camera) return { microphone: await openLike('microphone', audio) };
  try {
    const stream = await navigator.mediaDevices.getUserMedia({ audio, video });
    return { microphone: trackOf(stream, 'audio'), camera: trackOf(stream, 'video') };
  } catch (error) {
    return await openEach(error, audio, video);
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
async function openEach(
  refusal: unknown,
  audio: MediaTrackConstraints,
  video: MediaTrackConstraints,
): Promise<OpenedDevices> {
  const refused = refusal instanceof Error && refusal.name === 'NotAllowedError';
  if (!refused) return { microphone: await openLike('microphone', audio), camera: await openLike('camera', video) };
  const [microphone, camera] = await Promise.all([permissionFor('microphone'), permissionFor('camera')]);
  const problem = async (source: 'microphone' | 'camera') => ({ problem: await problemOfDevice(refusal, source) });
  return {
    microphone:
      camera === 'denied' && microphone !== 'denied'
        ? await openLike('microphone', audio)
        : await problem('microphone'),
    camera: microphone === 'denied' && camera !== 'denied' ? await openLike('camera', video) : await problem('camera'),
  };
}

/** An ideal device is not always the one that is taken; so it is exactly that one first, and any where it is gone. */
async function openLike(source: 'microphone' | 'camera', like: MediaTrackConstraints): Promise<OpenedTrack> {
  const opened = await openOne(source, like);
  const gone = 'problem' in opened && opened.problem === 'missing' && like.deviceId;
  return gone ? await openOne(source, source === 'microphone' ? MICROPHONE : CAMERA) : opened;
}

async function openOne(source: 'microphone' | 'camera', like: MediaTrackConstraints): Promise<OpenedTrack> {
  try {
    const constraints = source === 'microphone' ? { audio: like } : { video: like };
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
