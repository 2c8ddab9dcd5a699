/** An address as a person reads it: without scheme, `www.` and a lonely slash at the end. */
export function readableAddress(url: string): string {
  return url.replace(/^https?:\/\/(www\.)?/, '').replace(/\/$/, '');
}

/** Only web addresses may become links; a page could call itself anything. */
export function isWebAddress(url: string): boolean {
  return /^https?:\/\//i.test(url) && URL.canParse(url);
}
