/** Where a browser keeps what a page is allowed, as far as a person has to look in different places. */
export type PermissionPlace = 'phone' | 'firefox' | 'chrome' | 'safari';

export function permissionPlace(): PermissionPlace {
  if (matchMedia('(pointer: coarse)').matches) return 'phone';
  if (/Firefox\//.test(navigator.userAgent)) return 'firefox';
  return /Chrom(e|ium)\//.test(navigator.userAgent) ? 'chrome' : 'safari';
}
