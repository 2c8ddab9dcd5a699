import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { chooseLanguage } from '../../client/console/words.ts';

const root = join(import.meta.dirname, '../../client');
type Catalogue = Record<string, unknown>;

function catalogue(language: string): Catalogue {
  return JSON.parse(readFileSync(join(root, 'words', `${language}.json`), 'utf8')) as Catalogue;
}

function inputsOf(message: unknown): string[] {
  return [...new Set([...JSON.stringify(message).matchAll(/\{(\w+)\}/g)].map(([, name]) => name ?? ''))].toSorted();
}

function sources(): string {
  const files = readdirSync(join(root, 'console'), { recursive: true, encoding: 'utf8' });
  const code = files.filter((file) => /\.(svelte|ts)$/.test(file));
  return code.map((file) => readFileSync(join(root, 'console', file), 'utf8')).join('\n');
}

describe('the words of the console', () => {
  const en = catalogue('en');
  const es = catalogue('es');

  it('are the same in English and Spanish, with the same places to fill in', () => {
    expect(Object.keys(es).toSorted()).toEqual(Object.keys(en).toSorted());
    for (const [key, message] of Object.entries(en)) expect([key, inputsOf(es[key])]).toEqual([key, inputsOf(message)]);
  });

  it('are all used, and every one that is used is there', () => {
    const used = new Set([...sources().matchAll(/\bw\.([a-z_]+)\(/g)].map(([, key]) => key ?? ''));
    expect(Object.keys(en).filter((key) => !used.has(key))).toEqual([]);
    expect([...used].filter((key) => !(key in en))).toEqual([]);
  });

  it('follow the most wanted language that there is', () => {
    expect(chooseLanguage(['es-MX', 'en'])).toBe('es');
    expect(chooseLanguage(['fr-CA', 'es'])).toBe('es');
    expect(chooseLanguage(['de'])).toBe('en');
    expect(chooseLanguage([])).toBe('en');
  });
});
