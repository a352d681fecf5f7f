import { NOTHING_KEPT } from '../../../server/ats/kept-names.ts';
import { createAtsAdapter, type OpenedConnection } from '../../../server/ats/registry.ts';
import type { TokenStore } from '../../../server/ats/token-store.ts';
import type { AllowanceStore } from '../../../server/outbound/allowance-store.ts';
import { encodeRequest } from '../../../server/outbound/encode-request.ts';
import type { HttpClient } from '../../../server/outbound/http.ts';
import type { CallResult } from '../../../server/outbound/outcome.ts';
import { createRateGovernor } from '../../../server/outbound/rate-governor.ts';
import { toCallResult } from '../../../server/outbound/to-call-result.ts';
import { createAtsTokenStore } from '../../../server/storage/ats-tokens.ts';
import { openConnectionSecrets } from '../../../server/storage/connection-secrets.ts';
import { listConnections } from '../../../server/storage/connections.repository.ts';
import { createVendorAdapter } from '../../../server/vendors/registry.ts';
import type { Check, CheckRow, CheckRun } from '../../checks/check-report.ts';
import { makeInvitation } from '../../support/make-order.ts';
import { castPlayers, type Player } from '../histories/cast.ts';
import { rest } from '../histories/play.ts';
import { readTold } from '../histories/read-told.ts';
import { judgeHistory } from '../model.ts';
import { createSeededRandom, type SeededRandom } from '../seeded-random.ts';
import { COMPANIES, type CrowdOffice, openCrowdOffice } from '../tools/crowd-office.ts';
import { createMailBag } from '../tools/mail-bag.ts';
import type { MailWeather } from '../tools/mail-weather.ts';
import { createShift, underWay } from '../tools/shift.ts';
import type { OutsideCall, Weather } from '../tools/short-way.ts';
import { createTimeGoesOn } from '../tools/time-goes-on.ts';
import { throughSockets } from './rough-sockets.ts';

/** For both companies together; twice that where the faults do not come to their number. */
const BUDGET_MS = { small: 3_000, full: 50_000 };
const CROWD = { small: 42, full: 84 };
const LEAST = { small: 80, full: 2_000 };
/** The APIs that are called, and the mail server. */
const SYSTEMS = { small: 5, full: 7 };
const BAD = 0.2;
/** Of writes so many meet what leaves open whether they were done: that is where something would be done twice. */
const OPEN = 0.3;
const PAUSE_FOR_MS = { small: 5_000, full: 14_000 };

/** R8: bad weather outside, at every ATS and every vendor. */
export const badWeather: Check = {
  id: 'R8',
  what: 'bad weather outside',
  budgetMs: { small: BUDGET_MS.small + PAUSE_FOR_MS.small, full: BUDGET_MS.full + 2 * PAUSE_FOR_MS.full },
  async run(given) {
    const rows: CheckRow[] = [];
    for (const [index, company] of COMPANIES.slice(0, given.size === 'small' ? 1 : 2).entries()) {
      const office = await openCrowdOffice(company, { setUp: { rules: { advanceOnPass: true } } });
      try {
        rows.push(await throughTheServer(office, company.name, { ...given, seed: given.seed + index }));
        rows.push(await insidePauses(office, company.name, { ...given, seed: given.seed + index }));
      } finally {
        await office.close();
      }
    }
    return [...rows, await throughSockets(given)];
  },
};

const RESET = 'reset in mid-body';
const LEFT_OPEN = ['502, though done', 'hang', RESET, RESET, RESET, 'cut JSON', 'a page with 200, though done'];
const HTML = '<!doctype html><title>Just a moment</title>';

