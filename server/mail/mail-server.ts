/** A mail server that letters are taken to, or fetched from. */
export type MailServer = {
  /** A name, or an address without brackets. */
  host: string;
  port: number;
  /** Encrypted from the first byte. */
  secure: boolean;
  /**
   * Encrypted by STARTTLS, or not spoken to at all: a password goes over a network, and whoever stands in between could take
   * STARTTLS out of what the server offers.
   */
  mustUpgrade: boolean;
  auth: { user: string; pass: string } | null;
};

/** From `scheme://user:password@host:port`; with an `s` at the end of the scheme it is secure. `ports`: where none is given. */
export function mailServer(url: string, ports: { plain: number; secure: number }): MailServer {
  const { protocol, hostname, port, username, password } = new URL(url);
  const secure = protocol.endsWith('s:');
  const host = hostname.replace(/^\[(.*)\]$/, '$1');
  const here = /^(?:localhost|127(?:\.\d{1,3}){3}|::1)$/.test(host);
  return {
    host,
    port: Number(port) || (secure ? ports.secure : ports.plain),
    secure,
    mustUpgrade: !secure && !here && username !== '',
    auth: username === '' ? null : { user: decodeURIComponent(username), pass: decodeURIComponent(password) },
  };
}
