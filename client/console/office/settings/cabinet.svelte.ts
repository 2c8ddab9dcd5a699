import type { SettingName, Settings } from '../../../../server/protocol/settings.ts';
import { forEachAgent } from '../each-agent.ts';
import { ask, reasonIn } from './ask.ts';

/** Why a section was not saved. `at` are the places in it that make no sense, as paths with dots. */
export type Problem =
  { reason: 'changed-meanwhile' | 'unreachable' | 'not-yours' } | { reason: 'senseless'; at: string[]; detail: Detail };

/** In the service's words: what kind of nonsense, and of what. */
export type Detail = { reason: string; day?: string; zone?: string; topic?: string; name?: string };

type Versioned = { values: Settings; versions: Record<SettingName, number> };

/**
 * The shop's settings and what is being changed in them, a section at a time. It outlives the screen: whoever goes to a
 * shopper in between finds everything as they left it.
 */
class Cabinet {
  failed = $state(false);
  saved = $state<SettingName | null>(null);
  busy = $state(false);
  #kept = $state.raw<Versioned | null>(null);
  #drafts = $state<Partial<Settings>>({});
  /** The version that a draft was begun over. */
  #over: Partial<Record<SettingName, number>> = {};
  #problems = $state.raw<Partial<Record<SettingName, Problem>>>({});

  get ready(): boolean {
    return this.#kept !== null;
  }

  get kept(): Settings | null {
    return this.#kept?.values ?? null;
  }

  async load(): Promise<void> {
    const answer = await ask('GET', '/api/settings');
    this.failed = answer?.status !== 200;
    if (!this.failed) this.#kept = answer?.body as Versioned;
  }

  /** What a section's fields show. Only for a cabinet that is ready. */
  value<Name extends SettingName>(name: Name): Settings[Name] {
    const draft = this.#drafts[name];
    if (draft !== undefined) return draft;
    if (!this.#kept) throw new Error('The settings are not loaded');
    return this.#kept.values[name];
  }

  write<Name extends SettingName>(name: Name, value: Settings[Name]): void {
    this.#over[name] ??= this.#kept?.versions[name] ?? 0;
    this.#drafts[name] = value;
    this.saved = null;
    this.#say(name, null);
  }

  unsaved(name: SettingName): boolean {
    const draft = this.#drafts[name];
    return draft !== undefined && JSON.stringify(draft) !== JSON.stringify(this.#kept?.values[name]);
  }

  get anyUnsaved(): boolean {
    return (Object.keys(this.#drafts) as SettingName[]).some((name) => this.unsaved(name));
  }

  problem(name: SettingName): Problem | null {
    return this.#problems[name] ?? null;
  }

  /** Whether the service found no sense in what is at a place. */
  wrong(name: SettingName, at: string): boolean {
    const problem = this.#problems[name];
    return problem?.reason === 'senseless' && problem.at.some((path) => path === at || path.startsWith(`${at}.`));
  }

  async discard(name: SettingName): Promise<void> {
    delete this.#drafts[name];
    delete this.#over[name];
    this.#say(name, null);
    await this.load();
  }

  async save(name: SettingName): Promise<void> {
    this.busy = true;
    const sent = this.value(name);
    const version = this.#over[name] ?? this.#kept?.versions[name] ?? 0;
    const answer = await ask('PUT', `/api/settings/${name}`, { value: sent, version });
    this.busy = false;
    if (answer?.status !== 200) return this.#say(name, problemIn(answer));
    // Whatever was written while it was on its way stays, over what has just been saved.
    const later = this.#drafts[name];
    delete this.#drafts[name];
    delete this.#over[name];
    await this.load();
    if (later !== undefined && JSON.stringify(later) !== JSON.stringify(sent)) this.write(name, later);
    else this.saved = name;
  }

  #say(name: SettingName, problem: Problem | null): void {
    const { [name]: _, ...others } = this.#problems;
    this.#problems = problem ? { ...others, [name]: problem } : others;
  }
}

function problemIn(answer: Awaited<ReturnType<typeof ask>>): Problem {
  const reason = reasonIn(answer);
  if (reason === 'changed-meanwhile' || reason === 'not-yours') return { reason };
  if (!answer || reason !== 'senseless') return { reason: 'unreachable' };
  const { problem } = answer.body as { problem: Detail & { problems?: { at: string }[] } };
  return { reason, at: (problem.problems ?? []).map(({ at }) => at), detail: problem };
}

/** One for the page and its agent: what is written stays while screens come and go. */
export let cabinet: Cabinet;
forEachAgent(() => (cabinet = new Cabinet()));