/** Everything that may be in the way of one call, by name. */
function weathers(office: CrowdOffice, random: SeededRandom): Record<string, () => Weather> {
  const seconds = () => random.pick([1, 5, 30, 120]);
  const date = () => new Date(office.clock.now().getTime() + seconds() * 1000).toUTCString();
  return {
    '429, seconds': () => ({ status: 429, headers: { 'retry-after': `${seconds()}` } }),
    '429, date': () => ({ status: 429, headers: { 'retry-after': date() } }),
    '429, nothing said': () => ({ status: 429 }),
    '500': () => ({ status: 500, text: HTML }),
    '502, though done': () => ({ status: 502, text: HTML, done: true }),
    '503, Retry-After': () => ({ status: 503, headers: { 'retry-after': `${seconds()}` } }),
    hang: () => ({ silence: true }),
    [RESET]: () => 'lost',
    'cut JSON': () => ({ status: 200, text: (truth) => truth.slice(0, Math.max(Math.floor(truth.length / 2), 1)), done: true }),
    'a page with 200': () => ({ status: 200, text: HTML }),
    'a page with 200, though done': () => ({ status: 200, text: HTML, done: true }),
    'redirect elsewhere': () => ({
      status: random.pick([301, 302, 307, 308]),
      headers: { location: 'https://elsewhere.example/' },
    }),
    unreached: () => 'unreached',
  };
}

/** After these the same mail is tried again. */
const MAIL_WAITS: Record<string, MailWeather> = {
  away: 'unreached',
  'closing with 421': { reply: 421 },
  'greylisted with 451': { reply: 451 },
};
/** After these it is not. */
const MAIL_ENDS: Record<string, MailWeather> = {
  'mailbox refused with 550': { reply: 550 },
  'text refused with 554': { reply: 554 },
  'answer lost': 'lost',
  'no answer and not taken': 'silence',
};
const MAIL_WEATHERS = { ...MAIL_WAITS, ...MAIL_ENDS };
const FAIR = 'fair';

/**
 * Few mails are sent, and none of this may be missed: at each seat the first one has to wait, then come all of them before one comes again.
 */
function createMailTurns(random: SeededRandom): (seat: number) => string {
  const all = [...Object.keys(MAIL_WEATHERS), FAIR, FAIR, FAIR];
  const left = new Map<number, string[]>();
  return (seat) => {
    const turns = left.get(seat) ?? [random.pick(Object.keys(MAIL_WAITS))];
    const turn = turns.pop() ?? FAIR;
    left.set(seat, turns.length > 0 ? turns : random.some(all, all.length));
    return turn;
  };
}

async function throughTheServer(office: CrowdOffice, name: string, { seed, size, say }: CheckRun): Promise<CheckRow> {
  const random = createSeededRandom(seed);
  const all = weathers(office, random);
  const met = new Map<string, number>();
  /** Of the mails that hand over what a vendor has made. */
  const madeAndMet = new Set<string>();
  const mailTurns = createMailTurns(random);
  const hosts = new Set<string>();
  const problems: string[] = [];
  let [people, crowds, faults] = [0, 0, 0];
  const least = LEAST[size] / (size === 'full' ? COMPANIES.length : 1);
  const budgetMs = size === 'small' ? BUDGET_MS.small : BUDGET_MS.full / COMPANIES.length;
  const until = performance.now() + budgetMs;
  const crashes: string[] = [];
  const onCrash = (error: unknown) => void crashes.push(`unhandled: ${String(error)}`);
  process.on('unhandledRejection', onCrash);
  try {
    do {
      const result = await oneCrowd(office, {
        ...{ random, people: CROWD[size] },
        weatherOf({ origin, request: { write } }) {
          const isOpen = write && random.chance(OPEN);
          if (!isOpen && !random.chance(BAD)) return 'fair';
          const what = random.pick(isOpen ? LEFT_OPEN : Object.keys(all));
          met.set(what, (met.get(what) ?? 0) + 1);
          hosts.add(origin);
          return all[what]?.() ?? 'fair';
        },
        mailWeatherOf(seat) {
          const what = mailTurns(seat);
          if (what === FAIR) return 'fair';
          const name = `mail: ${what}`;
          met.set(name, (met.get(name) ?? 0) + 1);
          if (office.seats[seat]?.byOurMail) madeAndMet.add(what);
          hosts.add('the mail server');
          return MAIL_WEATHERS[what] ?? 'fair';
        },
      });
      problems.push(...result);
      people += CROWD[size];
      crowds += 1;
      faults = [...met.values()].reduce((sum, one) => sum + one, 0);
    } while (performance.now() < (faults < least ? until + budgetMs : until));
  } finally {
    process.off('unhandledRejection', onCrash);
  }
  for (const problem of [...crashes, ...problems].slice(0, 6)) say(problem);
  const twice = problems.filter((problem) => /once|twice|no note|one open/.test(problem)).length;
  const waited = Object.keys(MAIL_WAITS).filter((what) => madeAndMet.has(what));
  const isAllMet = size === 'small' ? waited.length > 0 : madeAndMet.size === Object.keys(MAIL_WEATHERS).length;
  if (!isAllMet) say(`mails with what a vendor had made met only: ${[...madeAndMet].join('; ')}`);
  return {
    id: 'R8',
    what: `${name}, every vendor: ${Object.keys(all).join('; ')}; the mail server: ${Object.keys(MAIL_WEATHERS).join('; ')}`,
    asked: `F>=${tell(LEAST.full)}`,
    reached: `F=${faults} at ${hosts.size} systems, ${people} people in ${crowds} crowds`,
    figure: `crashes ${crashes.length}, twice ${twice}, silent or wrong ${problems.length - twice}`,
    // The other company has the other half.
    target: `0, 0, 0; F>=${tell(least)} here${size === 'full' ? `, ${tell(LEAST.full)} in both` : ''}`,
    wrong: crashes.length + problems.length,
    met: crashes.length + problems.length === 0 && faults >= least && hosts.size >= SYSTEMS[size] && isAllMet,
  };
}

