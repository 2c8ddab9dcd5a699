/** A call that can have the floor, and can be made to leave it. */
export type Speaker = {
  /** Resolves once nothing of the agent reaches this call any longer. */
  hold(): Promise<void>;
};

/** An agent is heard and seen in one call at a time: whoever takes the floor waits until all others are on hold. */
export class Floor {
  #speakers = new Set<Speaker>();
  #current: Speaker | null = null;

  enter(speaker: Speaker): void {
    this.#speakers.add(speaker);
  }

  leave(speaker: Speaker): void {
    this.#speakers.delete(speaker);
    if (this.#current === speaker) this.#current = null;
  }

  /** Resolves with whether the floor is still the speaker's: another call may have taken it meanwhile. */
  async take(speaker: Speaker): Promise<boolean> {
    this.#current = speaker;
    await Promise.all([...this.#speakers].filter((other) => other !== speaker).map((other) => other.hold()));
    return this.#current === speaker;
  }
}
