/** Line drawings on a grid of 24, one path each. */
export const ICONS = {
  plus: 'M12 5v14M5 12h14',
  send: 'M12 19V5M6 11l6-6 6 6',
  down: 'm6 9.5 6 6 6-6',
  video: 'M15 10.5 20.5 7v10L15 13.5M5 6h8a2 2 0 0 1 2 2v8a2 2 0 0 1-2 2H5a2 2 0 0 1-2-2V8a2 2 0 0 1 2-2z',
  check: 'M5 12.5 9.5 17 19 7.5',
  checks: 'M2 12.5 6.5 17 16 7.5M11.5 16.5l.5.5 9.5-9.5',
  clock: 'M12 4a8 8 0 1 1 0 16 8 8 0 0 1 0-16zM12 8v4l2.5 1.5',
  warning: 'M12 4 2.8 19.5h18.4zM12 10v4M12 17h.01',
} as const;
