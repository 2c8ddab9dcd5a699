/**
 * Makes the same thing again for the same stream and the same listener. Svelte looks at an attachment anew with every word
 * about a call, and takes off and puts on whatever is another function than before; an element that gets its stream again
 * is dark and silent meanwhile.
 */
export function sameForStream<Listener, Made>(
  make: (stream: MediaStream, listener?: Listener) => Made,
): (stream: MediaStream, listener?: Listener) => Made {
  const known = new WeakMap<MediaStream, Map<Listener | undefined, Made>>();
  return (stream, listener) => {
    const made = known.get(stream) ?? new Map<Listener | undefined, Made>();
    known.set(stream, made);
    const found = made.get(listener) ?? make(stream, listener);
    made.set(listener, found);
    return found;
  };
}
