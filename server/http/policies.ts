import type { Origins } from './origins.ts';

/** The shopper's own look at what the agent sees. What it shows reaches it from the page that opened it. */
export function seenHeaders({ replay }: Origins): Record<string, string> {
  const policy = [
    `default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'`,
    `frame-src ${replay}; base-uri 'none'; form-action 'none'; frame-ancestors 'none'`,
  ];
  return { 'Content-Security-Policy': policy.join('; '), 'X-Frame-Options': 'DENY' };
}

/** What a shop's page looks like comes from anywhere; what runs comes from here, and nothing can be fetched. */
export function replayHeaders({ service }: Origins): Record<string, string> {
  const policy = [
    `default-src 'none'; script-src 'self'; style-src * 'unsafe-inline' data: blob:; img-src * data: blob:`,
    `font-src * data:; media-src * data: blob:; connect-src 'none'; frame-src about:`,
    `form-action 'none'; base-uri 'none'; frame-ancestors ${service}`,
  ];
  return { 'Content-Security-Policy': policy.join('; '), 'Referrer-Policy': 'no-referrer' };
}
