/** The topic that the address of a page says: the one with the longest fitting beginning of a path. Null: none. */
export function topicOfPage(
  topics: readonly { id: string; paths: readonly string[] }[],
  address: string,
): string | null {
  const path = URL.canParse(address) ? new URL(address).pathname : '';
  const fitting = topics.flatMap(({ id, paths }) =>
    paths.filter((beginning) => path.startsWith(beginning)).map((beginning) => ({ id, length: beginning.length })),
  );
  return fitting.toSorted((a, b) => b.length - a.length)[0]?.id ?? null;
}
