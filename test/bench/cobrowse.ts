import { measureCobrowseLatency } from './cobrowse-latency.ts';
import { figure, quantile, type Benchmark } from './figure.ts';

export const cobrowseBenchmark: Benchmark = {
  names: ['cobrowse_dom_ms_p50', 'cobrowse_dom_over_limit_ms_p50'],
  run: async () => {
    const { ours, bare, rrweb } = await measureCobrowseLatency();
    const limit = quantile(bare.p50, 0.5).toFixed(2);
    const over = ours.p50.map((value, round) => value - (bare.p50[round] ?? Number.NaN));
    return [
      figure(
        'cobrowse_dom_ms_p50',
        'ms',
        { ours: ours.p50, bare: rrweb.p50 },
        `a change in the shop to the console, beside rrweb's live mode on a bare relay; p95 ${quantile(ours.p95, 0.5).toFixed(1)} and ${quantile(rrweb.p95, 0.5).toFixed(1)}`,
      ),
      figure(
        'cobrowse_dom_over_limit_ms_p50',
        'ms',
        { ours: over, bare: null },
        `what that is above MutationObserver → ws → setAttribute (${limit} ms); budget 3`,
      ),
    ];
  },
};
