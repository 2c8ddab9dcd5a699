import type { Page } from 'playwright-core';

/** What playwright and the fake questions keep from being heard; for `Stage.open`. */
export const WITH_EARS = {
  whole: true,
  without: ['--mute-audio', '--use-fake-ui-for-media-stream'],
  flags: ['--auto-accept-this-tab-capture'],
};
/** Run in a page before its scripts: the screen that it shares stands in for a real one, with a tone for its sound. */
export function sharesTone(): void {
  // In Hz; neither this nor a part of it is in the beeps of the fake microphone.
  const tone = 1_650;
  Object.assign(globalThis, { tone });
  const media = navigator.mediaDevices;
  const original = media.getDisplayMedia.bind(media);
  media.getDisplayMedia = async (options) => {
    // An ear listens to its own tab.
    if (options && 'preferCurrentTab' in options) return await original(options);
    const canvas = Object.assign(document.createElement('canvas'), { width: 320, height: 180 });
    const picture = canvas.getContext('2d');
    let n = 0;
    setInterval(() => {
      if (!picture) return;
      picture.fillStyle = n++ % 2 ? '#fff' : '#ddd';
      picture.fillRect(0, 0, 320, 180);
    }, 200);
    const audio = new AudioContext();
    const sound = audio.createMediaStreamDestination();
    const source = new OscillatorNode(audio, { frequency: tone });
    source.connect(sound);
    source.start();
    return new MediaStream([...canvas.captureStream(5).getVideoTracks(), ...sound.stream.getAudioTracks()]);
  };
}

/** Resolves when a page has played the tone to whoever sits before it: by all that comes out of the tab, whatever has arrived in it. */
export async function hearsTone(page: Page): Promise<void> {
  await page.evaluate(async () => {
    const { tone } = globalThis as unknown as { tone: number };
    const audio = { echoCancellation: false, noiseSuppression: false, autoGainControl: false };
    const options = { video: true, audio, preferCurrentTab: true };
    const tab = await navigator.mediaDevices.getDisplayMedia(options);
    const context = new AudioContext();
    const ear = new AnalyserNode(context, { fftSize: 4_096, smoothingTimeConstant: 0 });
    context.createMediaStreamSource(new MediaStream(tab.getAudioTracks())).connect(ear);
    const levels = new Float32Array(ear.frequencyBinCount);
    const place = Math.round((tone / context.sampleRate) * ear.fftSize);
    // A beep is over by then.
    for (let lasted = 0; lasted < 6;) {
      await new Promise((resolve) => setTimeout(resolve, 50));
      ear.getFloatFrequencyData(levels);
      lasted = Math.max(...levels.subarray(place - 2, place + 3)) > -60 ? lasted + 1 : 0;
    }
    for (const track of tab.getTracks()) track.stop();
    await context.close();
  });
}
