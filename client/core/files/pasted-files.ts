/** Files that are pasted; null where text comes with them, which is then what is meant, as from a spreadsheet. */
export function pastedFiles(data: DataTransfer | null): File[] | null {
  if (!data || data.files.length === 0 || data.types.includes('text/plain')) return null;
  return [...data.files];
}
