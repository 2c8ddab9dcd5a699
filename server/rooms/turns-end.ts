let end: Promise<void> | null = null;

/**
 * Resolves when what has arrived on all sockets has been read, for everybody who waits at once: what follows from it may then
 * be written and sent together.
 */
export function turnsEnd(): Promise<void> {
  end ??= new Promise((resolve) => {
    setImmediate(() => {
      end = null;
      resolve();
    });
  });
  return end;
}
