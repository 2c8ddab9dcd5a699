import { measureCobrowseLatency, type Measure, type Rounds } from './cobrowse-latency.ts';
import { figure, quantile, type Benchmark } from './figure.ts';

export const cobrowseBenchmark: Benchmark = {
  names: [
    'cobrowse_dom_ms_p50',
    'cobrowse_dom_ms_p95',
    'cobrowse_dom_over_limit_ms_p50',
    'cobrowse_scroll_ms_p95',
    'cobrowse_pointer_ms_p95',
    'cobrowse_pointer_back_ms_p95',
  ],
  run: async () => {
    const { ours, limit, rrweb } = await measureCobrowseLatency();
    const beside = (name: string, measure: Measure, part: keyof Rounds, what: string) => {
      const least = quantile(limit[measure][part], 0.5).toFixed(1);
      const bare = measure === 'back' ? null : rrweb[measure][part];
      const rival = bare ? ", beside rrweb's live mode out of the box on a bare relay" : '';
      const note = `${what}${rival}; the limit ${least}`;
      return figure(name, 'ms', { ours: ours[measure][part], bare }, note);
    };
    const over = ours.dom.p50.map((value, round) => value - (limit.dom.p50[round] ?? Number.NaN));
    return [
      beside('cobrowse_dom_ms_p50', 'dom', 'p50', 'a change in the shop to the console'),
      beside('cobrowse_dom_ms_p95', 'dom', 'p95', 'the same; budget 20'),
      figure(
        'cobrowse_dom_over_limit_ms_p50',
        'ms',
        { ours: over, bare: null },
        'what that is above MutationObserver → ws → setAttribute; budget 3',
      ),
      beside(
        'cobrowse_scroll_ms_p95',
        'scroll',
        'p95',
        "the shopper's scrolling to the frame that shows it; budget 45",
      ),
      beside('cobrowse_pointer_ms_p95', 'pointer', 'p95', "the shopper's mouse to the console; budget 10"),
      beside(
        'cobrowse_pointer_back_ms_p95',
        'back',
        'p95',
        "the agent's mouse to the shopper's page, which rrweb does not have; budget 10",
      ),
    ];
  },
};
