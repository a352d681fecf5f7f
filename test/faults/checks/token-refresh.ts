import { randomBytes, randomUUID } from 'node:crypto';
import { Pool } from 'pg';
import { pino } from 'pino';
import { greenhouseSettingsSchema, leverSettingsSchema } from '../../../lib/contract/settings.ts';
import { createHttpClient } from '../../../server/outbound/http.ts';
import { createAtsTokenStore } from '../../../server/storage/ats-tokens.ts';
import { openDatabase } from '../../../server/storage/open-database.ts';
import { connections } from '../../../server/storage/schema.ts';
import { createSealer } from '../../../server/storage/seal.ts';
import type { Check, CheckRow, CheckRun } from '../../checks/check-report.ts';
import { serveSimulator } from '../../simulators/frame/serve.ts';
import { createGreenhouseSimulator } from '../../simulators/greenhouse/greenhouse-simulator.ts';
import { createLeverSimulator } from '../../simulators/lever/index.ts';
import { REDIRECT_URI, registerLeverApp } from '../../support/consented-lever.ts';
import { type CallProcess, startCallProcess, sumOutcomes } from '../tools/call-process.ts';
import { type GoBetween, startGoBetween } from '../tools/go-between.ts';
import { sharedPostgres } from '../tools/shared-postgres.ts';
import type { CallerStart, CallOutcomes } from '../tools/token-caller.ts';

const PROCESSES = 3;
const CALLS = 50;
const SLOW_MS = { small: 300, full: 2000 };
const HOURS_2_MS = 2 * 3_600_000;

/** One ATS with tokens, and everything that can happen to them. */
interface Subject {
  name: string;
  start: CallerStart;
  between: GoBetween;
  /** The ATS takes none of the tokens any more that it gave so far, though they are not over. */
  refuseTokens(): void;
  /** An admin mends what cannot mend itself. Null where nothing can break for good. */
  mend: (() => Promise<void>) | null;
  now(): number;
  pass(ms: number): void;
  close(): Promise<void>;
}

interface Scenario {
  what: string;
  outcomes: CallOutcomes;
  /** Successful refreshes at the ATS, and how many there should be. */
  refreshes: number;
  wanted: number;
  /** What every call should have come to, or which of them. */
  allowed: readonly string[];
}

/** R15: many calls of many processes find the token over at the same moment. */
export const tokenRefresh: Check = {
  id: 'R15',
  what: 'token refresh race',
  budgetMs: { full: 75_000 },
  async run(given) {
    return [await runSubject(await makeGreenhouse(), given), await runSubject(await makeLever(), given)];
  },
};

async function runSubject(subject: Subject, given: CheckRun): Promise<CheckRow> {
  const processes: CallProcess[] = [];
  try {
    for (let number = 0; number < PROCESSES; number += 1) processes.push(await startCallProcess(subject.start));
    const rounds = given.size === 'small' ? 1 : 3;
    const scenarios: Scenario[] = [];
    for (let round = 0; round < rounds; round += 1) scenarios.push(...(await oneRound(subject, processes, given)));
    const wrong = scenarios.filter((one) => !isRight(one));
    for (const { what, outcomes, refreshes, wanted } of wrong)
      given.say(`${subject.name}, ${what}: ${JSON.stringify(outcomes)}, ${refreshes} refreshes instead of ${wanted}`);
    const calls = scenarios.reduce((sum, { outcomes }) => sum + Object.values(outcomes).reduce((a, b) => a + b, 0), 0);
    const extra = scenarios.reduce((sum, one) => sum + Math.abs(one.refreshes - one.wanted), 0);
    return {
      id: 'R15',
      what: `${subject.name}: ${[...new Set(scenarios.map(({ what }) => what))].join('; ')}`,
      asked: `${PROCESSES} processes, ${CALLS} calls each at once, 3 rounds`,
      reached: `${PROCESSES} processes, ${rounds} rounds, ${calls} calls in ${scenarios.length} scenarios`,
      figure: `refreshes too many or too few ${extra}, calls with a wrong end ${wrong.length === 0 ? 0 : wrong.map(({ what }) => what).join('; ')}`,
      target: 'one refresh each time; none lost in a crash, or said so',
      met: wrong.length === 0 && calls > 0,
    };
  } finally {
    for (const one of processes) await one.stop();
    await subject.close();
  }
}

