import { type AddressInfo, connect, createServer, type NetConnectOpts, type Socket } from 'node:net';

/** Stands between two and hands on their bytes, until it falls silent: then nothing passes and nobody is told, as when a firewall has forgotten a connection. */
export interface SilentProxy {
  host: string;
  port: number;
  /** Connections to the inner side that stand now. */
  open(): number;
  /** What was sent through it and did not pass. */
  swallowed(): string;
  /** From now on nothing passes, also on connections made from now on. After so long the outer side gives up, as keepalives make it do. */
  mute(outerGivesUpMs: number): void;
  /** New connections pass again; those from before stay dead. */
  unmute(): void;
  close(): Promise<void>;
}

export async function startSilentProxy(target: NetConnectOpts): Promise<SilentProxy> {
  let isMute = false;
  let swallowed = '';
  const swallow = (bytes: Buffer) => {
    swallowed += bytes.toString('latin1');
  };
  const sockets = new Set<Socket>();
  const server = createServer((inner) => {
    sockets.add(inner);
    inner.on('close', () => sockets.delete(inner));
    inner.on('error', () => inner.destroy());
    let isDead = isMute;
    dying.add(() => {
      isDead = true;
    });
    if (isDead) return void inner.on('data', swallow);
    const outer = connect(target);
    outer.on('error', () => inner.destroy());
    inner.on('data', (bytes) => (isDead ? swallow(bytes) : outer.write(bytes)));
    outer.on('data', (bytes) => isDead || inner.write(bytes));
    inner.on('end', () => isDead || outer.end());
    outer.on('end', () => isDead || inner.end());
    inner.on('close', () => isDead || outer.destroy());
    outer.on('close', () => isDead || inner.destroy());
    outers.add(outer);
    outer.on('close', () => outers.delete(outer));
  });
  const dying = new Set<() => void>();
  const outers = new Set<Socket>();
  const timers: NodeJS.Timeout[] = [];
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    host: '127.0.0.1',
    port: (server.address() as AddressInfo).port,
    open: () => sockets.size,
    swallowed: () => swallowed,
    mute(outerGivesUpMs) {
      isMute = true;
      for (const die of dying) die();
      dying.clear();
      const given = [...outers];
      timers.push(setTimeout(() => given.map((outer) => outer.destroy()), outerGivesUpMs));
    },
    unmute() {
      isMute = false;
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        for (const timer of timers) clearTimeout(timer);
        for (const socket of [...sockets, ...outers]) socket.destroy();
      }),
  };
}
