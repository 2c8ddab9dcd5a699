export type Size = { width: number; height: number };
export type Point = { x: number; y: number };
/** `scale`: CSS pixels for one pixel of the picture. `x`, `y`: its left upper corner in the frame, in CSS pixels. */
export type Zoom = Point & { scale: number };

/** As much larger than real size as helps to read. */
const LARGEST = 4;

/** All of the picture, as large as the frame allows. */
export function fit(frame: Size, picture: Size): Zoom {
  const scale = Math.min(frame.width / picture.width, frame.height / picture.height);
  return within(frame, picture, { scale, x: 0, y: 0 });
}

/** Another size; what is under `point` of the frame stays under it. Never smaller than all of it. */
export function zoomTo(scale: number, point: Point, now: Zoom, frame: Size, picture: Size): Zoom {
  const smallest = Math.min(fit(frame, picture).scale, 1);
  const next = Math.max(smallest, Math.min(Math.max(LARGEST, smallest), scale));
  const along = (at: number, from: number): number => at - ((at - from) / now.scale) * next;
  return within(frame, picture, { scale: next, x: along(point.x, now.x), y: along(point.y, now.y) });
}

export function pan(by: Point, now: Zoom, frame: Size, picture: Size): Zoom {
  return within(frame, picture, { ...now, x: now.x + by.x, y: now.y + by.y });
}

/** No empty margin where there is picture left; in the middle where there is not. */
function within(frame: Size, picture: Size, { scale, x, y }: Zoom): Zoom {
  const along = (at: number, room: number, length: number): number =>
    length <= room ? (room - length) / 2 : Math.min(0, Math.max(room - length, at));
  return {
    scale,
    x: along(x, frame.width, picture.width * scale),
    y: along(y, frame.height, picture.height * scale),
  };
}
