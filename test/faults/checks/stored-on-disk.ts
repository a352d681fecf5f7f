import type { Check, CheckRow, CheckRun } from '../../checks/check-report.ts';
import { type AcceptOffice, startAcceptOffice } from '../../support/accept/accept-office.ts';
import { createSender, type Sender } from '../../support/accept/send.ts';

const SIZES = { small: { single: 60, together: 600 }, full: { single: 1_000, together: 9_000 } };
const LINES = 32;
const SETTINGS = ['fsync', 'full_page_writes', 'synchronous_commit', 'data_checksums', 'wal_sync_method'];

/**
 * R2: at the moment of each acknowledgement the log is on the disk beyond what was there before by at least the body, and in all the disk
 * was waited for as often as there were commits. https://www.postgresql.org/docs/18/monitoring-stats.html#MONITORING-PG-STAT-IO-VIEW
 */
export const storedOnDisk: Check = {
  id: 'R2',
  alone: 'full',
  what: 'stored means on disk',
  budgetMs: { full: 20_000 },
  async run(given) {
    const office = await startAcceptOffice({ name: 'stored-on-disk', environment: { ROLE: 'web' } });
    const sender = createSender(office, `r2-${given.seed}`);
    try {
      const session = await office.session();
      try {
        return [await checkSettings(office), ...(await checkSyncs({ sender, ask: session.ask }, given))];
      } finally {
        await session.end();
      }
    } finally {
      sender.close();
      await office.close();
    }
  },
};

type Ask = AcceptOffice['ask'];

async function checkSettings(office: AcceptOffice): Promise<CheckRow> {
  const rows = await office.ask<{ name: string; setting: string }>(
    'select name, setting from pg_settings where name = any($1) order by name',
    [SETTINGS],
  );
  const ready = await fetch(`http://127.0.0.1:${office.port}/ready`, { signal: AbortSignal.timeout(30_000) });
  const { warnings = [] } = (await ready.json()) as { warnings?: string[] };
  const off = rows.filter(({ name, setting }) => setting !== 'on' && name !== 'wal_sync_method');
  return {
    id: 'R2',
    what: 'settings of the embedded database, and what /ready says of them',
    asked: SETTINGS.join(', '),
    reached: 'all',
    figure: `${rows.map(({ name, setting }) => `${name} = ${setting}`).join(', ')}; ${warnings.length} warnings`,
    target: 'all on, 0 warnings',
    // A database that does not answer in time is what the machine did.
    wrong: warnings.length + off.length + (ready.status === 200 || ready.status === 503 ? 0 : 1),
    met: ready.status === 200 && warnings.length === 0 && off.length === 0,
  };
}

async function checkSyncs({ sender, ask }: { sender: Sender; ask: Ask }, { size, say }: CheckRun): Promise<CheckRow[]> {
  const { single, together } = SIZES[size];
  // The first of a process opens connections and reads the address.
  await sender.send(sender.next());
  const before = await countSyncs(ask);
  let unsynced = 0;
  const refused: (number | null)[] = [];
  for (let number = 0; number < single; number += 1) {
    const delivery = sender.next();
    const [start] = await ask<{ at: string }>('select pg_current_wal_insert_lsn() as at');
    const { status } = await sender.send(delivery);
    const [end] = await ask<{ bytes: string }>('select pg_current_wal_flush_lsn() - $1::pg_lsn as bytes', [start?.at]);
    if (status !== 200) refused.push(status);
    else if (Number(end?.bytes) < delivery.body.length) unsynced += 1;
  }
  const syncs = (await settledSyncs({ sender, ask }, before + single)) - before;
  // What was refused need not have been waited for.
  const unwaited = Math.max(single - refused.length - syncs, 0);
  const [commitsBefore] = await ask<{ commits: string }>(COMMITS);
  let left = together;
  const line = async () => {
    for (; left > 0; ) {
      left -= 1;
      const { status } = await sender.send(sender.next());
      if (status !== 200) refused.push(status);
    }
  };
  await Promise.all(Array.from({ length: LINES }, line));
  const [commitsAfter] = await ask<{ commits: string }>(COMMITS);
  say(
    `${together} at ${LINES} at once: about ${Number(commitsAfter?.commits) - Number(commitsBefore?.commits)} transactions in all`,
  );
  return [
    {
      id: 'R2',
      what: 'the log on the disk at each acknowledgement',
      asked: `${SIZES.full.single} one after another`,
      reached: `${single}, and ${together} at ${LINES} at once`,
      figure: `${unsynced} acknowledged before the disk had them; ${syncs} waits for the disk for ${single} commits; ${refused.length} refused`,
      target: '0 before the disk, a wait for each commit, 0 refused',
      // 503 is what a machine that stands still makes of it: then the sender knows that it was not stored.
      wrong: unsynced + unwaited + refused.filter((status) => status !== 503).length,
      met: unsynced === 0 && refused.length === 0 && syncs >= single,
    },
  ];
}

const COMMITS = 'select xact_commit as commits from pg_stat_database where datname = current_database()';

async function countSyncs(ask: Ask): Promise<number> {
  const [row] = await ask<{ syncs: string }>(`select coalesce(sum(fsyncs), 0) as syncs from pg_stat_io where object = 'wal'`);
  return Number(row?.syncs);
}

/** PostgreSQL's processes report what they did at the end of a transaction, once a second at most: each look brings another. */
async function settledSyncs({ sender, ask }: { sender: Sender; ask: Ask }, enough: number): Promise<number> {
  const until = performance.now() + 5_000;
  for (;;) {
    await sender.send(sender.next());
    const syncs = await countSyncs(ask);
    if (syncs >= enough || performance.now() > until) return syncs;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}
