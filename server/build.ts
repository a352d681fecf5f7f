import type { Pool } from 'pg';
import type { Logger } from 'pino';
import type { AccessReport } from '../lib/contract/access.ts';
import type { ConnectionKind } from '../lib/contract/settings.ts';
import { VENDOR_KINDS } from '../lib/domain/assessment.ts';
import { ATS_KINDS } from '../lib/domain/ats.ts';
import {
  ATS_WEBHOOKS,
  createAtsAdapter,
  createAtsConsent,
  createAtsDoctor,
  createAtsSetUp,
  type OpenedConnection,
} from './ats/registry.ts';
import { createLinkChore } from './audit/link-chain.ts';
import type { Clock } from './clock.ts';
import type { Config } from './config.ts';
import { createNoteDeadJob } from './failures/dead-job.ts';
import { ApiError } from './http/api-error.ts';
import { createApp, createHealthApp } from './http/app.ts';
import type { App } from './http/app-env.ts';
import { addChangeRoutes } from './http/changes.routes.ts';
import { addCommandRoutes } from './http/commands.routes.ts';
import { addDeliveryRoutes } from './http/deliveries.routes.ts';
import { failureToError } from './http/describe-failure.ts';
import { addErasureRoutes } from './http/erasures.routes.ts';
import { examineAccess } from './http/examine-access.ts';
import { addFailureRoutes } from './http/failures.routes.ts';
import { addFollowUpRoutes } from './http/follow-ups.routes.ts';
import { createHookListener, type HookListener } from './http/hook-listener.ts';
import { addHookRoutes } from './http/hooks.routes.ts';
import type { HttpParts } from './http/http-parts.ts';
import { addOutsideRoutes } from './http/outside.routes.ts';
import { addPanelRoutes } from './http/panel.routes.ts';
import { addStreamRoutes } from './http/stream.routes.ts';
import { createAdapters } from './jobs/adapters.ts';
import { announce, CHANGES_CHANNEL } from './jobs/announce.ts';
import { createChanges, LISTEN_TO_CHANGES } from './jobs/changes.ts';
import type { Connector } from './jobs/connector.ts';
import { createFindMoveTarget } from './jobs/move-target.ts';
import { createFindNextStage } from './jobs/next-stage.ts';
import { openMailer } from './jobs/open-mailer.ts';
import { createQueue } from './jobs/queue.ts';
import { createRelayCall, LISTEN_TO_RELAY_CALLS } from './jobs/relay-call.ts';
import { createStageLists } from './jobs/stage-lists.ts';
import { stopWork } from './jobs/stop-work.ts';
import { startWorkers, type WorkerParts, type Workers } from './jobs/workers.ts';
import { measureCalls, measureMails } from './metrics/measure-calls.ts';
import { SILENT_METER } from './metrics/meter.ts';
import type { Metrics } from './metrics/metrics.ts';
import { createHttpClient } from './outbound/http.ts';
import type { CallResult } from './outbound/outcome.ts';
import { createRateGovernor, type RateGovernor } from './outbound/rate-governor.ts';
import type { Random } from './random.ts';
import { say } from './say.ts';
import type { Services } from './services.ts';
import { createAtsTokenStore } from './storage/ats-tokens.ts';
import { openConnectionSecrets, openWebhookSecrets } from './storage/connection-secrets.ts';
import { findConnection, listConnections } from './storage/connections.repository.ts';
import { createPool } from './storage/create-pool.ts';
import type { DatabaseAddress } from './storage/database-address.ts';
import { createKeptNames } from './storage/kept-names.repository.ts';
import { migrate } from './storage/migrate.ts';
import { openDatabase } from './storage/open-database.ts';
import { showPresence, takeFirstCode } from './storage/presence.ts';
import { createRateAllowances } from './storage/rate-allowances.repository.ts';
import { ensureRules } from './storage/rules.repository.ts';
import type { Sealer } from './storage/seal.ts';
import { createStandingSession } from './storage/standing-session.ts';
import { ensureWebhookEndpoints } from './storage/webhook-endpoints.repository.ts';
import { createVendorAdapter, VENDOR_WEBHOOKS } from './vendors/registry.ts';
import { VERSION } from './version.ts';
import { waitAtMost } from './wait-at-most.ts';
import { createAccept, type Receiver } from './webhooks/accept.ts';
import { findResultAddress } from './webhooks/result-address.ts';

