const LONG_MS = 10_000;

/**
 * How long somebody has been away, in two words: a page load takes a moment, who stays away longer has left.
 * To be made while a component is set up.
 */
export function absenceOf(present: () => boolean): { readonly long: boolean } {
  let long = $state(false);
  $effect(() => {
    long = false;
    if (present()) return;
    const timer = setTimeout(() => (long = true), LONG_MS);
    return () => clearTimeout(timer);
  });
  return {
    get long() {
      return long;
    },
  };
}
