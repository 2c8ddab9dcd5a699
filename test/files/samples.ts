import { crc32, deflateSync } from 'node:zlib';

/** Small real files, and some that only pretend. */

/** A PNG of one colour, with a header that may say another size than its content has. */
export function png(width: number, height: number, colour: readonly [number, number, number] = [200, 30, 30]): Buffer {
  const row = Buffer.concat([Buffer.from([0]), Buffer.alloc(width * 3, Buffer.from(colour))]);
  return pngOf(width, height, deflateSync(Buffer.concat(Array.from({ length: height }, () => row))));
}

/** 60,000 by 60,000 pixels in a few bytes. */
export function pngBomb(): Buffer {
  return pngOf(60_000, 60_000, deflateSync(Buffer.alloc(1_000)));
}

function pngOf(width: number, height: number, data: Buffer): Buffer {
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header.set([8, 2, 0, 0, 0], 8);
  const signature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
  return Buffer.concat([signature, chunk('IHDR', header), chunk('IDAT', data), chunk('IEND', Buffer.alloc(0))]);
}

function chunk(type: string, data: Buffer): Buffer {
  const typed = Buffer.concat([Buffer.from(type), data]);
  const [length, sum] = [Buffer.alloc(4), Buffer.alloc(4)];
  length.writeUInt32BE(data.length);
  sum.writeUInt32BE(crc32(typed));
  return Buffer.concat([length, typed, sum]);
}

/** A JPEG's headers as a phone writes them: turned by a quarter, a large profile before the frame. */
export function jpegHeaders(width: number, height: number): Buffer {
  const tiff = Buffer.from('4d4d002a00000008000101120003000000010006000000000000', 'hex');
  const exif = Buffer.concat([Buffer.from('Exif\0\0', 'latin1'), tiff]);
  const frame = Buffer.from([0xff, 0xc0, 0, 11, 8, 0, 0, 0, 0, 1, 1, 0x11, 0]);
  frame.writeUInt16BE(height, 5);
  frame.writeUInt16BE(width, 7);
  return Buffer.concat([
    Buffer.from([0xff, 0xd8]),
    segment(0xe1, exif),
    segment(0xe2, Buffer.alloc(60_000)),
    segment(0xe2, Buffer.alloc(60_000)),
    frame,
  ]);
}

function segment(marker: number, data: Buffer): Buffer {
  const head = Buffer.from([0xff, marker, 0, 0]);
  head.writeUInt16BE(data.length + 2, 2);
  return Buffer.concat([head, data]);
}

/** The beginning of a zip archive, as a bomb has it. */
export const ZIP = Buffer.concat([Buffer.from('504b0304140000000800', 'hex'), Buffer.alloc(2_000, 7)]);
export const HTML = Buffer.from('<!doctype html><script>document.title = "owned"</script>');
export const SVG = Buffer.from('<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>');
export const PDF = Buffer.from('%PDF-1.4\n%âãÏÓ\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n', 'latin1');

/** 48 by 32 pixels in other formats; of the GIF only what comes before its colours. */
export const SMALL: readonly [string, Buffer][] = [
  ['image/gif', Buffer.from('47494638396130002000f71f31', 'hex')],
  [
    'image/webp',
    Buffer.from(
      'UklGRkQAAABXRUJQVlA4IDgAAAAwAwCdASowACAAPpFGnkslo6KhpWgAsBIJZwB2AABX74bgAP7sJl/60LQgc//+Ur+fPyD4ZAAAAA==',
      'base64',
    ),
  ],
  ['image/webp', Buffer.from('UklGRhwAAABXRUJQVlA4TBAAAAAvL8AHAAdQwChg/wMR0f8A', 'base64')],
  [
    'image/avif',
    Buffer.from(
      'AAAAIGZ0eXBhdmlmAAAAAGF2aWZtaWYxbWlhZk1BMUIAAAD5bWV0YQAAAAAAAAAvaGRscgAAAAAAAAAAcGljdAAAAAAAAAAAAAAAAFBpY3R1cmVIYW5kbGVyAAAAAA5waXRtAAAAAAABAAAAHmlsb2MAAAAARAAAAQABAAAAAQAAASEAAAAcAAAAKGlpbmYAAAAAAAEAAAAaaW5mZQIAAAAAAQAAYXYwMUNvbG9yAAAAAGppcHJwAAAAS2lwY28AAAAUaXNwZQAAAAAAAAAwAAAAIAAAABBwaXhpAAAAAAMICAgAAAAMYXYxQ4EADAAAAAATY29scm5jbHgAAgACAAIAAAAAF2lwbWEAAAAAAAAAAQABBAECgwQAAAAkbWRhdAoGGBUv+2AQMhIYAAAAUAAAAAs8+DhF2moMBeA=',
      'base64',
    ),
  ],
];
