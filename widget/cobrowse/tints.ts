/** Beside the shop's accent: dark enough for white words on them, and apart from each other for most eyes. */
const MORE = ['#0b6e8a', '#7b2cbf', '#2b7a3e', '#b4235f', '#8a5a00'];

/** A colour for each of the people who point, the shop's accent for the first. */
export class Tints {
  readonly #people: string[] = [];

  of(id: string): string {
    if (!this.#people.includes(id)) this.#people.push(id);
    const index = this.#people.indexOf(id);
    return index === 0 ? 'var(--accent)' : (MORE[(index - 1) % MORE.length] ?? 'var(--accent)');
  }
}
