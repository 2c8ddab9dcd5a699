import type { FileRefused, UploadProgress } from '../../../server/protocol/file.ts';

/** Where files go, and how whoever asks is known there. */
export type FileDoor = {
  /** For example `https://support.example.com/api/shops/demo/files`. */
  address: string;
  headers: () => Record<string, string>;
};

/** The server said no; anything else that was thrown is a connection that was lost. */
export type Answer = UploadProgress | { id: string } | FileRefused;

/** Announces a file; `conversation`: an agent's. */
export async function announce(
  door: FileDoor,
  { name, type, size }: { name: string; type: string; size: number },
  conversation: string | undefined,
  signal: AbortSignal,
): Promise<Answer> {
  const body = JSON.stringify({ name: name.slice(0, 2_000), type: type.slice(0, 200), bytes: size, conversation });
  return await ask(door, '', { method: 'POST', headers: { 'Content-Type': 'application/json' }, body, signal });
}

export async function progressOf(door: FileDoor, id: string, signal: AbortSignal): Promise<Answer> {
  return await ask(door, `/${id}/upload`, { signal });
}

/** Of an upload that was not sent: taken back. Of what was sent: deleted, where an agent may. */
export async function remove(door: FileDoor, id: string): Promise<Response> {
  return await fetch(`${door.address}/${id}`, { method: 'DELETE', headers: door.headers() });
}

/** A file's content; null where it is gone. Throws where it cannot be had just now. */
export async function content(door: FileDoor, id: string, signal?: AbortSignal): Promise<Blob | null> {
  const response = await fetch(`${door.address}/${id}`, { headers: door.headers(), ...(signal && { signal }) });
  if (response.status === 404) return null;
  if (!response.ok) throw new Error(`a file: ${response.status}`);
  return await response.blob();
}

/** Sends a piece, and says how far it is: only this old way of asking tells a browser's progress. */
export async function append(
  door: FileDoor,
  id: string,
  piece: { offset: number; bytes: Blob },
  onProgress: (sent: number) => void,
  signal: AbortSignal,
): Promise<Answer> {
  return await new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    const abort = (): void => request.abort();
    request.open('PATCH', `${door.address}/${id}/upload`);
    const headers = {
      ...door.headers(),
      'Upload-Offset': String(piece.offset),
      'Content-Type': 'application/octet-stream',
    };
    for (const [name, value] of Object.entries(headers)) request.setRequestHeader(name, value);
    request.upload.onprogress = ({ loaded }) => onProgress(piece.offset + loaded);
    request.onloadend = () => {
      signal.removeEventListener('abort', abort);
      if (!isAnswer(request.status)) return reject(new Error(`an upload: ${request.status}`));
      resolve(JSON.parse(request.responseText) as Answer);
    };
    signal.addEventListener('abort', abort);
    if (signal.aborted) return reject(new Error('an upload was taken back'));
    request.send(piece.bytes);
  });
}

type Asking = Omit<RequestInit, 'headers'> & { headers?: Record<string, string> };

async function ask({ address, headers }: FileDoor, path: string, init: Asking): Promise<Answer> {
  const response = await fetch(address + path, { ...init, headers: { ...headers(), ...init.headers } });
  if (!isAnswer(response.status)) throw new Error(`an upload: ${response.status}`);
  return (await response.json()) as Answer;
}

/** A proxy's errors and those of ours pass by themselves; a full disk does not. */
function isAnswer(status: number): boolean {
  return status > 0 && (status < 500 || status === 507);
}
