import type { Pool, PoolConfig } from 'pg';
import type { AtsAdapter } from '../../../server/ats/port.ts';
import { type AtsDependencies, createAtsAdapter } from '../../../server/ats/registry.ts';
import { createAdapters } from '../../../server/jobs/adapters.ts';
import type { Connector } from '../../../server/jobs/connector.ts';
import { createFindMoveTarget } from '../../../server/jobs/move-target.ts';
import { createFindNextStage } from '../../../server/jobs/next-stage.ts';
import { createStageLists } from '../../../server/jobs/stage-lists.ts';
import type { WorkerParts } from '../../../server/jobs/workers.ts';
import type { Mail } from '../../../server/outbound/mailer.ts';
import { UNLIMITED } from '../../../server/outbound/rate-limiter.ts';
import { createAtsTokenStore } from '../../../server/storage/ats-tokens.ts';
import { createKeptNames } from '../../../server/storage/kept-names.repository.ts';
import { queryLayer } from '../../../server/storage/query-layer.ts';
import { createVendorAdapter, VENDOR_WEBHOOKS } from '../../../server/vendors/registry.ts';
import { findResultAddress } from '../../../server/webhooks/result-address.ts';
import type { WorldOptions } from '../../simulators/world.ts';
import { CREDENTIAL_KINDS, type CredentialKind } from './credential-kinds.ts';
import { isTaken, type MailWeather, toMailResult } from './mail-weather.ts';
import { die, MortalPool, point } from './mortal.ts';
import { createShortWay, type OutsideCall, type Weather } from './short-way.ts';
import { type StillOffice, type StillOfficeOptions, startStillOffice } from './still-office.ts';
import { VENDOR_SEATS, type VendorSeat } from './vendor-seats.ts';

/**
 * An office for many histories at once: the still office, set up through its API with all vendors, whose background work goes to the
 * simulators by the short way and can die at any of its points. Store, relay, lanes, effects, timers and adapters are the real ones.
 */
export interface CrowdOffice extends StillOffice {
  /** What the mortal works with. */
  parts: WorkerParts;
  /** Applications whose lane was asked for; whoever works takes them out. */
  woken: Set<string>;
  /** One of each side: Greenhouse, then Lever. */
  atsKinds: readonly CredentialKind[];
  seats: readonly VendorSeat[];
  mails: readonly Mail[];
  /** What happens on the way out; fair and silent until it is set. */
  outside: OutsideEvents;
}

export interface OutsideEvents {
  weatherOf(call: OutsideCall): Weather;
  onAnswered(call: OutsideCall, answer: { status: number; text: string }): void;
  /** As `weatherOf` for a mail. */
  mailWeather(mail: Mail): MailWeather;
  /** Called with each mail that went out. */
  onMail(mail: Mail): void;
  /** Before an application is read and when it has been, before our code has it. */
  onRead(connectionId: string, applicationId: string): Promise<void> | void;
  afterRead(connectionId: string, applicationId: string): Promise<void> | void;
  /** Called when a vendor's adapter is asked for: in a lane that is after it decided and before it commits. */
  onVendor(): Promise<void> | void;
  /** In the transaction of a commit. */
  onCommit: WorkerParts['announce'];
}

/** Which ways of connecting the two ATSs a company has. */
export const COMPANIES: readonly { name: string; kinds: readonly [string, string] }[] = [
  { name: 'Greenhouse v3, Lever key', kinds: ['Greenhouse v3', 'Lever key'] },
  { name: 'Greenhouse v1, Lever OAuth', kinds: ['Greenhouse v1', 'Lever OAuth'] },
];

export interface CrowdOfficeOptions extends Pick<StillOfficeOptions, 'setUp'> {
  world?: Omit<WorldOptions, 'now'>;
  /** What the background asks the database through; by default one in which whoever asks can die. */
  makePool?: (config: PoolConfig) => Pool;
}

export async function openCrowdOffice(
  company: (typeof COMPANIES)[number],
  options: CrowdOfficeOptions = {},
): Promise<CrowdOffice> {
  const missing = Object.keys(VENDOR_WEBHOOKS).filter((kind) => !VENDOR_SEATS.some((seat) => seat.kind === kind));
  if (missing.length > 0) throw new Error(`not played with: ${missing.join(', ')}`);
  const world: Omit<WorldOptions, 'now'> = Object.assign(
    { greenhouse: { rateLimit: 1_000_000, tokenRateLimit: 1_000_000 }, lever: { rateLimit: null } },
    ...VENDOR_SEATS.map((seat) => seat.world),
  );
  const office = await startStillOffice({ ...options, world: { ...world, ...options.world } });
  try {
    const atsKinds = company.kinds.map((name) => CREDENTIAL_KINDS.find((kind) => kind.name === name) ?? noSuch(name));
    for (const kind of atsKinds) await kind.connect(office);
    const mails: Mail[] = [];
    const outside: OutsideEvents = {
      weatherOf: () => 'fair',
      onAnswered: () => undefined,
      mailWeather: () => 'fair',
      onMail: () => undefined,
      onRead: () => undefined,
      onVendor: () => undefined,
      afterRead: () => undefined,
      onCommit: async () => undefined,
    };
    const seats: VendorSeat[] = [];
    for (const maker of VENDOR_SEATS) seats.push(...(await maker.connect(office, { mails })));
    const woken = new Set<string>();
    const mortal = makeMortal(office, {
      mails,
      outside,
      woken,
      makePool: options.makePool ?? ((config) => new MortalPool(config)),
    });
    const closeOffice = office.close;
    const close = async () => {
      await mortal.close();
      await closeOffice();
    };
    return Object.assign(office, { parts: mortal.parts, woken, atsKinds, seats, mails, outside, close });
  } catch (error) {
    await office.close();
    throw error;
  }
}

