import { launchChromium } from '../media/call-stage.ts';
import { bareFirstFrame, ourFirstFrame, type FirstFrame } from '../media/first-frame.ts';
import { startRealMedia } from '../media/real-media.ts';
import { figure, type Benchmark } from './figure.ts';

/** In turn in one browser: ours, prepared while it rings, and bare mediasoup, which joins from nothing at the yes. */
export async function measureCallFirstFrame({ rounds = 9 } = {}): Promise<{ ours: FirstFrame[]; bare: FirstFrame[] }> {
  const { media } = await startRealMedia();
  const browser = await launchChromium();
  const measured = { ours: [] as FirstFrame[], bare: [] as FirstFrame[] };
  try {
    for (let round = 0; round < rounds; round += 1) {
      measured.ours.push(await ourFirstFrame(media, browser));
      measured.bare.push(await bareFirstFrame(browser));
    }
    return measured;
  } finally {
    await browser.close();
    await media.close();
  }
}

export const callFirstFrameBenchmark: Benchmark = {
  names: ['call_first_frame_ms'],
  async run() {
    const { ours, bare } = await measureCallFirstFrame();
    return [
      figure(
        'call_first_frame_ms',
        'ms',
        { ours: ours.map(({ both }) => both), bare: bare.map(({ both }) => both) },
        'yes → both sides see the first remote frame; bare: mediasoup joining from nothing, cameras open in both',
      ),
    ];
  },
};
