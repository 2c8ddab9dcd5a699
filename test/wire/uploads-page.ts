/** A page that has nothing but the uploads of one shopper, who is in its address. */
import { Uploads, type Upload } from '../../client/core/files/uploads.ts';
import type { FileView } from '../../server/protocol/file.ts';

const asked = new URLSearchParams(location.search);
const sent: FileView[] = [];
const uploads = new Uploads({
  door: {
    address: `${asked.get('service')}/api/shops/demo/files`,
    headers: () => ({ Authorization: `Bearer ${asked.get('token')}` }),
  },
  ready: () => true,
  send: (file) => void sent.push(file),
  changed: () => {},
});

const uploadsPage = {
  uploads,
  sent,
  add: (text: string, name: string, type: string) => uploads.add([new File([text], name, { type })]),
  first: (): Omit<Upload, 'file'> | null => uploads.items[0] ?? null,
};
export type UploadsPage = typeof uploadsPage;
Object.assign(globalThis, { uploadsPage });
