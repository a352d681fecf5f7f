import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createHttpClient } from '../../../server/outbound/http.ts';
import type { CheckRow, CheckRun } from '../../checks/check-report.ts';
import { createSeededRandom } from '../seeded-random.ts';
import { type Roughness, roughnesses, startRoughPeer } from '../tools/rough-peer.ts';

const EACH = { small: 8, full: 60 };
const AT_ONCE = 24;
const TIMEOUT_MS = 700;
/** A machine with other work to do hears late that the time is up. */
const LATE_MS = 1500;

/**
 * The part of R8 on real sockets: what a peer does on the wire after it has the whole request. Of a write nothing but a whole answer may
 * count as one, none is sent a second time by itself, and what was sent is never called "not sent".
 */
export async function throughSockets({ seed, size, say }: CheckRun): Promise<CheckRow> {
  await using stack = new AsyncDisposableStack();
  let strayed = 0;
  const stranger = createServer((_, answer) => {
    strayed += 1;
    answer.end('{}');
  });
  await new Promise<void>((resolve) => stranger.listen(0, '127.0.0.1', resolve));
  stack.defer(() => void stranger.close());
  const all = roughnesses(`http://127.0.0.1:${(stranger.address() as AddressInfo).port}/`);
  const peer = await startRoughPeer(all);
  stack.defer(() => peer.close());
  const host = `127.0.0.1:${peer.port}`;
  const log = { debug: () => undefined, warn: () => undefined };
  const http = createHttpClient({ testHosts: [host], allowedHosts: [host], log, defaultTimeoutMs: TIMEOUT_MS });
  const problems: string[] = [];
  /** What a machine without time for us makes of a call: the time was up before the answer was read, and the caller takes it for that. */
  const late: string[] = [];
  /** Writes that were called not sent when the time was up: true of those only that the peer never had. */
  const notSent: { path: string; where: string }[] = [];
  const crashes: string[] = [];
  const onCrash = (error: unknown) => void crashes.push(`unhandled: ${String(error)}`);
  process.on('unhandledRejection', onCrash);
  const tries = all.flatMap((rough, index) =>
    Array.from({ length: EACH[size] }, (_, time) => ({ rough, path: `/${index}/${time}`, write: time % 2 === 0 })),
  );
  const waiting = createSeededRandom(seed).some(tries, tries.length);
  const call = async ({ rough, path, write }: (typeof tries)[number]) => {
    const from = performance.now();
    const method = write ? ('POST' as const) : ('GET' as const);
    const headers = { authorization: 'Bearer canary' };
    const result = await http.request({ method, url: `http://${host}${path}`, headers, write, ...(write && { json: { path } }) });
    const where = `${rough.name}, ${method}`;
    const kind = result.ok ? 'ok' : result.kind;
    const took = performance.now() - from;
    if (write && took >= TIMEOUT_MS && kind === 'unreachable') return void notSent.push({ path, where });
    const isTimeUp = took >= TIMEOUT_MS && kind === (write ? 'ambiguous' : 'unreachable');
    if (!isRight(rough, { kind, write })) (isTimeUp ? late : problems).push(`${where} was called ${kind}`);
    const times = peer.asked.get(path) ?? 0;
    if (write ? times !== 1 : times < 1 || times > 2)
      (isTimeUp && times === 0 ? late : problems).push(`${where} arrived ${times} times`);
    if (took > TIMEOUT_MS + LATE_MS) late.push(`${where} took ${Math.round(took)} ms`);
  };
  try {
    const work = async () => {
      for (let one = waiting.shift(); one; one = waiting.shift())
        await call(one).catch((error: unknown) => crashes.push(`${one?.rough.name}: ${String(error)}`));
    };
    await Promise.all(Array.from({ length: AT_ONCE }, work));
  } finally {
    process.off('unhandledRejection', onCrash);
  }
  for (const { path, where } of notSent) {
    const times = peer.asked.get(path) ?? 0;
    (times === 0 ? late : problems).push(`${where} was called unreachable, and arrived ${times} times`);
  }
  if (strayed > 0) problems.push(`${strayed} calls went elsewhere`);
  for (const problem of [...new Set([...crashes, ...problems, ...late])].slice(0, 6)) say(problem);
  return {
    id: 'R8',
    what: `on real sockets, at the client of all adapters: ${all.map(({ name }) => name).join('; ')}`,
    asked: 'each for reads and writes',
    reached: `F=${tries.length}, ${AT_ONCE} at once, time limit ${TIMEOUT_MS} ms`,
    figure: `crashes ${crashes.length}, wrongly understood, repeated, strayed ${problems.length}, late ${late.length}`,
    target: '0, 0, 0',
    wrong: crashes.length + problems.length,
    met: crashes.length + problems.length + late.length === 0 && tries.length > 0,
  };
}

/** What may be said of it. Of the others a write that arrived may have been done, and a read has told nothing. */
function isRight({ name, isWhole }: Roughness, { kind, write }: { kind: string; write: boolean }): boolean {
  if (isWhole) return kind === 'ok';
  if (name.startsWith('429')) return kind === 'rate-limited';
  // By 307 it is said that nothing was done; who reads is not let through to where it points.
  if (name.startsWith('307')) return kind === (write ? 'refused' : 'misconfigured');
  if (name.startsWith('302')) return kind === (write ? 'ambiguous' : 'misconfigured');
  return write ? kind === 'ambiguous' : kind === 'unreachable' || kind === 'unreadable';
}
