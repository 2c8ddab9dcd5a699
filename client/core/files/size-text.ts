/** `1.2 MB`, as the language writes it; never less than a kilobyte. */
export function sizeText(bytes: number, locale: string): string {
  const large = bytes >= 1_000_000;
  const options = {
    style: 'unit',
    unit: large ? 'megabyte' : 'kilobyte',
    maximumFractionDigits: large ? 1 : 0,
  } as const;
  return new Intl.NumberFormat(locale, options).format(large ? bytes / 1_000_000 : Math.max(1, bytes / 1_000));
}