export interface BuildOptions {
  config: Config;
  address: DatabaseAddress;
  sealer: Sealer;
  clock: Clock;
  random: Random;
  log: Logger;
  /** Who shares out the allowances of the ATSs. By default our own; a check that is not about the pace gives one without limits. */
  governor?: RateGovernor;
}

export interface Server {
  app: App;
  /** Takes the webhooks before the app, where there is a port. */
  hooks: HookListener;
  services: Services;
  /** What the background works with: for whoever does its work by hand, at another pace than ours. */
  parts: WorkerParts;
  /** Looks into the rights of a connection, for whoever has no HTTP at hand. Throws as its route does. */
  examineAccess(connectionId: string, testCandidate: string | null): Promise<AccessReport>;
  /** After the start: true for one of all the processes that serve people, the one that prints the code for the first admin. */
  printsFirstCode(): boolean;
  /** Begins to work in the background, as far as the role says. */
  start(): Promise<void>;
  /** Finishes what is under way (seconds at most), then lets go of everything. */
  stop(): Promise<void>;
}

/**
 * For what holds locks for as long as it takes: all effects together have one, whoever fetches a token of an ATS one each. Their own pool keeps
 * them from starving everybody else. It opens no more than it needs.
 */
const LOCK_POOL_SIZE = 24;
/** One for each group of webhooks that is written at once. */
const ACCEPT_POOL_SIZE = 2;
const STOP_WITHIN_MS = 8000;
/** What has not ended by then holds its session for as long as somebody outside lets it wait; its lock ends with the process. */
const LOCKS_WITHIN_MS = 1000;

