import { once } from 'node:events';
import PostalMime, { type Email } from 'postal-mime';
import { SMTPServer } from 'smtp-server';

export type SmtpHouse = {
  /** `smtp://shop:…@127.0.0.1:port`. */
  url: string;
  port: number;
  /** Every mail that was taken, in order. */
  mails: Email[];
  /** Everybody who has given a password. */
  logins: string[];
  /** Waits until one fits. */
  mail(test: (mail: Email) => boolean): Promise<Email>;
  close(): Promise<void>;
};

/** A real SMTP server that keeps what it takes. `refuse`: recipients that it knows nothing of. */
export async function startSmtp({
  refuse = /^nobody@/,
  port = 0,
}: { refuse?: RegExp; port?: number } = {}): Promise<SmtpHouse> {
  const mails: Email[] = [];
  const logins: string[] = [];
  const waiting = new Set<() => void>();
  const keep = async (source: Buffer): Promise<void> => {
    mails.push(await PostalMime.parse(source));
    for (const wake of waiting) wake();
  };
  const server = new SMTPServer({
    authOptional: false,
    // The tests talk to this machine alone.
    disabledCommands: ['STARTTLS'],
    allowInsecureAuth: true,
    onAuth({ username = '', password }, _session, done) {
      logins.push(username);
      if (username === 'shop' && password === 'of the tests') done(null, { user: username });
      else done(new Error('wrong'));
    },
    onRcptTo({ address }, _session, done) {
      if (refuse.test(address)) done(Object.assign(new Error('no such person here'), { responseCode: 550 }));
      else done();
    },
    onData(stream, _session, done) {
      const chunks: Buffer[] = [];
      stream.on('data', (chunk: Buffer) => chunks.push(chunk));
      stream.on('end', () => {
        void keep(Buffer.concat(chunks));
        done();
      });
    },
  });
  server.on('error', () => {});
  server.listen(port, '127.0.0.1');
  await once(server.server, 'listening');
  const address = server.server.address();
  const bound = typeof address === 'object' && address ? address.port : 0;
  return {
    url: `smtp://shop:${encodeURIComponent('of the tests')}@127.0.0.1:${bound}`,
    port: bound,
    mails,
    logins,
    async mail(test) {
      for (;;) {
        const found = mails.find(test);
        if (found) return found;
        await new Promise<void>((resolve) => {
          const wake = (): void => {
            waiting.delete(wake);
            resolve();
          };
          waiting.add(wake);
        });
      }
    },
    close: async () => await new Promise((resolve) => server.close(resolve)),
  };
}
