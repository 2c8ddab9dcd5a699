import type { TeamMember } from '../../../../server/protocol/views.ts';
import { forEachAgent } from '../each-agent.ts';
import { ask, reasonIn } from './ask.ts';

export type MemberDraft = Pick<TeamMember, 'email' | 'name' | 'role' | 'topics' | 'capacity'>;

/** Whoever is being added; not an agent's id. */
export const NEW = 'new';

const NOBODY: MemberDraft = { email: '', name: '', role: 'agent', topics: null, capacity: null };

/** Who answers for the shop, and what is being changed of them; it outlives the screen. */
class Team {
  members = $state.raw<readonly TeamMember[] | null>(null);
  failed = $state(false);
  busy = $state(false);
  /** Whose fields are open. */
  open = $state<string | null>(null);
  problem = $state<string | null>(null);
  /** A password that was just made: shown until its admin has put it away. */
  password = $state.raw<{ name: string; email: string; password: string } | null>(null);
  #drafts = $state<Record<string, MemberDraft>>({});

  async load(): Promise<void> {
    const answer = await ask('GET', '/api/team');
    this.failed = answer?.status !== 200;
    if (answer?.status === 200) this.members = (answer.body as { team: TeamMember[] }).team;
  }

  draft(id: string): MemberDraft {
    return this.#drafts[id] ?? draftOf(this.members?.find((member) => member.id === id));
  }

  unsaved(id: string): boolean {
    const draft = this.#drafts[id];
    const kept = draftOf(this.members?.find((member) => member.id === id));
    return draft !== undefined && JSON.stringify(draft) !== JSON.stringify(kept);
  }

  get anyUnsaved(): boolean {
    return Object.keys(this.#drafts).some((id) => this.unsaved(id));
  }

  write(id: string, change: Partial<MemberDraft>): void {
    this.#drafts[id] = { ...this.draft(id), ...change };
    this.problem = null;
  }

  choose(id: string | null): void {
    this.open = id;
    this.problem = null;
  }

  discard(id: string): void {
    delete this.#drafts[id];
    this.choose(null);
  }

  async save(id: string): Promise<void> {
    const draft = this.draft(id);
    const answer =
      id === NEW
        ? await this.#send('POST', '/api/team', draft)
        : await this.#send('PUT', `/api/team/${encodeURIComponent(id)}`, draft);
    if (!answer) return;
    const { member, password } = answer.body as { member: TeamMember; password?: string };
    delete this.#drafts[id];
    this.choose(null);
    if (password) this.password = { name: member.name, email: member.email, password };
    await this.load();
  }

  async newPassword({ id, name, email }: TeamMember): Promise<void> {
    const answer = await this.#send('POST', `/api/team/${encodeURIComponent(id)}/password`);
    if (!answer) return;
    this.password = { name, email, password: (answer.body as { password: string }).password };
    await this.load();
  }

  async takeOut(id: string): Promise<void> {
    if (!(await this.#send('DELETE', `/api/team/${encodeURIComponent(id)}`))) return;
    this.discard(id);
    await this.load();
  }

  async #send(method: string, path: string, body?: unknown): Promise<{ body: unknown } | null> {
    this.busy = true;
    const answer = await ask(method, path, body);
    this.busy = false;
    this.problem = answer && answer.status < 300 ? null : reasonIn(answer);
    return this.problem === null ? answer : null;
  }
}

function draftOf(member: TeamMember | undefined): MemberDraft {
  if (!member) return NOBODY;
  const { email, name, role, topics, capacity } = member;
  return { email, name, role, topics, capacity };
}

/** One for the page and its agent: what is written stays while screens come and go. */
export let team: Team;
forEachAgent(() => (team = new Team()));
