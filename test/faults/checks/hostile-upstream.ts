import type { Check, CheckRow, CheckRun } from '../../checks/check-report.ts';
import { inFull } from '../../checks/run-one.ts';
import { notesOf } from '../evidence.ts';
import { findDuplicated } from '../find-duplicated.ts';
import { createSeededRandom, type SeededRandom } from '../seeded-random.ts';
import { applyAtGreenhouse, applyAtLever, type Seeker } from '../seekers.ts';
import { type GoBetween, type Meddle, startGoBetween } from '../tools/go-between.ts';
import { mutateJson, ODD } from '../tools/mutate-json.ts';
import { signAgain } from '../tools/sign-again.ts';
import { type ReceivedRequest, type StillOffice, startStillOffice } from '../tools/still-office.ts';
import { turnTwice } from '../tools/turn-twice.ts';
import {
  coderbyteSubject,
  greenhouseSubject,
  leverSubject,
  type OnAnswer,
  type UpstreamSubject,
} from '../tools/upstream-subjects.ts';

const CALLS = { small: 1000, full: 10_000 };
const BODIES = { small: 150, full: 800 };
const PEOPLE = { small: 4, full: 16 };
/** A subject is made anew after so many calls: what piled up in it makes the lists long. */
const FRESH_AFTER = 100;

/** S27: the other side says what it should not, and we neither break nor do the wrong thing. */
export const hostileUpstream: Check = {
  id: 'S27',
  what: 'hostile upstream',
  budgetMs: { full: 240_000 },
  run: async (given) => [await hostileAnswers(given), await hostileDay(given)],
};

/** Every method of every port, with one or several of the answers it rests on spoilt. */
async function hostileAnswers({ seed, size, say }: CheckRun): Promise<CheckRow> {
  const random = createSeededRandom(seed);
  const problems = { crashes: [] as string[], wrong: [] as string[] };
  const makers: ((onAnswer: OnAnswer) => UpstreamSubject)[] = [
    (onAnswer) => greenhouseSubject('v3', onAnswer),
    (onAnswer) => greenhouseSubject('v1', onAnswer),
    leverSubject,
    coderbyteSubject,
  ];
  let tried = 0;
  while (tried < CALLS[size]) {
    const make = makers[Math.floor(tried / FRESH_AFTER) % makers.length] ?? leverSubject;
    let spoilt: string[] = [];
    let isBlind = false;
    const subject: UpstreamSubject = make((text, { url }) => {
      if (isBlind) {
        spoilt.push('a page instead of an answer');
        return '<!doctype html><h1>We will be right back</h1>';
      }
      if (!random.chance(0.5)) return text;
      const { text: mutated, what } = mutateJson(text, random, subject.swaps);
      spoilt.push(`${new URL(url).pathname}: ${what}`);
      return mutated;
    });
    for (let number = 0; number < FRESH_AFTER && tried < CALLS[size]; number += 1) {
      spoilt = [];
      isBlind = random.chance(0.1);
      const [name, method] = random.pick(Object.entries(subject.methods));
      const before = { bystander: subject.bystander(), writes: subject.writes() };
      const told = (what: string) => `${subject.name}.${name} ${what} (${spoilt.join('; ').slice(0, 300)})`;
      try {
        const wrong = wrongIn(await method(), {
          subject,
          wroteBlindly: isBlind && LOOKS_FIRST.includes(name) && subject.writes() > before.writes,
        });
        if (wrong) problems.wrong.push(told(wrong));
      } catch (error) {
        problems.crashes.push(told(error instanceof Error ? (error.stack ?? error.message) : String(error)));
      }
      if (subject.bystander() !== before.bystander) problems.wrong.push(told('changed somebody else'));
      tried += spoilt.length > 0 ? 1 : 0;
    }
  }
  say(`${tried} calls made`);
  for (const problem of [...problems.crashes, ...problems.wrong].slice(0, 6)) say(problem);
  return {
    id: 'S27',
    what: 'answers of Greenhouse v3 and v1, Lever and Coderbyte spoilt, every method of the ports',
    asked: `B>=${CALLS.full}`,
    reached: `B=${tried} calls`,
    figure: `crashes ${problems.crashes.length}, wrong writes or wrong people ${problems.wrong.length}`,
    target: '0 and 0',
    wrong: problems.crashes.length + problems.wrong.length,
    met: tried >= CALLS[size] && problems.crashes.length === 0 && problems.wrong.length === 0,
  };
}

