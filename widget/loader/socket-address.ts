/** The service's socket, by its origin. */
export function socketAddress(origin: string): string {
  return `${origin.replace(/^http/, 'ws')}/socket`;
}
