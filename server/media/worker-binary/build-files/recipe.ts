/** A line of the worker's sources that our build needs changed; `from` must be there exactly once. */
export type Patch = { file: string; from: string; to: string; why: string };

export const patches: readonly Patch[] = [
  {
    file: 'meson.build',
    from: "meson_version: '>= 1.1.0'",
    to: "meson_version: '>= 1.0.0'",
    why: 'Debian 12 has Meson 1.0.1, and nothing in the file needs more.',
  },
  {
    file: 'src/RTC/DtlsTransport.cpp',
    from: '(operationType == BIO_CB_RETURN) ?',
    to: '((operationType & BIO_CB_RETURN) != 0) ?',
    why:
      'An OpenSSL with kernel TLS asks the BIO by a control call whether that is in use; answering 1 to every ' +
      'returned control call makes it go without a write buffer and crash at the first DTLS hello.',
  },
];

/** What `meson setup` gets besides the two folders. */
export const mesonOptions: readonly string[] = [
  '--wrap-mode=nodownload',
  '--buildtype=release',
  '-Db_ndebug=true',
  '-Dwarning_level=0',
];

export const ninjaTarget = 'mediasoup-worker';
