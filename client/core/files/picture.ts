/** Draws a picture into a canvas, as large as fits into a square of `side` CSS pixels. Throws where it is none after all. */
export async function drawPicture(canvas: HTMLCanvasElement, picture: Blob, side: number): Promise<void> {
  const bitmap = await createImageBitmap(picture);
  try {
    const { width, height } = fitted(bitmap, side * Math.min(devicePixelRatio, 2));
    canvas.width = width;
    canvas.height = height;
    const pen = canvas.getContext('2d');
    if (pen) pen.imageSmoothingQuality = 'high';
    pen?.drawImage(bitmap, 0, 0, width, height);
  } finally {
    bitmap.close();
  }
}

/** The size at which a picture fits into a square; it is never made larger. */
export function fitted(
  { width, height }: { width: number; height: number },
  side: number,
): { width: number; height: number } {
  const scale = Math.min(1, side / width, side / height);
  return { width: Math.max(1, Math.round(width * scale)), height: Math.max(1, Math.round(height * scale)) };
}
