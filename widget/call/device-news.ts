import type { DeviceNews } from '../../client/core/call/devices.ts';
import { words } from '../panel/words.ts';

/** What a person is told of a device that came or went. */
export function deviceNews({ what, kind, device }: DeviceNews): string {
  const inputs = { device: device.label };
  if (what === 'switched') {
    if (kind === 'camera') return words.device_switched_camera(inputs);
    return kind === 'microphone' ? words.device_switched_microphone(inputs) : words.device_switched_speaker(inputs);
  }
  if (kind === 'camera') return words.device_found_camera(inputs);
  return kind === 'microphone' ? words.device_found_microphone(inputs) : words.device_found_speaker(inputs);
}