/** Writes only after it has seen where the application is. */
const LOOKS_FIRST = ['moveToStage'];

/** The double nearest to one of the ids that were put in: an id must never arrive rounded. */
const ROUNDED = /"(9007199254740992|9007199254740994|92233720368547760000000|9\.223372036854776e\+22|-9007199254740996)"/;

function wrongIn(result: unknown, { subject, wroteBlindly }: { subject: UpstreamSubject; wroteBlindly: boolean }): string | null {
  if (typeof result !== 'object' || result === null || !('ok' in result))
    return `answered ${JSON.stringify(result)?.slice(0, 60)}`;
  const { ok } = result;
  const value = 'value' in result ? result.value : undefined;
  const kind = 'kind' in result ? String(result.kind) : '';
  if (!ok && kind === '') return 'failed without a kind';
  // What could not be read is no ground to write on.
  if (wroteBlindly) return 'wrote though it could read nothing';
  if (ok && ROUNDED.test(JSON.stringify(value ?? null))) return 'rounded an id';
  const about =
    typeof value === 'object' && value !== null && 'applicationId' in value ? value.applicationId : subject.applicationId;
  return ok && about !== subject.applicationId && !Array.isArray(value) && 'stageEntries' in Object(value)
    ? `took ${String(about)} for the one that was asked for`
    : null;
}

/** The whole server for a day on which every third answer is spoilt, and so are webhooks that carry true signatures. */
async function hostileDay({ seed, size, say }: CheckRun): Promise<CheckRow> {
  const random = createSeededRandom(seed + 1);
  const betweens: GoBetween[] = [];
  const office = await startStillOffice({
    between: async (world) => {
      const { greenhouseApi, leverApi, coderbyteApi } = world.urls;
      const [greenhouse, lever, coderbyte] = [
        await startGoBetween(greenhouseApi),
        await startGoBetween(leverApi.replace(/\/v1$/, '')),
        await startGoBetween(coderbyteApi),
      ];
      betweens.push(greenhouse, lever, coderbyte);
      const urls = { ...world.urls, greenhouseApi: greenhouse.url, leverApi: `${lever.url}/v1`, coderbyteApi: coderbyte.url };
      return {
        world: { ...world, urls },
        testHosts: betweens.map(({ host }) => host).join(','),
        close: async () => void (await Promise.all(betweens.map((one) => one.close()))),
      };
    },
  });
  const crashes: string[] = [];
  const onCrash = (error: unknown) => void crashes.push(`unhandled: ${String(error)}`);
  process.on('unhandledRejection', onCrash);
  try {
    const { world, clock, received } = office;
    let answers = 0;
    const meddle: Meddle = async ({ forward }) => {
      const answer = await forward();
      if (!random.chance(0.3)) return answer;
      answers += 1;
      return { ...answer, body: Buffer.from(mutateJson(answer.body.toString('utf8'), random).text) };
    };
    const first = received.length;
    const seekers: Seeker[] = Array.from({ length: PEOPLE[size] }, (_, number) => {
      const person = { name: `Seeker Number${number}`, email: `seeker.${number}@mail.example`, tag: 'Senior SWE' };
      return (number % 2 ? applyAtLever : applyAtGreenhouse)(world, person, 1);
    }).flat();
    for (const between of betweens) between.meddle = meddle;
    for (const to of ['assessment', 'screen', 'assessment'] as const) {
      for (const seeker of seekers) seeker.take({ kind: 'move', to });
      await workOn(office, crashes);
    }
    const bodies = await sendSpoilt(office, { random, recorded: received.slice(first), count: BODIES[size], crashes });
    await workOn(office, crashes);
    for (const between of betweens) between.meddle = null;
    // Whatever waited for better weather gets it.
    for (let hour = 0; hour < 8; hour += 1) {
      clock.pass(3600);
      await workOn(office, crashes);
    }
    const wrong = await wrongWrites(office, seekers);
    const errors = office.log.filter(({ level }) => Number(level) >= 50);
    // What was stored when it came once more; where one was not stored then either, all are told of.
    const madeGood = received.some(({ status }) => status === 503) ? 0 : office.sentAgain;
    const leftOut = errors.filter(({ msg }) => NOT_STORED.test(String(msg))).slice(0, madeGood);
    const logged = errors
      .filter((line) => !leftOut.includes(line))
      .map(({ msg, err }) => `logged: ${String(msg)} ${JSON.stringify(err)?.slice(0, 200)}`);
    for (const problem of [...crashes, ...logged, ...wrong].slice(0, 6)) say(problem);
    return {
      id: 'S27',
      what: 'a day of the whole server with every third answer spoilt, and webhooks spoilt under true signatures',
      asked: `${PEOPLE.full} people, ${BODIES.full} webhooks`,
      reached: `${PEOPLE[size]} people, B=${answers} answers and ${bodies} webhooks`,
      figure: `crashes ${crashes.length + logged.length}, wrong writes ${wrong.length}`,
      target: '0 and 0',
      wrong: crashes.length + logged.length + wrong.length,
      met: crashes.length + logged.length + wrong.length === 0 && answers > 0 && bodies >= BODIES[size],
    };
  } finally {
    process.off('unhandledRejection', onCrash);
    await office.close();
  }
}

