import type { CallNumbers } from '../../../server/protocol/call-numbers.ts';
import { language, w } from '../words.ts';

/** How a call went, as short sentences: the worst of all sides. */
export function callNumbersSentences(numbers: CallNumbers): string[] {
  const { setUpMs, firstFrameMs, packetLoss, freezes, freezeMs, path } = numbers;
  const sentences: string[] = [];
  if (setUpMs !== null) sentences.push(w.numbers_set_up({ seconds: seconds(setUpMs) }));
  if (firstFrameMs !== null) sentences.push(w.numbers_first_picture({ seconds: seconds(firstFrameMs) }));
  sentences.push(w.numbers_loss({ percent: short(packetLoss * 100) }));
  if (freezes > 0) sentences.push(w.numbers_freezes({ count: freezes, seconds: seconds(freezeMs) }));
  if (path) sentences.push({ udp: w.numbers_udp(), tcp: w.numbers_tcp(), relay: w.numbers_relay() }[path]);
  return sentences;
}

function seconds(ms: number): string {
  return short(ms / 1000);
}

function short(value: number): string {
  return value.toLocaleString(language, { maximumFractionDigits: 1 });
}
