/** The endings of names that go with a type, the usual one first. Of types that are not here any ending is taken. */
export const ENDINGS: Readonly<Record<string, readonly string[]>> = {
  'image/jpeg': ['jpg', 'jpeg', 'jfif'],
  'image/png': ['png'],
  'image/gif': ['gif'],
  'image/webp': ['webp'],
  'image/avif': ['avif'],
  'image/heic': ['heic', 'heif'],
  'image/svg+xml': ['svg'],
  'application/pdf': ['pdf'],
  'text/plain': ['txt', 'log', 'md'],
  'text/csv': ['csv'],
  'text/html': ['html', 'htm'],
  'video/mp4': ['mp4', 'm4v'],
  'video/webm': ['webm'],
  'video/quicktime': ['mov'],
  'audio/mpeg': ['mp3'],
  'audio/mp4': ['m4a'],
  'audio/ogg': ['ogg', 'oga', 'opus'],
  'audio/wav': ['wav'],
  'application/zip': ['zip'],
  'application/msword': ['doc'],
  'application/vnd.ms-excel': ['xls'],
  'application/vnd.ms-powerpoint': ['ppt'],
  'application/vnd.openxmlformats-officedocument.wordprocessingml.document': ['docx'],
  'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet': ['xlsx'],
  'application/vnd.openxmlformats-officedocument.presentationml.presentation': ['pptx'],
  'application/vnd.oasis.opendocument.text': ['odt'],
  'application/vnd.oasis.opendocument.spreadsheet': ['ods'],
};

/** Other words for the same, as browsers and systems say them. */
const SAME: Readonly<Record<string, string>> = {
  'image/jpg': 'image/jpeg',
  'image/pjpeg': 'image/jpeg',
  'image/x-png': 'image/png',
  'image/heif': 'image/heic',
  'application/x-pdf': 'application/pdf',
  'audio/mp3': 'audio/mpeg',
  'audio/x-m4a': 'audio/mp4',
  'audio/x-wav': 'audio/wav',
  'audio/wave': 'audio/wav',
  'text/x-csv': 'text/csv',
  'text/comma-separated-values': 'text/csv',
  'text/markdown': 'text/plain',
  'application/x-zip-compressed': 'application/zip',
};

/** Types that say nothing, or that a system gives to every table: there the name's ending tells more. */
const VAGUE = new Set(['', 'application/octet-stream', 'application/vnd.ms-excel']);

/** The type that a file is to have, by what the browser says of it and by its name; null where neither says any. */
export function typeOf(name: string, said: string): string | null {
  const [plain = ''] = said.toLowerCase().split(';');
  const type = SAME[plain.trim()] ?? plain.trim();
  if (!VAGUE.has(type)) return type;
  const ending = /\.([^.]+)$/.exec(name)?.[1]?.toLowerCase() ?? '';
  const byName = Object.entries(ENDINGS).find(([, endings]) => endings.includes(ending))?.[0];
  return byName ?? (VAGUE.has(type) && type.includes('excel') ? type : null);
}

/** Whether its content is text: it is told by that alone, since any text may begin like something else. */
export function isText(type: string): boolean {
  return type.startsWith('text/') || /[/+](xml|json)$/.test(type);
}
