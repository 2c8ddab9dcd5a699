/** Saves a file that was fetched, under its name. */
export function saveFile(file: Blob, name: string): void {
  const link = document.createElement('a');
  // Whatever it is: in this page it is nothing but bytes.
  link.href = URL.createObjectURL(new Blob([file], { type: 'application/octet-stream' }));
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
}
