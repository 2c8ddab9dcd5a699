/** Few names of attributes, and many of each: what is found out about a name is found out once. */
const NAMES_MAX = 2_000;
/** In UTF-16 code units. A longer name is nobody's but a stranger's, who would have it kept. */
const NAME_MAX = 128;

/** `read`, remembered by the name; of a bounded number of names, none of them long. */
export function byName<T>(read: (name: string) => T): (name: string) => T {
  const names = new Map<string, T>();
  return (name) => {
    const known = names.get(name);
    if (known !== undefined) return known;
    const found = read(name);
    if (names.size >= NAMES_MAX) names.clear();
    if (name.length <= NAME_MAX) names.set(name, found);
    return found;
  };
}
