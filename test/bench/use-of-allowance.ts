import { randomBytes } from 'node:crypto';
import { and, count, eq, isNull } from 'drizzle-orm';
import { pino } from 'pino';
import { PATHS } from '../../lib/contract/paths.ts';
import { systemClock } from '../../server/clock.ts';
import { systemRandom } from '../../server/random.ts';
import { ensureApplication } from '../../server/storage/ensure-application.ts';
import { type OpenDatabase, openDatabase } from '../../server/storage/open-database.ts';
import { applications } from '../../server/storage/schema.ts';
import type { Check, CheckRow, CheckRun } from '../checks/check-report.ts';
import type { JournalEntry } from '../simulators/frame/journal.ts';
import { freePort } from '../support/free-port.ts';
import { type Stage, startStage } from '../support/stage.ts';
import { type RunningServer, startServer } from '../support/start-server.ts';
import { startThrowawayPostgres } from '../support/throwaway-postgres.ts';

const WINDOW_SECONDS = 3;
/** The limit of Greenhouse's windows, one after another, as if its staff changed it. */
const LIMITS = [60, 60, 60, 60, 60, 90, 90, 90, 40, 40, 40, 60] as const;
const LEVER = { perSecond: 10, burst: 20, anySecond: 20 };
const WORKERS = 2;
const WINDOWS = { small: 5, full: 12 };
const CLICK_EVERY_MS = 1_700;

/** P7: a backlog of re-reads at both ATSs, worked off by several processes, while a recruiter clicks. */
export const useOfAllowance: Check = {
  id: 'P7',
  what: "use of the ATS's allowance",
  async run(given) {
    const postgres = await startThrowawayPostgres();
    const started: RunningServer[] = [];
    const database = await postgres.createDatabase();
    const store = await openDatabase({ address: database, log: pino({ level: 'silent' }), poolSize: 3 });
    const environment = {
      DATABASE_URL: `postgresql://${database.user}@localhost:${database.port}/${database.database}?host=${encodeURIComponent(database.host)}`,
      MASTER_KEY: randomBytes(32).toString('hex'),
      LOG_LEVEL: 'warn',
    };
    const stage = await startStage({
      name: 'use-of-allowance',
      world: {
        greenhouse: { rateLimit: LIMITS[0], rateWindowSeconds: WINDOW_SECONDS, tokenRateLimit: 1_000, webhooks: 'drop' },
        lever: { rateLimit: LEVER, deliver: 'deliver' },
      },
      environment: { ...environment, ROLE: 'web' },
    });
    try {
      const world: Backlog = { stage, store };
      const windows = WINDOWS[given.size];
      await plantBacklog(world, windows);
      for (let number = 0; number < WORKERS; number += 1) started.push(await startWorker(stage, environment));
      return await measure(world, { ...given, windows });
    } finally {
      await Promise.all(started.map((server) => server.stop()));
      await stage.close();
      await store.close();
      await postgres.stop();
    }
  },
};

interface Backlog {
  stage: Stage;
  store: OpenDatabase;
}
type Ats = 'greenhouse' | 'lever';

async function startWorker(stage: Stage, environment: Record<string, string>): Promise<RunningServer> {
  return await startServer({
    environment: {
      ...environment,
      ROLE: 'worker',
      PORT: String(await freePort()),
      DATA_DIR: stage.dataDir,
      TEST_HOSTS: stage.world.testHosts,
      PUBLIC_URL: stage.server.address,
    },
    logFile: '.output/logs/use-of-allowance-worker.log',
    hasAdmin: true,
  });
}

/** More people than the allowance can re-read in the time, all of them due now. */
async function plantBacklog({ stage, store }: Backlog, windows: number): Promise<void> {
  const { world, company } = stage;
  const { greenhouse, lever, seeds } = world;
  const services = { random: systemRandom, clock: systemClock };
  lever.direct.configure.runUnparsed({ deliver: 'drop' });
  // A re-read takes four calls of Greenhouse and one of Lever, once the names of stages are known.
  const enough = { greenhouse: windows * 25 + 80, lever: windows * WINDOW_SECONDS * LEVER.perSecond + 250 };
  const known: { ats: Ats; applicationId: string }[] = [];
  for (let number = 0; number < enough.greenhouse; number += 1) {
    const { id: candidateId } = greenhouse.createCandidate({
      firstName: 'Kim',
      lastName: `${number}`,
      email: `kim${number}@mail.example`,
    });
    const { id } = greenhouse.createApplication({ candidateId, jobId: seeds.greenhouse.jobs.backend });
    known.push({ ats: 'greenhouse', applicationId: `${id}` });
  }
  for (let number = 0; number < enough.lever; number += 1) {
    const contact = lever.play.createContact({ name: `Sam ${number}`, emails: [`sam${number}@mail.example`] });
    const { id } = lever.play.createOpportunity({ contactId: contact.id, postingId: seeds.lever.postings.backend });
    known.push({ ats: 'lever', applicationId: id });
  }
  const dueAt = new Date();
  for (const { ats, applicationId } of known) {
    const key = await ensureApplication(store.db, services, { connectionId: company.connections[ats].id, applicationId });
    await store.db.update(applications).set({ dueAt }).where(eq(applications.key, key));
  }
}

interface Click {
  ats: Ats;
  tookMs: number;
  isFresh: boolean;
}