/** The composition root: the only place, besides the registries, that knows which pieces there are. */
export async function buildServer({
  config,
  address,
  sealer,
  clock,
  random,
  log,
  governor: given,
}: BuildOptions): Promise<Server> {
  const { db, pool, close } = await openDatabase({ address, log });
  await migrate(pool, { log });
  const locks = createPool({ address, log, max: LOCK_POOL_SIZE });
  const metrics = config.metricsToken === null ? null : await openMetrics({ address, clock, log });
  const meter = metrics?.meter ?? SILENT_METER;
  const services: Services = { config, clock, random, log, db, sealer, meter };
  const governor = given ?? governorFor(services);
  const makers = makersFor(services, { pool, locks, governor });
  const adapters = createAdapters(services, makers);
  const works = config.role !== 'web';
  const serves = config.role !== 'worker';
  const queue = createQueue({ address, log, works, onDead: createNoteDeadJob(services) });
  const changes = createChanges();
  const listStages = createStageLists({ connector: adapters, clock });
  const lane = {
    services,
    connector: adapters,
    queue,
    announce,
    findMoveTarget: createFindMoveTarget({ connector: adapters, listStages }),
    findNextStage: createFindNextStage(listStages),
    processId: random.uuid(),
  };
  const parts: WorkerParts = { ...lane, governor, pool: locks, mailer: () => openMeasuredMailer(services), queue };
  let workers: Workers | null = null;
  const relayCall = createRelayCall({ pool, log });
  let printsCode = false;
  const standing = createStandingSession({
    address,
    log,
    async prepare(session) {
      await showPresence(session, lane.processId);
      if (serves) {
        printsCode = await takeFirstCode(session);
        await session.query(LISTEN_TO_CHANGES);
      }
      if (works) await session.query(LISTEN_TO_RELAY_CALLS);
      session.on('notification', ({ channel, payload }) => {
        if (channel === CHANGES_CHANNEL) changes.heard(payload);
        else workers?.wakeRelay();
      });
    },
    onAgain() {
      changes.missed();
      workers?.wakeRelay();
    },
  });
  const http = httpParts(adapters.evenOff, { services, makers });
  const acceptPool = createPool({ address, log, max: ACCEPT_POOL_SIZE });
  const accept = createAccept({
    services,
    pool: acceptPool,
    receiverOf,
    openSecrets: (endpoint, connection) => openWebhookSecrets(sealer, endpoint, connection),
    wakeRelay: () => (workers ? workers.wakeRelay() : relayCall()),
  });
  const addRest = (extended: App) => {
    addPanelRoutes(extended, lane);
    addCommandRoutes(extended, lane);
    addOutsideRoutes(extended, lane);
    addChangeRoutes(extended, lane);
    addErasureRoutes(extended, lane);
    addFollowUpRoutes(extended, lane);
    addStreamRoutes(extended, { services, changes });
    addFailureRoutes(extended, lane);
    addDeliveryRoutes(extended, lane);
    addHookRoutes(extended, { accept, publicUrl: config.publicUrl });
  };
  const chores = () => workers?.chores() ?? [];
  const watched = { chores, metrics };
  const app = !serves ? createHealthApp(services, watched) : createApp(services, http, addRest, watched);
  metrics?.watch({
    ...{ version: VERSION, role: config.role, chores, panels: changes.count },
    pools: { main: pool, effects: locks, webhooks: acceptPool },
  });
  return {
    app,
    hooks: serves ? createHookListener({ accept, publicUrl: config.publicUrl, log, meter }) : () => false,
    services,
    parts,
    printsFirstCode: () => printsCode,
    examineAccess: (id, testCandidate) => examineAccess(id, testCandidate, { services, parts: http }),
    async start() {
      await ensureRules(db, clock.now());
      await addNewWebhookEndpoints(services);
      await queue.start();
      await standing.start();
      if (works) workers = await startWorkers(parts);
    },
    async stop() {
      await stopWork({ queue, workers, withinMs: STOP_WITHIN_MS });
      if (workers) await linkWhatIsLeft(services);
      governor.stop();
      await standing.stop();
      await metrics?.stop();
      await waitAtMost(LOCKS_WITHIN_MS, locks.end());
      await acceptPool.end();
      await close();
    },
  };
}

/** A newer version may know more events than the one under which a connection was made. */
async function addNewWebhookEndpoints({ db, random }: Services): Promise<void> {
  for (const { id, kind } of await listConnections(db)) {
    await ensureWebhookEndpoints(db, { connectionId: id, events: webhookEventsOf(kind).map((event) => event.name), random });
  }
}

/** What ended while everything stopped is linked before the end, as far as the store still answers; else at the next start. */
async function linkWhatIsLeft(services: Services): Promise<void> {
  const link = createLinkChore(services);
  try {
    while ((await link()) > 0);
  } catch (error) {
    services.log.warn({ err: error }, 'the last entries of the audit are linked at the next start');
  }
}

/** Loaded where somebody asks for figures, and by nobody else: it weighs some megabytes. */
async function openMetrics(given: Pick<BuildOptions, 'address' | 'clock' | 'log'>): Promise<Metrics> {
  const { createMetrics } = await import('./metrics/metrics.ts');
  return createMetrics(given);
}

async function openMeasuredMailer(services: Services): ReturnType<typeof openMailer> {
  const mailer = await openMailer(services);
  return mailer.ok ? { ok: true, value: measureMails(mailer.value, services.meter) } : mailer;
}

function governorFor({ db, clock, random, log }: Services): RateGovernor {
  return createRateGovernor({
    store: createRateAllowances({ db, clock }),
    party: random.uuid(),
    chance: () => Number.parseInt(random.uuid().slice(0, 8), 16) / 2 ** 32,
    steadyMs: () => performance.now(),
    later: (ms, run) => {
      const timer = setTimeout(run, ms);
      return () => clearTimeout(timer);
    },
    onTrouble: (error) => log.warn({ err: error }, 'what is left of an allowance could not be stored and is told again'),
  });
}

