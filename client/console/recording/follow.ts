import type { Track } from './recorded.ts';

/** Apart by more than this, and lips do not fit the words: a seek brings them together. */
const APART_SECONDS = 0.3;

/** An attachment that keeps a picture in step with the sound: the sound's clock is everybody's. */
export function inStep(track: Track, sound: HTMLMediaElement) {
  return (video: HTMLVideoElement): (() => void) => {
    let frame = 0;
    const step = (): void => {
      const wanted = Math.max(0, sound.currentTime - track.at);
      video.playbackRate = sound.playbackRate;
      if (Math.abs(video.currentTime - wanted) > APART_SECONDS && !video.seeking) video.currentTime = wanted;
      if (sound.paused !== video.paused) {
        if (sound.paused) video.pause();
        // A picture that is not there yet is tried again with the next frame.
        else video.play().catch(() => {});
      }
      if (sound.paused && !video.seeking && Math.abs(video.currentTime - wanted) > 0.02) video.currentTime = wanted;
      frame = requestAnimationFrame(step);
    };
    step();
    return () => {
      cancelAnimationFrame(frame);
      video.removeAttribute('src');
      video.load();
    };
  };
}
