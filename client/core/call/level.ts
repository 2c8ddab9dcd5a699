/**
 * Shows how loud a microphone is as `--level` (0 to 1) on an element, each frame, until the returned function is called.
 * Nothing of the sound goes anywhere.
 */
export function showLevel(element: HTMLElement, track: MediaStreamTrack): () => void {
  const audio = new AudioContext();
  const analyser = audio.createAnalyser();
  analyser.fftSize = 512;
  const source = audio.createMediaStreamSource(new MediaStream([track]));
  source.connect(analyser);
  const samples = new Float32Array(analyser.fftSize);
  let shown = 0;
  let frame = requestAnimationFrame(function draw() {
    analyser.getFloatTimeDomainData(samples);
    const loudness = Math.sqrt(samples.reduce((sum, sample) => sum + sample * sample, 0) / samples.length);
    // Speech lies around a tenth of full scale; falling slowly is easier on the eye.
    shown = Math.max(Math.min(1, loudness * 6), shown * 0.9);
    element.style.setProperty('--level', shown.toFixed(2));
    frame = requestAnimationFrame(draw);
  });
  return () => {
    cancelAnimationFrame(frame);
    source.disconnect();
    void audio.close();
  };
}