function makersFor(services: Services, { pool, locks, governor }: { pool: Pool; locks: Pool; governor: RateGovernor }) {
  const { config, clock, log, sealer, db, meter } = services;
  const httpOf =
    ({ settings: { kind } }: Pick<OpenedConnection, 'settings'>) =>
    (hosts: readonly string[]) =>
      measureCalls(createHttpClient({ testHosts: config.testHosts, allowedHosts: hosts, log, clock }), kind, meter);
  const tokens = createAtsTokenStore({ pool, locks, sealer, clock });
  const { limiterFor } = governor;
  const shared = { limiterFor, clock, tokens, keptNames: createKeptNames(db) };
  const forAts = (connection: OpenedConnection) => ({ ...shared, httpTo: httpOf(connection) });
  return {
    makeAts: (connection: OpenedConnection) => createAtsAdapter(connection, forAts(connection)),
    makeConsent: (connection: OpenedConnection) => createAtsConsent(connection, forAts(connection)),
    makeSetUp: (connection: OpenedConnection) => createAtsSetUp(connection, forAts(connection)),
    makeDoctor: (connection: OpenedConnection) => createAtsDoctor(connection, forAts(connection)),
    makeVendor: (connection: Parameters<typeof createVendorAdapter>[0]) =>
      createVendorAdapter(connection, {
        httpTo: httpOf(connection),
        limiterFor,
        clock,
        findResultAddress: (event) => findResultAddress(services, { connectionId: connection.id, event }),
      }),
  };
}

function httpParts(
  connector: Connector,
  { services: { db, sealer }, makers }: { services: Services; makers: ReturnType<typeof makersFor> },
): HttpParts {
  const connectWith = async <T>(id: string, make: (connection: OpenedConnection) => CallResult<T>): Promise<T> => {
    const row = await findConnection(db, id);
    if (!row) throw new ApiError('not-found');
    const { opened, locked } = openConnectionSecrets(sealer, row);
    const made = make({ id, settings: row.settings, secrets: opened });
    if (made.ok) return made.value;
    const isLocked = made.kind === 'misconfigured' && locked.length > 0;
    const why = isLocked ? { ...made, detail: say('server.unreadable.needed', { name: row.name }) } : made;
    throw failureToError(why, { name: row.name, side: 'ats' });
  };
  const nameOf = async (id: string) => (await findConnection(db, id))?.name ?? '';
  return {
    connector,
    async connectAts(id) {
      const adapter = await connector.ats(id);
      if (!adapter.ok) throw failureToError(adapter, { name: await nameOf(id), side: 'ats' });
      return adapter.value;
    },
    async connectVendor(id) {
      const adapter = await connector.vendor(id);
      if (!adapter.ok) throw failureToError(adapter, { name: await nameOf(id), side: 'vendor' });
      return adapter.value;
    },
    async tryAts(connection) {
      const made = makers.makeAts(connection);
      return made.ok ? await made.value.check() : made;
    },
    async tryFields(connection) {
      const made = makers.makeAts(connection);
      if (!made.ok) return made;
      const { listFields } = made.value.operations;
      return listFields ? await listFields() : { ok: false, kind: 'misconfigured', detail: 'no fields can be listed' };
    },
    connectConsent: (id) => connectWith(id, makers.makeConsent),
    connectDoctor: (id) => connectWith(id, makers.makeDoctor),
    connectSetUp: (id) => connectWith(id, makers.makeSetUp),
    webhookEventsOf,
  };
}

function webhookEventsOf(kind: ConnectionKind) {
  const ats = ATS_KINDS.find((known) => known === kind);
  if (ats) return ATS_WEBHOOKS[ats].events;
  const vendor = VENDOR_KINDS.find((known) => known === kind);
  return vendor ? VENDOR_WEBHOOKS[vendor].events : [];
}

function receiverOf(kind: string): Receiver | undefined {
  const ats = ATS_KINDS.find((known) => known === kind);
  if (ats) return ATS_WEBHOOKS[ats];
  const vendor = VENDOR_KINDS.find((known) => known === kind);
  return vendor ? VENDOR_WEBHOOKS[vendor] : undefined;
}
