const LONG_MS = 10_000;
/** Who is back needs this long at most until they are seen again. */
const JUST_MS = 4_000;

/**
 * How long somebody has been away, in two words: a page load takes a moment, who stays away longer has left.
 * To be made while a component is set up.
 */
export function absenceOf(present: () => boolean): { readonly long: boolean; readonly justOver: boolean } {
  let long = $state(false);
  let justOver = $state(false);
  let away = false;
  $effect(() => {
    long = false;
    if (present()) {
      if (!away) return;
      away = false;
      justOver = true;
      const timer = setTimeout(() => (justOver = false), JUST_MS);
      return () => clearTimeout(timer);
    }
    away = true;
    justOver = false;
    const timer = setTimeout(() => (long = true), LONG_MS);
    return () => clearTimeout(timer);
  });
  return {
    get long() {
      return long;
    },
    get justOver() {
      return justOver;
    },
  };
}