const tell = (count: number) => count.toLocaleString('en');

async function oneCrowd(
  office: CrowdOffice,
  given: {
    random: SeededRandom;
    people: number;
    weatherOf(call: OutsideCall): Weather;
    mailWeatherOf(seat: number): MailWeather;
  },
): Promise<string[]> {
  const { random, people } = given;
  const { outside } = office;
  const histories = Array.from({ length: people }, (_, number) => ({
    seat: number % office.seats.length,
    sides: [random.pick(['greenhouse', 'lever'] as const)],
    turns: [],
  }));
  const cast = await castPlayers(office, { histories, random });
  const bag = createMailBag(office, { ownerOf: cast.ownerOf });
  const shift = createShift(office, { random, workers: 2, mortality: () => 0 });
  outside.weatherOf = (call) => (underWay() ? given.weatherOf(call) : 'fair');
  outside.mailWeather = () => {
    const player = cast.byKey.get(underWay()?.applicationKey ?? '');
    return player ? given.mailWeatherOf(player.history.seat) : 'fair';
  };
  const goOn = createTimeGoesOn(office, { cast, bag, shift });
  const seatOf = ({ history }: Player) => office.seats[history.seat];
  await goOn(1);
  for (const { applications } of cast.players) applications[0]?.act({ kind: 'move', to: 'assessment' });
  await goOn(1, 31, 130);
  for (const player of cast.players) seatOf(player)?.start(player.email);
  await goOn(62, 130);
  for (const player of cast.players) seatOf(player)?.submit(player.email, random.chance(0.7));
  await goOn(62, 130);
  for (const { applications } of random.some(cast.players, people / 3)) applications[0]?.act({ kind: 'end' });
  await goOn(1, 301);
  outside.weatherOf = () => 'fair';
  outside.mailWeather = () => 'fair';
  await goOn(301, 301);
  await rest(office, { shift, bag, keys: [...cast.byKey.keys()], standAll: cast.standAll });
  cast.standAll();
  const told = await readTold(office, cast.players);
  return [
    ...told.flatMap((one, index) => {
      const player = cast.players[index];
      const { kind, byOurMail } = (player && seatOf(player)) ?? {};
      const whose = `${kind}${byOurMail ? ' by our e-mail' : ''}, ${player?.history.sides[0]}`;
      return judgeHistory(one).map((what) => `${whose}: ${what}`);
    }),
    ...shift.errors.map((error) => `an error of our own: ${error}`),
  ];
}

