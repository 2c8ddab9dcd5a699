import { fit, pan, zoomTo, type Point, type Zoom } from '../../client/core/call/picture-zoom.ts';

const ARROWS: Record<string, Point> = {
  ArrowLeft: { x: 60, y: 0 },
  ArrowRight: { x: -60, y: 0 },
  ArrowUp: { x: 0, y: 60 },
  ArrowDown: { x: 0, y: -60 },
};

/** An attachment: two taps (or Enter) show a shared screen in its real size, there; it is moved by finger or arrow keys. */
export function readable(video: HTMLVideoElement): void {
  let near: Zoom | null = null;
  let from: Point | null = null;
  const frame = () => ({ width: video.clientWidth, height: video.clientHeight });
  const picture = () => ({ width: video.videoWidth, height: video.videoHeight });
  const show = (next: Zoom | null): void => {
    near = next;
    const all = fit(frame(), picture());
    const by = next ? next.scale / all.scale : 1;
    const [x, y] = next ? [next.x - all.x * by, next.y - all.y * by] : [0, 0];
    video.style.transform = next ? `translate(${x}px,${y}px) scale(${by})` : '';
    video.style.touchAction = next ? 'none' : '';
  };
  const toggle = (point: Point): void => {
    const all = fit(frame(), picture());
    show(near ? null : zoomTo(Math.max(1, all.scale * 2), point, all, frame(), picture()));
  };
  video.style.transformOrigin = '0 0';
  video.addEventListener('resize', () => show(null));
  video.addEventListener('dblclick', ({ clientX, clientY }) => {
    const { left, top } = video.getBoundingClientRect();
    toggle({ x: clientX - left, y: clientY - top });
  });
  video.addEventListener('pointerdown', ({ clientX: x, clientY: y, pointerId }) => {
    if (!near) return;
    from = { x, y };
    video.setPointerCapture(pointerId);
  });
  video.addEventListener('pointermove', ({ clientX: x, clientY: y }) => {
    if (!near || !from) return;
    show(pan({ x: x - from.x, y: y - from.y }, near, frame(), picture()));
    from = { x, y };
  });
  video.addEventListener('lostpointercapture', () => (from = null));
  video.addEventListener('keydown', (event) => {
    const by = ARROWS[event.key];
    if (event.key === 'Enter') toggle({ x: video.clientWidth / 2, y: video.clientHeight / 2 });
    else if (near && by) show(pan(by, near, frame(), picture()));
    else return;
    event.preventDefault();
  });
}
