import { cutOut, line, whole, type Cut } from '../client/core/cuts.ts';

/**
 * A plugin of the build that fits Svelte to the widget. Svelte's modes are variables, so that no bundler can know which of them
 * never comes: pages that a server has drawn (hydration), components of Svelte 4, `await` in components. Here they are constants,
 * and what serves them alone falls away, and so does what only `<svelte:boundary>` needs. It knows Svelte 5.57.3.
 */

const never = (mode: string): Cut => line(`export let ${mode} = false;`, `export const ${mode} = false;`);
const CUTS: Record<string, Cut[]> = {
  'internal/flags/index.js': [
    never('async_mode_flag'),
    never('legacy_mode_flag'),
    never('tracing_mode_flag'),
    // A component that wants a mode imports its switch, and does not build.
    whole('export function enable_async_mode_flag('),
    whole('export function disable_async_mode_flag('),
    whole('export function enable_legacy_mode_flag('),
    whole('export function enable_tracing_mode_flag('),
  ],
  'internal/client/dom/hydration.js': [never('hydrating'), line('\thydrating = value;')],
  'internal/client/reactivity/async.js': [
    line('\tvar pending = blockers.filter((b) => !b.settled);'),
    { from: '\tif (async.length === 0 && pending.length === 0) {', to: '}', instead: '\tfn(deriveds);\n}' },
  ],
  'internal/client/reactivity/batch.js': [whole('\tincrement('), whole('\tdecrement('), whole('\tsettled(')],
  'internal/client/dom/blocks/boundary.js': [
    { from: '\t#effect_pending_subscriber = ', to: '\t});' },
    whole('\tget_effect_pending('),
    whole('export function pending(', 'export function pending() {}'),
    { from: '\t\t\tif (this.#pending_count > 0) {', to: '\t\t\t}', instead: '\t\t\tthis.#resolve(current_batch);' },
    whole('\t#update_pending_count('),
    whole('\tupdate_pending_count('),
    whole('\terror(error) {', '\terror(error) {\n\t\tthrow error;\n\t}'),
  ],
};
/** What would be there without any effect. */
const LEFT_OUT = /<svelte:boundary|\$effect\.pending\(|\bsettled\b.* from 'svelte'/;

/** Throws where Svelte's text is another one than was cut before, and where a component wants what is cut. */
export function leanSvelte() {
  return {
    name: 'lean-svelte',
    enforce: 'pre' as const,
    transform(code: string, id: string) {
      const own = !id.includes('node_modules') && /\.svelte(\.ts)?$/.test(id);
      const [wanted] = (own && LEFT_OUT.exec(code)) || [];
      if (wanted) throw new Error(`${id} wants ${wanted}, which is left out of Svelte: see lean-svelte.ts.`);
      const file = /[\\/]svelte[\\/]src[\\/]([^?]*\.js)/.exec(id)?.[1]?.replaceAll('\\', '/');
      const cuts = file && CUTS[file];
      return cuts ? { code: cutOut('Svelte', code, cuts), map: null } : null;
    },
  };
}
