import { permissionPlace, type PermissionPlace } from '../../core/call/permission-place.ts';
import type { CallState, DeviceProblem } from '../../core/call/session.ts';
import { w } from '../words.ts';

const HOW_TO_ALLOW: Record<PermissionPlace, () => string> = {
  phone: () => w.problem_allow_phone(),
  firefox: () => w.problem_allow_firefox(),
  chrome: () => w.problem_allow_chrome(),
  safari: () => w.problem_allow_safari(),
};

type Source = NonNullable<CallState['problem']>['source'];

const MICROPHONE: Record<DeviceProblem, () => string> = {
  denied: () => `${w.problem_microphone_denied()} ${HOW_TO_ALLOW[permissionPlace()]()}`,
  dismissed: () => w.problem_microphone_dismissed(),
  missing: () => w.problem_microphone_missing(),
  'in-use': () => w.problem_microphone_in_use(),
  insecure: () => w.problem_insecure(),
  unsupported: () => w.problem_unsupported(),
  taken: () => w.problem_microphone_in_use(),
  failed: () => w.problem_microphone_failed(),
};

const CAMERA: Record<DeviceProblem, () => string> = {
  denied: () => `${w.problem_camera_denied()} ${HOW_TO_ALLOW[permissionPlace()]()}`,
  dismissed: () => w.problem_camera_dismissed(),
  missing: () => w.problem_camera_missing(),
  'in-use': () => w.problem_camera_in_use(),
  insecure: () => w.problem_insecure(),
  unsupported: () => w.problem_unsupported(),
  taken: () => w.problem_camera_in_use(),
  failed: () => w.problem_camera_failed(),
};

const SCREEN: Record<DeviceProblem, () => string> = {
  denied: () => w.problem_screen_denied(),
  dismissed: () => w.problem_screen_dismissed(),
  missing: () => w.problem_screen_failed(),
  'in-use': () => w.problem_screen_failed(),
  insecure: () => w.problem_insecure(),
  unsupported: () => w.problem_unsupported(),
  taken: () => w.problem_screen_taken(),
  failed: () => w.problem_screen_failed(),
};

/** What is wrong with a device, and the way on. */
export function problemSentence(source: Source, problem: DeviceProblem): string {
  switch (source) {
    case 'microphone':
      return MICROPHONE[problem]();
    case 'camera':
      return CAMERA[problem]();
    case 'screen':
      return SCREEN[problem]();
  }
}
