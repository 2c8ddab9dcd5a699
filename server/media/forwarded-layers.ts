import type { types } from 'mediasoup';
import type { Layers } from '../protocol/media.ts';

/** Tells, on change, which of a camera's sizes this consumer carries of those that its owner sends at the moment. */
export function watchLayers(consumer: types.Consumer, tell: (layers: Layers) => void): void {
  if (consumer.type !== 'simulcast') return;
  let told = '';
  const look = (): void => {
    // Streams that bring nothing (yet, or no longer) have the score 0.
    const largest = consumer.score.producerScores.findLastIndex((score) => score > 0);
    const wanted = consumer.preferredLayers?.spatialLayer ?? largest;
    const sent = 1 + Math.min(largest, wanted);
    const layers = { forwarded: consumer.currentLayers?.spatialLayer ?? null, sent };
    const now = JSON.stringify(layers);
    if (now === told) return;
    told = now;
    tell(layers);
  };
  consumer.on('layerschange', look);
  consumer.on('score', look);
}