/** Two processes that share one store, as the table of allowances is shared; in memory, so that a call costs nothing. */
function memoryStore(): AllowanceStore {
  const states = new Map<string, Record<string, unknown> & { version: number }>();
  return {
    read: async (key) => ({ state: structuredClone(states.get(key) ?? null), now: Date.now() }),
    async swap(key, { expected, state }) {
      const swapped = (states.get(key)?.version ?? null) === expected;
      if (swapped) states.set(key, structuredClone(state));
      return { swapped, now: Date.now() };
    },
  };
}

interface Pause {
  /** When our code had the answer. */
  toldAt: number;
  until: number;
  by: string;
}

/** What one process learns the other knows after one trip to the store. */
const PASSED_ON_MS = 150;
const CALLERS = 4;
/** One call in so many is answered 429. */
const REFUSED_ONE_IN = 12;

/** Nobody calls with a credential that was told to pause: each adapter in two processes at once, in real time. */
async function insidePauses(office: CrowdOffice, name: string, { seed, size, say }: CheckRun): Promise<CheckRow> {
  const { services } = office.server;
  const rows = await listConnections(services.db);
  const opened = rows.map(
    (row): OpenedConnection => ({
      id: row.id,
      settings: row.settings,
      secrets: openConnectionSecrets(services.sealer, row).opened,
    }),
  );
  const tokens = createAtsTokenStore({ pool: office.parts.pool, sealer: services.sealer, clock: services.clock });
  const store = memoryStore();
  const governors = ['a', 'b'].map((party) =>
    createRateGovernor({
      ...{ store, party, chance: Math.random, steadyMs: () => performance.now() },
      later: (ms, run) => {
        const timer = setTimeout(run, ms);
        return () => clearTimeout(timer);
      },
      onTrouble: (error) => say(`the store: ${String(error)}`),
    }),
  );
  const until = performance.now() + PAUSE_FOR_MS[size];
  try {
    const each = await Promise.all(
      opened.map((connection, index) =>
        callThrough(connection, { governors, tokens, until, random: createSeededRandom(seed + index) }),
      ),
    );
    const called = each.filter(({ calls }) => calls > 0);
    for (const { kind, inside } of called) if (inside.length > 0) say(`${kind}: ${inside.slice(0, 3).join('; ')}`);
    const sum = (of: (one: (typeof each)[number]) => number) => called.reduce((total, one) => total + of(one), 0);
    const unpaused = called.filter(({ pauses }) => pauses === 0).map(({ kind }) => kind);
    return {
      id: 'R8',
      what: `${name}: 429 with Retry-After (seconds, a date, CodeSignal also in the body), two processes and ${2 * CALLERS} callers for each credential`,
      asked: 'every ATS, every vendor with calls',
      reached: `${called.map(({ kind, pauses }) => `${kind} ${pauses}`).join(', ')} pauses; ${sum(({ calls }) => calls)} calls`,
      figure: `calls inside a pause ${sum(({ inside }) => inside.length)} (the other process has ${PASSED_ON_MS} ms to hear of it), crashes ${sum(({ crashes }) => crashes)}`,
      target: '0',
      // How soon another process hears of a pause is a matter of time, which a second try may settle.
      wrong: sum(({ crashes }) => crashes),
      met:
        sum(({ inside }) => inside.length) + sum(({ crashes }) => crashes) === 0 && unpaused.length === 0 && called.length >= 6,
    };
  } finally {
    for (const governor of governors) governor.stop();
  }
}

interface Calling {
  tokens: TokenStore;
  governors: readonly ReturnType<typeof createRateGovernor>[];
  until: number;
  random: SeededRandom;
}

