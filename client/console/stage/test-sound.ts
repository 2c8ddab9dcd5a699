import { playThrough } from '../../core/call/devices.ts';

/** Two soft notes out of a speaker: by an element, since only elements can be sent to a chosen one. */
export async function playTestSound(speaker: string): Promise<void> {
  const audio = new AudioContext();
  const out = audio.createMediaStreamDestination();
  const element = new Audio();
  element.srcObject = out.stream;
  const gain = audio.createGain();
  gain.connect(out);
  const note = audio.createOscillator();
  note.connect(gain);
  const start = audio.currentTime + 0.1;
  note.frequency.setValueAtTime(523, start);
  note.frequency.setValueAtTime(659, start + 0.25);
  gain.gain.setValueAtTime(0, audio.currentTime);
  gain.gain.linearRampToValueAtTime(0.25, start + 0.03);
  gain.gain.linearRampToValueAtTime(0, start + 0.6);
  note.start(start);
  note.stop(start + 0.7);
  note.onended = () => {
    element.srcObject = null;
    void audio.close();
  };
  await element.play();
  await playThrough(element, speaker);
}
