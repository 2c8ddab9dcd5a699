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
    case 'dismissed':
    case 'denied':
      if (source === 'screen') return problem === 'denied' ? words.device_screen_denied() : null;
      return source === 'camera' ? words.device_camera_denied() : words.device_microphone_denied();
    case 'missing':
      if (source === 'screen') return words.device_failed();
      return source === 'camera' ? words.device_camera_missing() : words.device_microphone_missing();
    case 'in-use':
      if (source === 'screen') return words.device_failed();
      return source === 'camera' ? words.device_camera_in_use() : words.device_microphone_in_use();
  }
}