function noSuch(name: string): never {
  throw new Error(`no way of connecting is called ${name}`);
}

interface MortalMeans {
  mails: Mail[];
  outside: OutsideEvents;
  woken: Set<string>;
  makePool(config: PoolConfig): Pool;
}

function makeMortal(office: StillOffice, { mails, outside, woken, makePool }: MortalMeans) {
  const { server, world, database } = office;
  const pool = makePool({ ...database, max: 10 });
  // Effects hold a session each while they run; of the same pool they would wait for each other.
  const locks = makePool({ ...database, max: 30 });
  const services = { ...server.services, db: queryLayer(pool) };
  const { clock, db, sealer } = services;
  const { greenhouseApi, leverApi, coderbyteApi, vendorApis } = world.urls;
  const apis = new Map([
    [originOf(greenhouseApi), world.greenhouse.api],
    [originOf(leverApi), world.lever.api],
    [originOf(coderbyteApi), world.coderbyte.api],
    ...Object.entries(vendorApis).flatMap(([name, url]) => {
      const vendor = world[name as keyof typeof vendorApis];
      return url && vendor ? [[originOf(url), vendor.api] as const] : [];
    }),
  ]);
  const http = createShortWay({
    ...{ apis, clock },
    weatherOf: (call) => outside.weatherOf(call),
    onAnswered: (call, answer) => outside.onAnswered(call, answer),
  });
  const dependencies: AtsDependencies = {
    ...{ httpTo: () => http, limiterFor: () => UNLIMITED, clock, keptNames: createKeptNames(db) },
    tokens: createAtsTokenStore({ pool: locks, sealer, clock }),
  };
  const adapters = createAdapters(services, {
    makeAts(connection) {
      const made = createAtsAdapter(connection, dependencies);
      return made.ok ? { ok: true, value: watched(made.value, connection.id, outside) } : made;
    },
    makeVendor: (connection) =>
      createVendorAdapter(connection, {
        ...{ httpTo: () => http, limiterFor: () => UNLIMITED, clock },
        findResultAddress: (event) => findResultAddress(services, { connectionId: connection.id, event }),
      }),
  });
  const connector: Connector = {
    ...adapters,
    async vendor(id) {
      await outside.onVendor();
      return await adapters.vendor(id);
    },
  };
  const listStages = createStageLists({ connector, clock });
  const parts: WorkerParts = {
    ...server.parts,
    // What is asked for stands in the tables; only who is woken in spite of trouble does not.
    queue: { ...server.parts.queue, sendLane: async (_tx, key) => void woken.add(key), sendEffect: async () => undefined },
    ...{ services, pool: locks, connector },
    findMoveTarget: createFindMoveTarget({ connector, listStages }),
    findNextStage: createFindNextStage(listStages),
    // Several that are committed together are told of with one call.
    async announce(tx, ...changes) {
      for (const change of changes) await outside.onCommit(tx, change);
    },
    mailer: async () => ({
      ok: true,
      value: {
        async send(mail) {
          point('before a mail');
          const weather = outside.mailWeather(mail);
          if (!isTaken(weather)) return toMailResult(weather);
          mails.push(mail);
          outside.onMail(mail);
          if (weather === 'fatal') die('after a mail');
          point('after a mail');
          return toMailResult(weather);
        },
      },
    }),
  };
  return {
    parts,
    async close() {
      await pool.end();
      await locks.end();
    },
  };
}

/** Readings can be waited for and interfered with. */
function watched(adapter: AtsAdapter, connectionId: string, outside: OutsideEvents): AtsAdapter {
  return {
    ...adapter,
    async readSnapshot(applicationId) {
      await outside.onRead(connectionId, applicationId);
      const snapshot = await adapter.readSnapshot(applicationId);
      await outside.afterRead(connectionId, applicationId);
      return snapshot;
    },
  };
}

function originOf(url: string): string {
  return new URL(url).origin;
}
