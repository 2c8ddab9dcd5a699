import { permissionPlace, type PermissionPlace } from '../../client/core/call/permission-place.ts';
import type { CallState } from '../../client/core/call/session.ts';
import { words } from '../panel/words.ts';

/** What is wrong with a device and the way out; null where the person simply closed the screen picker. */
export function deviceSentence({ source, problem }: NonNullable<CallState['problem']>): string | null {
  switch (problem) {
    case 'insecure':
      return words.device_insecure();
    case 'unsupported':
      return words.device_unsupported();
    case 'failed':
      return words.device_failed();
    case 'taken':
      return words.device_screen_taken();
    case 'dismissed':
      if (source === 'screen') return null;
      return source === 'camera' ? words.device_camera_dismissed() : words.device_microphone_dismissed();
    case 'denied':
      if (source === 'screen') return words.device_screen_denied();
      return `${source === 'camera' ? words.device_camera_denied() : words.device_microphone_denied()} ${HOW_TO_ALLOW[permissionPlace()]()}`;
    case 'missing':
      if (source === 'screen') return words.device_failed();
      return source === 'camera' ? words.device_camera_missing() : words.device_microphone_missing();
    case 'in-use':
      if (source === 'screen') return words.device_failed();
      return source === 'camera' ? words.device_camera_in_use() : words.device_microphone_in_use();
  }
}

const HOW_TO_ALLOW: Record<PermissionPlace, () => string> = {
  phone: () => words.device_allow_phone(),
  firefox: () => words.device_allow_firefox(),
  chrome: () => words.device_allow_chrome(),
  safari: () => words.device_allow_safari(),
};
