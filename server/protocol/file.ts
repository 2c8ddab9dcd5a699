/**
 * A file of a message. Width and height (in pixels, as it is looked at) are there of pictures that browsers draw and that
 * are small enough to be drawn; whatever has none is a download.
 */
export type FileView = { id: string; name: string; type: string; bytes: number; width?: number; height?: number };

/** How far an upload is: so many bytes are kept, or it is complete and may be sent. */
export type UploadProgress = { offset: number } | { file: FileView };

/** Why a file is not taken. `bytesMax`: the shop's limit, where that is why. */
export type FileRefused = { reason: FileRefusal; bytesMax?: number };
export type FileRefusal =
  'file-type' | 'file-too-large' | 'file-empty' | 'file-false' | 'file-gone' | 'files-full' | 'too-many' | 'too-fast';
