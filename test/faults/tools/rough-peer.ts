import { createServer, type Socket } from 'node:net';

/** What a peer does on the wire once it has the whole request. `isWhole`: its answer is one that can be understood. */
export interface Roughness {
  name: string;
  answer(socket: Socket): void;
  isWhole?: true;
}

export interface RoughPeer {
  port: number;
  /** How often each path was asked for. */
  asked: ReadonlyMap<string, number>;
  close(): Promise<void>;
}

const HEAD = 'HTTP/1.1 200 OK\r\ncontent-type: application/json\r\n';
/** Whole by its looks, and yet not all that was announced. */
const PART = '{"id":"1"}';
const whole = (text: string, status = '200 OK', more = '') =>
  `HTTP/1.1 ${status}\r\n${more}content-length: ${Buffer.byteLength(text)}\r\n\r\n${text}`;
const say = (text: string) => (socket: Socket) => void socket.end(text);
const sayAndReset = (text: string) => (socket: Socket) => socket.write(text, () => socket.resetAndDestroy());
const SLOW_MS = 40;

/** `elsewhere`: an address that nobody may be sent to. */
export function roughnesses(elsewhere: string): readonly Roughness[] {
  const redirect = (status: string) => say(whole('', status, `location: ${elsewhere}\r\n`));
  return [
    { name: 'reset without an answer', answer: (socket) => void socket.resetAndDestroy() },
    { name: 'ended without an answer', answer: say('') },
    { name: 'half a head', answer: say('HTTP/1.1 200 OK\r\ncontent-ty') },
    { name: 'no HTTP at all', answer: say('SSH-2.0-OpenSSH_9.9\r\n') },
    { name: 'reset in mid-body', answer: sayAndReset(`${HEAD}content-length: 100\r\n\r\n${PART}`) },
    { name: 'ended in mid-body', answer: say(`${HEAD}content-length: 100\r\n\r\n${PART}`) },
    { name: 'ended in mid-chunk', answer: say(`${HEAD}transfer-encoding: chunked\r\n\r\n40\r\n${PART}`) },
    { name: 'slow body', answer: slowly },
    { name: 'silence', answer: () => undefined },
    { name: 'cut JSON', answer: say(whole('{"id":"1","links":[')) },
    { name: 'a page with 200', answer: say(whole('<!doctype html><title>Just a moment</title>')) },
    { name: 'far too long', answer: say(whole(`"${'x'.repeat(6 * 1024 * 1024)}"`)) },
    { name: '500', answer: say(whole('<h1>oops</h1>', '500 Internal Server Error')) },
    { name: '302 elsewhere', answer: redirect('302 Found') },
    { name: '307 elsewhere', answer: redirect('307 Temporary Redirect') },
    { name: '429, seconds', answer: say(whole('{}', '429 Too Many Requests', 'retry-after: 7\r\n')) },
    { name: 'fair', answer: say(whole('{"id":"1"}')), isWhole: true },
  ];
}

/** A byte now and then: never quiet, and never done. */
function slowly(socket: Socket): void {
  socket.write(`${HEAD}content-length: 1000\r\n\r\n`);
  const timer = setInterval(() => socket.write(' '), SLOW_MS);
  socket.once('close', () => clearInterval(timer));
}

/** A peer on a real socket; the first part of the path says which of them it does. */
export async function startRoughPeer(all: readonly Roughness[]): Promise<RoughPeer> {
  const asked = new Map<string, number>();
  const open = new Set<Socket>();
  const server = createServer((socket) => {
    open.add(socket);
    socket.once('close', () => open.delete(socket));
    socket.on('error', () => undefined);
    let text = '';
    socket.on('data', (bytes) => {
      text += bytes.toString('latin1');
      const end = text.indexOf('\r\n\r\n');
      const length = Number(/content-length: (\d+)/i.exec(text)?.[1] ?? 0);
      if (end < 0 || text.length < end + 4 + length) return;
      const path = /^\S+ (\S+)/.exec(text)?.[1] ?? '';
      text = text.slice(end + 4 + length);
      asked.set(path, (asked.get(path) ?? 0) + 1);
      all[Number(path.split('/')[1])]?.answer(socket);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  return {
    port: typeof address === 'object' && address ? address.port : 0,
    asked,
    async close() {
      for (const socket of open) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
