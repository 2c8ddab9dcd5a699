/** `1.2 MB`, as the language writes it. */
export function sizeText(bytes: number, locale: string): string {
  const [unit, size] =
    bytes < 1_000 ? ['byte', bytes] : bytes < 1_000_000 ? ['kilobyte', bytes / 1_000] : ['megabyte', bytes / 1_000_000];
  const digits = { maximumFractionDigits: unit === 'megabyte' ? 1 : 0 };
  return new Intl.NumberFormat(locale, { style: 'unit', unit: String(unit), ...digits }).format(Number(size));
}
