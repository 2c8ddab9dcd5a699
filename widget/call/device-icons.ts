/** The drawings of the own devices. */
export const SETTINGS =
  'M4 7h9M17 7h3M4 17h3M11 17h9M15 5a2 2 0 1 1 0 4 2 2 0 0 1 0-4zM9 15a2 2 0 1 1 0 4 2 2 0 0 1 0-4z';
export const FLIP =
  'M8 6l1.5-2h5L16 6h3a2 2 0 0 1 2 2v9a2 2 0 0 1-2 2H5a2 2 0 0 1-2-2V8a2 2 0 0 1 2-2zM8.5 12.5a3.5 3.5 0 0 1 6-2.4M15.5 9.5v1.5H14M15.5 12.5a3.5 3.5 0 0 1-6 2.4M8.5 15.5V14H10';
