/** A member's screen: being asked for (null), or sent as this producer. */
type Shared = { member: string; producer: string | null };

/**
 * One shared screen for each side of a call. Who comes second is refused, with a sentence: nobody's screen is taken away
 * while they point at it, and the other side is never left to guess which of two is meant. A tab that is gone keeps none.
 */
export class SharedScreens {
  #bySide = new Map<string, Shared>();

  /** Who of this member's side shares already; null: this member may. */
  otherThan(member: string): Shared | null {
    const shared = this.#bySide.get(sideOf(member));
    return shared && shared.member !== member ? shared : null;
  }

  has(member: string): boolean {
    return this.#bySide.get(sideOf(member))?.member === member;
  }

  take(member: string): void {
    if (this.has(member)) return;
    this.#bySide.set(sideOf(member), { member, producer: null });
  }

  sent(member: string, producer: string): void {
    const shared = this.#bySide.get(sideOf(member));
    if (shared?.member === member) shared.producer = producer;
  }

  /** The member shares no longer; with a producer: only if it was that one. */
  free(member: string, producer?: string): void {
    const shared = this.#bySide.get(sideOf(member));
    if (shared?.member !== member || (producer !== undefined && shared.producer !== producer)) return;
    this.#bySide.delete(sideOf(member));
  }

  clear(): void {
    this.#bySide.clear();
  }
}

/** A member's name begins with its side. */
function sideOf(member: string): string {
  return member.slice(0, member.indexOf('.'));
}
