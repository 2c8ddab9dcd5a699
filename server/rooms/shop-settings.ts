import { hoursProblem } from '../domain/hours.ts';
import { DEFAULT_SETTINGS, type SettingName, type Settings } from '../protocol/settings.ts';
import type { Storage } from '../storage/storage.ts';

export type Person = { id: string; name: string };

/** Every section with its version; 0: nobody has settled it yet. */
export type VersionedSettings = { values: Settings; versions: Record<SettingName, number> };

/** `problem`: what does not make sense, in machine's words. */
export type SaveResult =
  | { ok: true; version: number }
  | { ok: false; reason: 'changed-meanwhile' }
  | { ok: false; reason: 'senseless'; problem: Record<string, unknown> };

export type ShopSettingsOptions = {
  storage: Pick<Storage, 'settingsOf' | 'saveSetting'>;
  now: () => number;
  newId: () => string;
};

/** The settings of every shop that somebody asked about: read once, kept, told to whoever listens when they change. */
export class ShopSettings {
  #options: ShopSettingsOptions;
  #shops = new Map<string, Promise<VersionedSettings>>();
  #listeners = new Set<(shop: string, settings: Settings) => void>();

  constructor(options: ShopSettingsOptions) {
    this.#options = options;
  }

  async of(shop: string): Promise<Settings> {
    return (await this.versioned(shop)).values;
  }

  async versioned(shop: string): Promise<VersionedSettings> {
    const known = this.#shops.get(shop);
    if (known) return await known;
    const reading = this.#read(shop);
    this.#shops.set(shop, reading);
    reading.catch(() => this.#shops.delete(shop));
    return await reading;
  }

  /** Saves a section whose schema has been checked, over the version that its author saw. */
  async save<Name extends SettingName>(
    shop: string,
    section: Name,
    value: Settings[Name],
    over: number,
    by: Person,
  ): Promise<SaveResult> {
    const problem = problemOf(section, value);
    if (problem) return { ok: false, reason: 'senseless', problem };
    const before = (await this.versioned(shop)).values[section];
    const { storage, now, newId } = this.#options;
    const change = { id: newId(), shop, at: now(), by, action: 'settings.changed', subject: section };
    const kept = await storage.saveSetting(section, over, value, { ...change, before, after: value });
    if (!kept) return { ok: false, reason: 'changed-meanwhile' };
    this.#shops.delete(shop);
    const settings = await this.of(shop);
    for (const listener of this.#listeners) listener(shop, settings);
    return { ok: true, version: over + 1 };
  }

  /** Returns its own unsubscribe. */
  onChange(listener: (shop: string, settings: Settings) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  async #read(shop: string): Promise<VersionedSettings> {
    const values: Record<string, unknown> = { ...DEFAULT_SETTINGS };
    const versions: Record<string, number> = Object.fromEntries(Object.keys(DEFAULT_SETTINGS).map((name) => [name, 0]));
    for (const { section, version, value } of await this.#options.storage.settingsOf(shop)) {
      // A section of an older or newer program: what it does not name keeps its default.
      const known: unknown = values[section];
      const mixes = isRecord(known) && isRecord(value) && section !== 'hours';
      values[section] = mixes ? { ...known, ...value } : value;
      versions[section] = version;
    }
    // What was saved had passed its schema.
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion
    return { values, versions } as VersionedSettings;
  }
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** What its schema cannot see. */
function problemOf<Name extends SettingName>(section: Name, value: Settings[Name]): Record<string, unknown> | null {
  const settings: Partial<Settings> = { [section]: value };
  if (settings.hours) return hoursProblem(settings.hours);
  if (settings.topics) {
    for (const { id, name, hours } of settings.topics) {
      if (!name.en && !name.es) return { reason: 'nameless', topic: id };
      const problem = hours && hoursProblem(hours);
      if (problem) return { ...problem, topic: id };
    }
    return repeated(settings.topics.map(({ id }) => id));
  }
  if (settings.replies) {
    return repeated(settings.replies.map(({ short, topic }) => `${short.toLowerCase()} ${topic ?? ''}`.trim()));
  }
  return null;
}

function repeated(names: readonly string[]): Record<string, unknown> | null {
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  return twice === undefined ? null : { reason: 'twice', name: twice };
}