async function measure(backlog: Backlog, given: CheckRun & { windows: number }): Promise<CheckRow[]> {
  const { world } = backlog.stage;
  const planned = new Map<number, number>();
  const windowMs = WINDOW_SECONDS * 1000;
  // The first window is the one that is under way, in which the workers begin.
  const from = Math.ceil((Date.now() + 1_500) / windowMs) * windowMs;
  const to = from + given.windows * windowMs;
  for (let at = from; at < to; at += windowMs) planned.set(at, LIMITS[(at - from) / windowMs] ?? LIMITS[0]);
  const clicks: Click[] = [];
  await Promise.all([changeLimits(backlog, planned), clickAlong(backlog, { from, to, clicks }), until(to)]);
  const left = { greenhouse: await countUnread(backlog, 'greenhouse'), lever: await countUnread(backlog, 'lever') };
  const calls = { greenhouse: callsOf(world.journal.list(), 'greenhouse'), lever: callsOf(world.journal.list(), 'lever') };
  const within = (rows: readonly Call[]) => rows.filter(({ at, status }) => at >= from && at < to && status !== 429).length;
  const sayWindow = ([at, limit]: [number, number]) =>
    `${calls.greenhouse.filter((one) => one.at >= at && one.at < at + windowMs && one.status !== 429).length}/${limit}`;
  given.say(`greenhouse, window by window: ${[...planned].map(sayWindow).join(' ')}`);
  const allowed = [...planned.values()].reduce((sum, limit) => sum + limit, 0);
  const seconds = (to - from) / 1000;
  const row = (ats: Ats, what: string, used: number): CheckRow => {
    const refused = calls[ats].filter(({ status }) => status === 429).length;
    const mine = clicks.filter((one) => one.ats === ats);
    const times = mine.map(({ tookMs }) => tookMs).toSorted((a, b) => a - b);
    const fresh = mine.filter(({ isFresh }) => isFresh).length;
    return {
      id: 'P7',
      what: `${ats}: ${what}`,
      asked: `${WORKERS} workers and a web process, ${WINDOWS.full * WINDOW_SECONDS} s of backlog`,
      reached: `${seconds} s, ${left[ats]} still unread at the end`,
      figure:
        `${(used * 100).toFixed(1)} % used, ${refused} times 429; ` +
        `${mine.length} clicks, ${fresh} with a fresh reading, p50 ${Math.round(times[Math.floor(times.length / 2)] ?? 0)} ms, most ${Math.round(times.at(-1) ?? 0)} ms`,
      target: '>= 95 % used, 0 times 429',
      met: used >= 0.95 && refused === 0 && left[ats] > 0 && fresh === mine.length && mine.length > 0,
    };
  };
  return [
    row(
      'greenhouse',
      `windows of ${WINDOW_SECONDS} s with limits of ${[...new Set(planned.values())].join(', ')}`,
      within(calls.greenhouse) / allowed,
    ),
    row('lever', 'ten a second, bursts to 20', within(calls.lever) / (seconds * LEVER.perSecond)),
  ];
}

/** Just before each window begins: the one before has nothing left then. */
async function changeLimits({ stage }: Backlog, planned: ReadonlyMap<number, number>): Promise<void> {
  for (const [at, limit] of planned) {
    await until(at - 40);
    stage.world.greenhouse.change({ rateLimit: limit });
  }
}

/** A recruiter at each ATS, who waits for the answer before clicking again. */
async function clickAlong(backlog: Backlog, { from, to, clicks }: { from: number; to: number; clicks: Click[] }): Promise<void> {
  const recruiter = async (ats: Ats) => {
    for (let next = from + 200; next < to - CLICK_EVERY_MS; next = Math.max(next + CLICK_EVERY_MS, Date.now())) {
      await until(next);
      const one = await click(backlog, ats);
      if (one) clicks.push(one);
    }
  };
  await Promise.all([recruiter('greenhouse'), recruiter('lever')]);
}

interface Call {
  at: number;
  status: number | null;
}

function callsOf(rows: readonly JournalEntry[], ats: Ats): Call[] {
  const isCounted = ({ what }: JournalEntry) => (ats === 'lever' ? what.includes(' /v1/') : what.includes(' /v3/'));
  return rows
    .filter((entry) => entry.simulator === ats && entry.kind === 'api' && isCounted(entry))
    .map(({ at, status }) => ({ at: Date.parse(at), status }));
}

/** "Check again" on somebody who waits in the backlog; null when nobody does any more. */
async function click({ stage, store }: Backlog, ats: Ats): Promise<Click | null> {
  const [waiting] = await store.db
    .select({ key: applications.key })
    .from(applications)
    .where(and(eq(applications.connectionId, stage.company.connections[ats].id), isNull(applications.snapshotAt)))
    .orderBy(applications.dueAt)
    .limit(1)
    .offset(20);
  if (!waiting) return null;
  const startedAt = performance.now();
  const view = await stage.api<{ kind: string }>('POST', PATHS.commands.checkAgain, { applicationKey: waiting.key });
  return { ats, tookMs: performance.now() - startedAt, isFresh: view.kind === 'application' };
}

async function countUnread({ stage, store }: Backlog, ats: Ats): Promise<number> {
  const [row] = await store.db
    .select({ unread: count() })
    .from(applications)
    .where(and(eq(applications.connectionId, stage.company.connections[ats].id), isNull(applications.snapshotAt)));
  return row?.unread ?? 0;
}

/** Until the clock by which the simulator counts shows that time. */
async function until(at: number): Promise<void> {
  await new Promise((done) => setTimeout(done, Math.max(at - Date.now(), 0)));
}
