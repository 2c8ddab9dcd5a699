import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { leanMediasoupClient } from '../../client/core/call/lean-mediasoup-client.ts';
import { cutOut, whole } from '../../client/core/cuts.ts';
import { leanSvelte } from '../../widget/lean-svelte.ts';

const modules = `${import.meta.dirname}/../../node_modules`;

describe('promise 10: what is left out of a library', () => {
  it('is told by its own lines, and another text fails the build', () => {
    expect(cutOut('A library', 'one\nfunction two() {\n}\nthree', [whole('function two(')])).toBe('one\n\nthree');
    expect(() => cutOut('A library', 'one\nthree', [whole('function two(')])).toThrow(/look at it anew/);
    const flags = `${modules}/svelte/src/internal/flags/index.js`;
    expect(() => leanSvelte().transform('export let other = false;', flags)).toThrow(/look at it anew/);
    const ortc = `${modules}/mediasoup-client/lib/ortc.js`;
    expect(() => leanMediasoupClient().transform('"use strict";', ortc)).toThrow(/look at it anew/);
  });

  it('is nothing that a component of ours wants: it does not build', () => {
    const build = (code: string) => () => leanSvelte().transform(code, 'widget/panel/Some.svelte');
    expect(build('<svelte:boundary></svelte:boundary>')).toThrow(/wants <svelte:boundary/);
    expect(build('{#if $effect.pending()}…{/if}')).toThrow(/wants \$effect.pending/);
    expect(build("import { settled } from 'svelte';")).toThrow(/wants settled/);
    expect(build('<p>{text}</p>')()).toBeNull();
    const flags = `${modules}/svelte/src/internal/flags/index.js`;
    expect(leanSvelte().transform(readFileSync(flags, 'utf8'), flags)?.code).not.toContain('enable_async_mode_flag');
  });
});