async function callThrough(connection: OpenedConnection, { governors, tokens, until, random }: Calling) {
  const pauses: Pause[] = [];
  const inside: string[] = [];
  const { kind } = connection.settings;
  const found = { kind, calls: 0, crashes: 0, pauses: 0, inside };
  const httpOf = (party: string): HttpClient => ({
    async request(request) {
      found.calls += 1;
      const now = Date.now();
      const ours = pauses.find(({ by, toldAt, until: end }) => now < end && now > toldAt + (by === party ? 0 : PASSED_ON_MS));
      if (ours) inside.push(`${now - ours.toldAt} ms after it was told, ${ours.until - now} ms too early`);
      encodeRequest(request);
      await new Promise((resolve) => setTimeout(resolve, 5));
      const isToken = /token|auth/.test(new URL(request.url).pathname);
      const refuses = !isToken && random.int(1, REFUSED_ONE_IN) === 1;
      if (!refuses) return fair(request, isToken);
      const [answer, ms] = refusal(kind, random);
      pauses.push({ toldAt: Date.now(), until: Date.now() + ms, by: party });
      found.pauses += 1;
      request.onAnswer?.({ status: answer.status, headers: answer.headers });
      return toCallResult({ kind: 'answered', answer }, { write: request.write, now: new Date() });
    },
  });
  const callers = governors.flatMap((governor, index) => {
    const http = httpOf(`${index}`);
    const call = callOf(connection, { http, governor, tokens });
    return call ? Array.from({ length: CALLERS }, () => call) : [];
  });
  await Promise.all(
    callers.map(async (call) => {
      while (performance.now() < until) {
        try {
          const before = found.calls;
          const result = await call();
          // An adapter that answers without a call would let nobody else have their turn.
          if (found.calls === before) await new Promise(setImmediate);
          if (result.ok || result.kind !== 'rate-limited') continue;
          await new Promise((resolve) =>
            setTimeout(resolve, Math.min(result.retryAfterMs, Math.max(until - performance.now(), 0))),
          );
        } catch {
          found.crashes += 1;
        }
      }
    }),
  );
  return found;
}

/** Whole seconds, as the header has them. */
function refusal(
  kind: string,
  random: SeededRandom,
): [{ status: number; headers: Record<string, string>; bytes: Buffer }, number] {
  const bytes = Buffer.from('{}');
  if (kind === 'codesignal' && random.chance(0.5))
    return [{ status: 200, headers: {}, bytes: Buffer.from('{"data":null,"errors":[{"message":"Too many requests"}]}') }, 1000];
  if (random.chance(0.5)) return [{ status: 429, headers: { 'retry-after': '1' }, bytes }, 1000];
  const end = Math.ceil(Date.now() / 1000) * 1000 + 1000;
  const headers = { 'retry-after': new Date(end).toUTCString(), date: new Date().toUTCString() };
  return [{ status: 429, headers, bytes }, end - Date.now()];
}

function fair(
  request: Parameters<HttpClient['request']>[0],
  isToken: boolean,
): ReturnType<HttpClient['request']> extends Promise<infer R> ? R : never {
  const body = isToken
    ? {
        access_token: 'x',
        token_type: 'Bearer',
        expires_in: 3600,
        expires_at: new Date(Date.now() + 3_600_000).toISOString(),
        refresh_token: 'y',
      }
    : { data: [] };
  request.onAnswer?.({ status: 200, headers: {} });
  return toCallResult(
    { kind: 'answered', answer: { status: 200, headers: {}, bytes: Buffer.from(JSON.stringify(body)) } },
    { write: request.write, now: new Date() },
  );
}

type Call = () => Promise<CallResult<unknown>>;

/** One read of this connection; null for a vendor that is never called. */
function callOf(
  connection: OpenedConnection,
  { http, governor, tokens }: { http: HttpClient; governor: Calling['governors'][number]; tokens: TokenStore },
): Call | null {
  const shared = { httpTo: () => http, limiterFor: governor.limiterFor, clock: { now: () => new Date() } };
  if (connection.settings.kind === 'greenhouse' || connection.settings.kind === 'lever') {
    const ats = createAtsAdapter(connection, { ...shared, tokens, keptNames: NOTHING_KEPT });
    if (!ats.ok) throw new Error(ats.detail);
    return () => ats.value.listStages();
  }
  if (connection.settings.kind === 'byteboard') return null;
  const vendor = createVendorAdapter(connection, shared);
  if (!vendor.ok) return null;
  return () => vendor.value.readReport(makeInvitation({ externalId: '1234', email: 'ada@mail.example' }));
}
