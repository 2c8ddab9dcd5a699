import type { DeviceProblem } from './session.ts';

/** What stands in the way before anything was tried, or null. */
export function problemOfThisBrowser(source: 'device' | 'screen'): DeviceProblem | null {
  if (!window.isSecureContext) return 'insecure';
  // Absent where the browser has no cameras or (on phones) no screen sharing; the DOM types do not know that.
  const devices: Partial<MediaDevices> | undefined = navigator.mediaDevices;
  const has = source === 'screen' ? devices?.getDisplayMedia : devices?.getUserMedia;
  return has ? null : 'unsupported';
}

/** Why getUserMedia refused. The browser says NotAllowedError both for a "never" and for a closed question. */
export async function problemOfDevice(error: unknown, source: 'microphone' | 'camera'): Promise<DeviceProblem> {
  const problem = problemByName(error);
  if (problem !== 'denied') return problem;
  return (await permissionFor(source)) === 'prompt' ? 'dismissed' : 'denied';
}

/** Why getDisplayMedia refused. A person who closes the picker is the usual case and no fault. */
export function problemOfScreen(error: unknown): DeviceProblem {
  const problem = problemByName(error);
  const bySystem = error instanceof Error && /system|policy/i.test(error.message);
  return problem === 'denied' && !bySystem ? 'dismissed' : problem;
}

/** `unknown` where the browser does not tell. */
export async function permissionFor(source: 'microphone' | 'camera'): Promise<PermissionState | 'unknown'> {
  try {
    return (await navigator.permissions.query({ name: source })).state;
  } catch {
    return 'unknown';
  }
}

/** Calls back when the person allows the device in the browser's own settings; never where the browser does not tell. */
export async function onceAllowed(
  source: 'microphone' | 'camera',
  signal: AbortSignal,
  allowed: () => void,
): Promise<void> {
  if ((await permissionFor(source)) === 'unknown' || signal.aborted) return;
  const permission = await navigator.permissions.query({ name: source });
  const onChange = () => {
    if (permission.state === 'granted') allowed();
  };
  permission.addEventListener('change', onChange, { signal });
}

function problemByName(error: unknown): DeviceProblem {
  switch (error instanceof Error ? error.name : '') {
    case 'NotAllowedError':
    case 'SecurityError':
      return 'denied';
    case 'NotFoundError':
    case 'OverconstrainedError':
      return 'missing';
    case 'NotReadableError':
    case 'AbortError':
      return 'in-use';
    case 'InvalidStateError':
      return 'dismissed';
    default:
      return 'failed';
  }
}
