import type { DeviceNews } from '../../core/call/devices.ts';
import { w } from '../words.ts';

const SWITCHED = {
  camera: (device: string) => w.devices_switched_camera({ device }),
  microphone: (device: string) => w.devices_switched_microphone({ device }),
  speaker: (device: string) => w.devices_switched_speaker({ device }),
};
const FOUND = {
  camera: (device: string) => w.devices_found_camera({ device }),
  microphone: (device: string) => w.devices_found_microphone({ device }),
  speaker: (device: string) => w.devices_found_speaker({ device }),
};

/** What an agent is told of a device that came or went. */
export function deviceNews({ what, kind, device }: DeviceNews): string {
  return (what === 'switched' ? SWITCHED : FOUND)[kind](device.label);
}
