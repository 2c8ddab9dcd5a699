/** The drawings that only helping hands need. */
export const HAND =
  'M18 11V6a2 2 0 0 0-4 0M14 10V4a2 2 0 0 0-4 0v2M10 10.5V6a2 2 0 0 0-4 0v8M18 8a2 2 0 1 1 4 0v6a8 8 0 0 1-8 8h-2c-2.8 0-4.5-.9-6-2.3l-3.6-3.6a2 2 0 0 1 2.8-2.9L7 15';
export const WAIT = 'M9 6v12M15 6v12';
export const RECORD = 'M6 4h12v16H6zM9.5 9h5M9.5 13h5';
