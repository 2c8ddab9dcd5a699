/** The bare thing: `ws` alone. A socket names its group first; what it says then goes to everybody of the group, and is acknowledged. */
import { WebSocket, WebSocketServer } from 'ws';

const server = new WebSocketServer({ port: 0, host: '127.0.0.1', perMessageDeflate: false });
const groups = new Map<string, Set<WebSocket>>();

server.on('connection', (socket) => {
  let group: Set<WebSocket> | null = null;
  socket.on('message', (data: Buffer) => {
    const frame = JSON.parse(data.toString()) as { group?: string; id?: string };
    if (!group) {
      group = groups.get(frame.group ?? '') ?? new Set();
      groups.set(frame.group ?? '', group.add(socket));
      socket.send('{"type":"welcome"}');
      return;
    }
    for (const other of group) if (other.readyState === WebSocket.OPEN) other.send(data, { binary: false });
    socket.send(`{"type":"message.ack","id":"${frame.id}"}`);
  });
});
server.on('listening', () => {
  const address = server.address();
  process.send?.({ port: typeof address === 'object' && address ? address.port : 0 });
});
