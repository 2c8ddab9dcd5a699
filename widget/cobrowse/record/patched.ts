/** Puts a function of ours around one of the page's, until the returned function is called. */
type Callable = (this: unknown, ...given: unknown[]) => unknown;

/** `after` is called with what the method was called on, when it has returned. */
export function patched(owner: object | undefined, name: string, after: (self: unknown) => void): () => void {
  const descriptor = owner && Object.getOwnPropertyDescriptor(owner, name);
  const original = descriptor?.value as Callable | undefined;
  if (!owner || !descriptor || typeof original !== 'function') return () => undefined;
  let on = true;
  const around = new Proxy(original, {
    apply(method, self, given) {
      const result: unknown = Reflect.apply(method, self, given);
      if (on) {
        try {
          after(self);
        } catch {
          // What we make of it is no business of the shop's script.
        }
      }
      return result;
    },
  });
  Object.defineProperty(owner, name, { ...descriptor, value: around });
  return () => {
    on = false;
    // Somebody else may have put theirs around ours.
    if ((owner as Record<string, unknown>)[name] === around) Object.defineProperty(owner, name, descriptor);
  };
}