function isRight({ outcomes, refreshes, wanted, allowed }: Scenario): boolean {
  return refreshes === wanted && Object.keys(outcomes).every((how) => allowed.includes(how)) && Object.keys(outcomes).length > 0;
}

async function oneRound(subject: Subject, processes: readonly CallProcess[], { size }: CheckRun): Promise<Scenario[]> {
  const { between } = subject;
  let refreshes = 0;
  const isToken = (path: string) => path.endsWith('/token');
  /** Passes everything on, counts what the ATS granted, and lets `spoil` have the answers of the token endpoint. */
  const watch = (spoil: (given: { nth: number; granted: GrantedAnswer }) => Promise<GrantedAnswer | 'cut'>) => {
    let nth = 0;
    refreshes = 0;
    between.meddle = async ({ path, forward }) => {
      const answer = await forward();
      if (!isToken(path)) return answer;
      if (answer.status === 200) refreshes += 1;
      nth += 1;
      return await spoil({ nth, granted: answer });
    };
  };
  const all = async () => {
    const nowMs = subject.now();
    return sumOutcomes(await Promise.all(processes.map((one) => one.call({ calls: CALLS, nowMs }))));
  };
  const told: Scenario[] = [];
  const tell = async (what: string, wanted: number, allowed: readonly string[]) => {
    const outcomes = await all();
    told.push({ what, outcomes, refreshes, wanted, allowed });
  };

  subject.pass(HOURS_2_MS);
  watch(async ({ granted }) => granted);
  await tell('expired', 1, ['ok']);

  subject.refuseTokens();
  watch(async ({ granted }) => granted);
  await tell('refused before its time', 1, ['ok']);

  subject.pass(HOURS_2_MS);
  watch(async ({ granted }) => {
    await new Promise((resolve) => setTimeout(resolve, SLOW_MS[size]));
    return granted;
  });
  await tell(`a slow token endpoint (${SLOW_MS[size]} ms)`, 1, ['ok']);

  subject.pass(HOURS_2_MS);
  refreshes = 0;
  between.meddle = async ({ path, forward }) =>
    isToken(path) ? { status: 503, headers: {}, body: Buffer.from('busy') } : await forward();
  await tell('a failing token endpoint', 0, ['unreachable']);
  watch(async ({ granted }) => granted);
  await tell('after it failed', 1, ['ok']);

  subject.pass(HOURS_2_MS);
  watch(async ({ nth, granted }) => (nth === 1 ? 'cut' : granted));
  await loseOne(subject, { what: 'the answer was lost after the refresh', all, told, count: () => refreshes, watch });

  subject.pass(HOURS_2_MS);
  const victim = await startCallProcess(subject.start);
  let killed: Promise<void> | undefined;
  watch(async ({ nth, granted }) => {
    if (nth > 1) return granted;
    // The ATS has refreshed, the process has not stored it: now.
    killed = victim.kill();
    await killed;
    return 'cut';
  });
  const doomed = victim.call({ calls: CALLS, nowMs: subject.now() }).catch(() => ({}));
  await doomed;
  await killed;
  await loseOne(subject, { what: 'killed between refresh and storing', all, told, count: () => refreshes, watch });
  between.meddle = null;
  return told;
}

type GrantedAnswer = Exclude<Awaited<ReturnType<NonNullable<GoBetween['meddle']>>>, 'cut'>;