const NOT_STORED = /^webhooks were not stored and are answered with 503/;

async function workOn({ world, crank, clock }: StillOffice, crashes: string[]): Promise<void> {
  for (let turn = 0; turn < 3; turn += 1) {
    await world.settle();
    await turnTwice(crank.turn).catch((error: unknown) => crashes.push(inFull(error)));
    clock.pass(400);
  }
}

/** True signatures over spoilt words: of the ATSs, whose secrets we hold here as they do. */
async function sendSpoilt(
  office: StillOffice,
  given: { random: SeededRandom; recorded: readonly ReceivedRequest[]; count: number; crashes: string[] },
): Promise<number> {
  const { random, recorded, count, crashes } = given;
  // Each odd value once in the place of whom it is about, by either ATS; then chance.
  const aimed = ['lever', 'greenhouse'].flatMap((ats) => {
    const request = recorded.find(({ body }) => body.toString('utf8').includes('opportunityId') === (ats === 'lever'));
    return request
      ? ODD.map((odd) => ({ request, text: aimAtId(request.body.toString('utf8'), odd), what: odd.slice(0, 40) }))
      : [];
  });
  for (let number = 0; number < count; number += 1) {
    const byChance = random.pick(recorded);
    const { request, text, what } = aimed[number] ?? { request: byChance, ...mutateJson(byChance.body.toString('utf8'), random) };
    const signed = signAgain(office.world, request, text);
    const answer = await fetch(`${office.address}${request.path}`, {
      method: 'POST',
      headers: signed.headers,
      body: signed.body,
    });
    const said = await answer.text();
    if (answer.status >= 500) crashes.push(`a webhook (${what}) was answered ${answer.status} ${said.slice(0, 200)}`);
    if (number % 50 === 0) await workOn(office, crashes);
  }
  return count;
}

/** The id of Lever's opportunity, or of Greenhouse's application. */
function aimAtId(text: string, odd: string): string {
  return text.replace(/("opportunityId":|"application":\{"id":)\s*("[^"]*"|\d+)/, (_all, key: string) => `${key}${odd}`);
}

/** Nobody but those who stood in the stage is invited, once each, and each note is about the person it stands with. */
async function wrongWrites({ world, store }: StillOffice, seekers: readonly Seeker[]): Promise<string[]> {
  const known = new Set(seekers.map(({ email }) => email));
  const emailOf = new Map(seekers.map(({ notesOf: of, email }) => [of, email]));
  const notes = [
    ...[...world.lever.account.notes.values()].map(({ opportunityId: of, comments }) => ({
      of,
      text: comments.map(({ value }) => value).join(' '),
    })),
    ...world.greenhouse.world.notes.list().map(({ candidateId, body: text }) => ({ of: String(candidateId), text })),
  ].filter(({ text }) => / sent to /.test(text));
  return [
    ...world.coderbyte
      .invitations()
      .filter(({ email }) => !known.has(email))
      .map(({ email }) => `invited ${email}`),
    ...notes
      .filter(({ of, text }) => !text.includes(emailOf.get(of) ?? '?'))
      .map(({ of, text }) => `a note at ${of}: ${text.slice(0, 80)}`),
    ...findDuplicated({ world, notes: notesOf(world), store: await store.read() }),
  ];
}