/** The new tokens are lost. Greenhouse grants others; Lever's refresh token is used up, and that has to be said. */
async function loseOne(
  subject: Subject,
  given: {
    what: string;
    all(): Promise<CallOutcomes>;
    told: Scenario[];
    count(): number;
    watch(spoil: (given: { granted: GrantedAnswer }) => Promise<GrantedAnswer>): void;
  },
): Promise<void> {
  const { what, all, told, count, watch } = given;
  const first = await all();
  if (!subject.mend) {
    // Of the processes that share the loss some may have to try once more.
    const second = await all();
    told.push({ what, outcomes: first, refreshes: count(), wanted: 2, allowed: ['ok', 'unreachable'] });
    told.push({ what: `${what}: afterwards`, outcomes: second, refreshes: count(), wanted: 2, allowed: ['ok'] });
    return;
  }
  told.push({ what, outcomes: first, refreshes: count(), wanted: 1, allowed: ['unauthorised', 'misconfigured', 'unreachable'] });
  const second = await all();
  told.push({ what: `${what}: said`, outcomes: second, refreshes: count(), wanted: 1, allowed: SAID });
  await subject.mend();
  watch(async ({ granted }) => granted);
  told.push({ what: `${what}: after consent`, outcomes: await all(), refreshes: count(), wanted: 0, allowed: ['ok'] });
}

/** Ends that options page and panel name, with what to do: never mere silence. */
const SAID = ['unauthorised', 'misconfigured'];

const QUIET = { debug: () => undefined, warn: () => undefined };

/** A database with one connection, a clock, and the address at which the ATS is called. */
async function makePlace(kind: 'greenhouse' | 'lever', upstream: string) {
  const address = await (await sharedPostgres()).createDatabase();
  const masterKey = randomBytes(32).toString('hex');
  const connectionId = randomUUID();
  const between = await startGoBetween(upstream);
  const { db, close } = await openDatabase({ address, log: pino({ level: 'silent' }) });
  const at = new Date();
  const settings = kind === 'lever' ? leverSettingsSchema.parse({ kind }) : greenhouseSettingsSchema.parse({ kind });
  const times = { automaticSince: at, createdAt: at, updatedAt: at };
  const row = { id: connectionId, kind, side: 'ats' as const, name: kind, enabled: true, settings, secrets: {}, ...times };
  await db.insert(connections).values(row);
  await close();
  return { address, masterKey, connectionId, between, kind, host: between.host };
}

async function makeGreenhouse(): Promise<Subject> {
  let nowMs = Date.now();
  const settings = { rateLimit: 1_000_000, tokenRateLimit: 1_000_000 };
  const greenhouse = createGreenhouseSimulator({ now: () => new Date(nowMs), settings });
  greenhouse.seed();
  const served = await serveSimulator(greenhouse.api);
  const { between, ...place } = await makePlace('greenhouse', served.url);
  return {
    name: 'Greenhouse',
    between,
    start: { ...place, apiUrl: between.url, ...greenhouse.credential },
    refuseTokens: () => greenhouse.revokeTokens(),
    mend: null,
    now: () => nowMs,
    pass: (ms) => {
      nowMs += ms;
    },
    close: async () => {
      await between.close();
      await served.close();
    },
  };
}

async function makeLever(): Promise<Subject> {
  let nowMs = Date.now();
  const clock = { now: () => new Date(nowMs) };
  const lever = createLeverSimulator({ now: clock.now, settings: { rateLimit: null } });
  lever.seed();
  const served = await serveSimulator(lever.api);
  const { between, ...place } = await makePlace('lever', served.url);
  const apiUrl = `${between.url}/v1`;
  lever.direct.configure({ audience: `${apiUrl}/` });
  const pool = new Pool({ ...place.address, max: 2 });
  const store = createAtsTokenStore({ pool, sealer: createSealer(Buffer.from(place.masterKey, 'hex')), clock });
  const http = createHttpClient({ testHosts: [place.host], allowedHosts: [place.host], log: QUIET, clock });
  const registered = registerLeverApp({ lever, http, clock, apiUrl, store, connectionId: place.connectionId });
  const consent = async () => {
    between.meddle = null;
    const finished = await registered.consent.finish({ code: await registered.sayYes(), redirectUri: REDIRECT_URI });
    if (!finished.ok) throw new Error(`no consent: ${finished.kind}`);
  };
  await consent();
  return {
    name: 'Lever OAuth',
    between,
    start: { ...place, apiUrl, clientId: registered.app.clientId, clientSecret: registered.app.clientSecret },
    refuseTokens: () => lever.direct.endAccessTokens(),
    mend: consent,
    now: () => nowMs,
    pass: (ms) => {
      nowMs += ms;
    },
    close: async () => {
      await pool.end();
      await between.close();
      await served.close();
    },
  };
}
