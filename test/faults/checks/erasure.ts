import { randomUUID } from 'node:crypto';
import { eq, inArray } from 'drizzle-orm';
import { z } from 'zod';
import { ERASE_WORD, erasedSchema, erasePreviewSchema, erasureSchema, erasuresSchema } from '../../../lib/contract/erasure.ts';
import { commandAnswerSchema, panelViewSchema } from '../../../lib/contract/panel.ts';
import { PATHS } from '../../../lib/contract/paths.ts';
import type { CandidateReference } from '../../../lib/domain/candidate-reference.ts';
import { linkChain } from '../../../server/audit/link-chain.ts';
import { verifyChain } from '../../../server/audit/verify-chain.ts';
import { type FinishMeans, finishErasures } from '../../../server/erasure/finish-erasures.ts';
import { forgetJobs } from '../../../server/jobs/forget-jobs.ts';
import { applications, effects } from '../../../server/storage/schema.ts';
import type { Check, CheckRow, CheckRun } from '../../checks/check-report.ts';
import { dumpStore } from '../tools/dump-store.ts';
import { type ReceivedRequest, type StillOffice, startStillOffice } from '../tools/still-office.ts';
import { turnTwice } from '../tools/turn-twice.ts';
import { lastSeq, writesSince } from '../tools/writes.ts';

/** Everybody is erased this many times over, each time somebody else. */
const ROUNDS = { small: 1, full: 6 };
const SETUP = { setUp: { rules: { holdSeconds: 0, automaticHoldSeconds: 0 } } };
const MINUTE_S = 60;

/** S24: somebody is erased, and is nowhere any more; what is only not shown stays. */
export const erasure: Check = {
  id: 'S24',
  what: 'erasure of a candidate',
  budgetMs: { full: 90_000 },
  run: async (given) => [await eraseEverybody(given), await hideEverybody(given), await interrupt(given)],
};

interface Person {
  ats: 'greenhouse' | 'lever';
  /** Stands in everything that is theirs, and nowhere else. */
  canary: string;
  page: CandidateReference;
  applicationId: string;
  /** At Lever the contact. */
  candidateId: string;
  email: string;
}

type Way = 'admin by page' | 'admin by id' | 'deleted' | 'application deleted' | 'anonymised' | 'listed as deleted';
const WAYS: readonly { ats: Person['ats']; way: Way; isVendorDown?: boolean }[] = [
  { ats: 'greenhouse', way: 'admin by page' },
  { ats: 'greenhouse', way: 'deleted' },
  { ats: 'greenhouse', way: 'application deleted' },
  { ats: 'greenhouse', way: 'anonymised' },
  { ats: 'lever', way: 'admin by id', isVendorDown: true },
  { ats: 'lever', way: 'deleted' },
  { ats: 'lever', way: 'listed as deleted' },
  { ats: 'lever', way: 'anonymised' },
];

/** By every word there is: then every table, the log, the export and what is answered are searched, also after everything came again. */
async function eraseEverybody({ size, say }: CheckRun): Promise<CheckRow> {
  const office = await startStillOffice(SETUP);
  try {
    const problems: string[] = [];
    const stays = await livingPerson(office, 'lever', 'stays');
    let slowest = 0;
    let erased = 0;
    let replayed = 0;
    rounds: for (let round = 0; round < ROUNDS[size]; round += 1) {
      for (const [index, { ats, way, isVendorDown = false }] of WAYS.entries()) {
        const first = office.received.length;
        const person = await livingPerson(office, ats, `n${round}x${index}`);
        if (isVendorDown) await leaveUndone(office, person);
        const key = await keyOf(office, person);
        const mark = lastSeq(office.world);
        const seconds = await eraseBy(office, person, way).catch((error: unknown) => `${error}`);
        if (typeof seconds === 'string') {
          // It would fail again and again, whoever comes next.
          problems.push(`${ats}, ${way}: the erasure ended with ${seconds}`);
          break rounds;
        }
        slowest = Math.max(slowest, seconds);
        problems.push(...writesAbout(office, mark).map((what) => `${way}: ${what} after the word`));
        const said = await saidOfTheAts(office, { ats, way, isVendorDown });
        problems.push(...said.map((what) => `${ats}, ${way}: ${what}`));
        const own = office.received.slice(first).filter((request) => isAbout(request, person));
        for (const request of own) await post(office, request);
        await office.crank.turn();
        replayed += own.length;
        office.world.coderbyte.direct.clearFailures({});
        office.world.lever.direct.clearFailures();
        office.clock.pass(20 * MINUTE_S);
        await office.crank.turn({ sweeps: true, polls: true });
        problems.push(...(await comesBack(office, person, key)).map((what) => `${ats}, ${way}: ${what}`));
        problems.push(...(await traces(office, person)).map((what) => `${ats}, ${way}: ${what}`));
        erased += 1;
      }
    }
    if ((await traces(office, stays)).length === 0) problems.push('who was not meant is gone, too');
    problems.push(...(await chainFaults(office)), ...(await findNames(office)));
    for (const problem of problems.slice(0, 10)) say(problem);
    return {
      id: 'S24',
      what: 'by an admin, by signed and by listed words; then tables, jobs, log, export, late webhooks, sweep, page, click',
      asked: `${ROUNDS.full * WAYS.length} people`,
      reached: `${erased} people, N=${replayed} webhooks again, at most ${slowest} s each`,
      figure: `traces, returns and faults of the audit: ${problems.length}`,
      target: '0, within 60 s',
      met: problems.length === 0 && slowest <= MINUTE_S && replayed >= erased,
    };
  } finally {
    await office.close();
  }
}

/** Not shown any more is no word. */
async function hideEverybody({ say }: CheckRun): Promise<CheckRow> {
  const office = await startStillOffice(SETUP);
  try {
    const { world } = office;
    const problems: string[] = [];
    const hidden = await livingPerson(office, 'greenhouse', 'hidden');
    world.greenhouse.setPrivate({ candidateId: Number(hidden.candidateId), private: true });
    world.greenhouse.change({ rateLimit: 1_000_000 });
    const lever: Person[] = [];
    for (const status of [403, 404] as const) {
      const person = await livingPerson(office, 'lever', `s${status}`);
      lever.push(person);
      world.lever.direct.failNext({ path: person.applicationId, times: 1000, answer: { kind: 'status', status } });
    }
    for (const person of [hidden, ...lever]) await hintAt(office, person);
    for (let hours = 0; hours < 3; hours += 1) {
      office.clock.pass(3600);
      await office.crank.turn({ sweeps: true });
    }
    for (const person of [hidden, ...lever]) {
      const [row] = await office.server.services.db
        .select()
        .from(applications)
        .where(eq(applications.applicationId, person.applicationId));
      if (!row?.snapshot?.emails.includes(person.email)) problems.push(`${person.ats}: what we know is gone`);
      if (!row?.state.vanished) problems.push(`${person.ats}: nobody noticed that it is not shown`);
    }
    const { erasures } = await office.company.api.call(erasuresSchema, 'GET', PATHS.erasures);
    if (erasures.length > 0) problems.push(`${erasures.length} erasures without a word`);
    for (const problem of problems) say(problem);
    return {
      id: 'S24',
      what: 'an empty list, 403 and 404, for three hours',
      asked: '3 people',
      reached: '3 people',
      figure: `erased by absence ${problems.length}`,
      target: '0',
      met: problems.length === 0,
    };
  } finally {
    await office.close();
  }
}

/** The process dies between the steps: before it nothing is gone, after it all of it. */
async function interrupt({ say }: CheckRun): Promise<CheckRow> {
  const office = await startStillOffice(SETUP);
  try {
    const { parts } = office.server;
    const problems: string[] = [];
    const die = () => Promise.reject(new Error('the process died'));
    const whole: FinishMeans = { ...parts, forgetJobs };
    const deaths: [string, FinishMeans][] = [
      ['before its transaction', { ...whole, connector: { vendor: die } }],
      ['when the rows are deleted', { ...whole, forgetJobs: die }],
      [
        'when its connection to the database is cut',
        {
          ...whole,
          forgetJobs: async (tx, ids) => {
            await tx.execute('select pg_terminate_backend(pg_backend_pid())');
            return await forgetJobs(tx, ids);
          },
        },
      ],
      ['before it commits', { ...whole, announce: die }],
    ];
    for (const [index, [when, means]] of deaths.entries()) {
      const person = await livingPerson(office, 'lever', `d${index}`);
      await askFor(office, person, 'admin by id');
      // Until all has come to rest; the crank would finish it.
      office.clock.pass(31);
      const before = JSON.stringify(await tracesOfRows(office, person));
      const told = failuresTold(office);
      // One that fails alone is told in the log and holds up no other; where the store is down as well, the whole turn fails.
      const done = await finishErasures(means).catch(() => null);
      if (done !== null && (done > 0 || failuresTold(office) === told)) problems.push(`${when}: nobody noticed`);
      if (JSON.stringify(await tracesOfRows(office, person)) !== before) problems.push(`${when}: half of it was gone`);
      const finished = () => turnTwice(() => finishErasures(whole)).catch((error: unknown) => `${error}`);
      if ((await finished()) !== 1) {
        problems.push(`${when}: not taken up again`);
        break;
      }
      if ((await finished()) !== 0) problems.push(`${when}: done twice`);
      problems.push(...(await traces(office, person)).map((what) => `${when}: ${what}`));
    }
    problems.push(...(await chainFaults(office)));
    for (const problem of problems) say(problem);
    return {
      id: 'S24',
      what: 'the process dies between the steps and another goes on',
      asked: `${deaths.length} places`,
      reached: `${deaths.length} places`,
      figure: `half erased or not taken up again ${problems.length}`,
      target: '0',
      met: problems.length === 0,
    };
  } finally {
    await office.close();
  }
}

function failuresTold({ log }: StillOffice): number {
  return log.filter(({ msg }) => `${msg}`.startsWith('an erasure failed')).length;
}

/** Somebody with a canary in everything: name, address, tag, a note of the invitation, results, what they need at tests. */
async function livingPerson(office: StillOffice, ats: Person['ats'], name: string): Promise<Person> {
  const canary = `zq${name}canary`;
  const email = `${canary}@mail.example`;
  const person = ats === 'greenhouse' ? applyAtGreenhouse(office, canary, email) : applyAtLever(office, canary, email);
  await workOff(office);
  const key = await keyOf(office, person);
  const { assessments } = office.company;
  await command(office, person, key, PATHS.commands.extraTime, { invitationId: null, percent: 25 });
  await command(office, person, key, PATHS.commands.send, {
    assessmentId: assessments.backendTakeHome.id,
    options: { message: `Dear ${canary}` },
  });
  await workOff(office);
  const view = await panel(office, person);
  const byHand = view.kind === 'application' && view.invitations.find(({ tag }) => tag === 'Backend take-home');
  if (!byHand) throw new Error('nobody was invited to the take-home');
  const notes = `${canary} wrote clean code`;
  await command(office, person, key, PATHS.commands.enterResult, { invitationId: byHand.id, rating: 'Strong', notes });
  const { coderbyte, seeds } = office.world;
  coderbyte.play.start({ assessmentId: seeds.coderbyte.seniorSwe, email });
  if (!canary.includes('d')) coderbyte.play.submit({ assessmentId: seeds.coderbyte.seniorSwe, email, finalScore: 84 });
  // Open until the end, so that there is something to take back.
  await command(office, person, key, PATHS.commands.send, {
    assessmentId: assessments.liveInterview.id,
    options: { message: `Dear ${canary}` },
  });
  await workOff(office);
  if (canary.includes('stays') && (await tracesOfRows(office, person)).length < 8)
    throw new Error('too little is known of somebody who is to be erased');
  return person;
}

function applyAtGreenhouse({ world }: StillOffice, canary: string, email: string): Person {
  const { greenhouse, seeds } = world;
  const { id: candidateId } = greenhouse.createCandidate({
    ...{ firstName: canary, lastName: 'Moreno', email, tags: ['Senior SWE', `${canary} tag`] },
  });
  const { id } = greenhouse.createApplication({
    ...{ candidateId, jobId: seeds.greenhouse.jobs.backend, stageId: seeds.greenhouse.stages.backend['Phone Screen'] },
  });
  greenhouse.move({ applicationId: id, stageId: seeds.greenhouse.stages.backend.Assessment });
  const ids = { applicationId: String(id), candidateId: String(candidateId) };
  const page = { ats: 'greenhouse', host: 'app.greenhouse.io', kind: 'application', ...ids } as const;
  return { ...{ ats: 'greenhouse', canary, email, page }, ...ids };
}

function applyAtLever({ world }: StillOffice, canary: string, email: string): Person {
  const { lever, seeds } = world;
  const contactId = lever.play.createContact({ name: `${canary} Moreno`, emails: [email] }).id;
  const { postings, stages } = seeds.lever;
  const { id: applicationId } = lever.play.createOpportunity({
    ...{ contactId, postingId: postings.backend, stageId: stages.phoneScreen, tags: ['Senior SWE', `${canary} tag`] },
  });
  lever.play.move({ opportunityId: applicationId, stageId: stages.assessment });
  const page = { ats: 'lever', host: 'hire.lever.co', kind: 'application', applicationId } as const;
  return { ...{ ats: 'lever', canary, email, page, applicationId }, candidateId: contactId };
}

async function workOff({ world, crank }: StillOffice): Promise<void> {
  for (let turn = 0; turn < 3; turn += 1) {
    await world.settle();
    await crank.turn();
  }
}

/** Coderbyte is away, and a write to the ATS waits for better weather: neither may hold up the erasure, nor be made up for later. */
async function leaveUndone(office: StillOffice, person: Person): Promise<void> {
  const { coderbyte, lever } = office.world;
  // Reads succeed, so that a later try would look, find nothing and write.
  for (const method of ['POST', 'PUT'])
    lever.direct.failNext({ method, path: '/notes', times: 1000, answer: { kind: 'status', status: 503 } });
  coderbyte.direct.failNext({ path: 'invitation$', kind: 'status', status: 503, times: 1000 });
  const view = await panel(office, person);
  const byHand = view.kind === 'application' && view.invitations.find(({ tag }) => tag === 'Backend take-home');
  if (!byHand) throw new Error('nobody was invited to the take-home');
  const more = { invitationId: byHand.id, rating: 'Poor', notes: `${person.canary} had another look` };
  await command(office, person, await keyOf(office, person), PATHS.commands.enterResult, more);
  await office.crank.turn();
  const rows = await office.server.services.db
    .select()
    .from(effects)
    .where(inArray(effects.state, ['queued', 'calling']));
  if (rows.length === 0) throw new Error('nothing waits that an erasure could keep from being done');
}

/** Answers how many seconds it took, by the office's clock. */
async function eraseBy(office: StillOffice, person: Person, way: Way): Promise<number> {
  await askFor(office, person, way);
  let seconds = 0;
  for (; seconds <= 2 * MINUTE_S; seconds += 5) {
    await office.world.settle();
    await turnTwice(() => office.crank.turn({ deleted: true }));
    const { erasures } = await office.company.api.call(erasuresSchema, 'GET', PATHS.erasures);
    if (erasures.length > 0 && erasures.every(({ finishedAt }) => finishedAt !== null)) {
      if (!(await isKnown(office, person))) return seconds;
    }
    office.clock.pass(5);
  }
  return seconds;
}

async function askFor(office: StillOffice, person: Person, way: Way): Promise<void> {
  const { world, company } = office;
  const { greenhouse, lever } = world;
  const connectionId = company.connections[person.ats].id;
  const ids = { applicationId: Number(person.applicationId), candidateId: Number(person.candidateId) };
  if (way === 'admin by page' || way === 'admin by id') {
    const url = `https://app.greenhouse.io/people/${person.candidateId}/applications/${person.applicationId}`;
    const candidate = way === 'admin by page' ? { kind: 'page', url } : { kind: 'candidate', id: person.candidateId };
    const preview = await company.api.call(erasePreviewSchema, 'POST', PATHS.erasures, { connectionId, candidate });
    if (!preview.candidateName?.includes(person.canary)) throw new Error('an admin would have erased somebody else');
    const confirmed = { connectionId, candidate, confirmation: ERASE_WORD };
    await company.api.call(erasureSchema, 'POST', PATHS.erasures, confirmed);
    return;
  }
  if (person.ats === 'greenhouse') {
    if (way === 'deleted') greenhouse.deleteCandidate({ candidateId: ids.candidateId });
    if (way === 'application deleted') greenhouse.deleteApplication({ applicationId: ids.applicationId });
    if (way === 'anonymised') greenhouse.anonymizeCandidate({ candidateId: ids.candidateId });
    return;
  }
  if (way === 'anonymised') {
    await hintAt(office, person, () => lever.play.anonymise({ contactId: person.candidateId }));
    return;
  }
  if (way === 'listed as deleted') lever.direct.configure({ deliver: 'drop' });
  lever.play.deleteOpportunity({ opportunityId: person.applicationId, userId: world.seeds.lever.users.admin });
  lever.direct.configure({ deliver: 'deliver' });
}

/** Something happens there, so that we look. */
async function hintAt({ world }: StillOffice, person: Person, before: () => void = () => undefined): Promise<void> {
  before();
  const { greenhouse, lever, seeds } = world;
  if (person.ats === 'greenhouse')
    greenhouse.move({ applicationId: Number(person.applicationId), stageId: seeds.greenhouse.stages.backend.Onsite });
  else lever.play.move({ opportunityId: person.applicationId, stageId: seeds.lever.stages.onsite });
  await world.settle();
}

const keyRow = z.array(z.object({ key: z.string() }));

async function keyOf({ server }: StillOffice, { applicationId }: Person): Promise<string> {
  const rows = await server.services.db
    .select({ key: applications.key })
    .from(applications)
    .where(eq(applications.applicationId, applicationId));
  const [row] = keyRow.parse(rows);
  if (!row) throw new Error('an application that was never heard of');
  return row.key;
}

async function isKnown({ server }: StillOffice, { applicationId }: Person): Promise<boolean> {
  const rows = await server.services.db
    .select({ key: applications.key })
    .from(applications)
    .where(eq(applications.applicationId, applicationId));
  return rows.length > 0;
}

const click = (office: StillOffice, person: Person, key: string) => ({
  actionId: randomUUID(),
  page: person.page,
  applicationKey: key,
  clickedAt: office.clock.now().toISOString(),
});

async function command(office: StillOffice, person: Person, key: string, path: string, more: object): Promise<void> {
  const body = { ...click(office, person, key), ...more };
  const answer = await office.company.api.call(commandAnswerSchema, 'POST', path, body);
  if (answer.outcome === 'refused') throw new Error(`${path} was refused: ${answer.message}`);
}

async function panel({ company }: StillOffice, { page }: Person) {
  const query = new URLSearchParams(
    Object.entries(page).flatMap(([name, value]): [string, string][] => (name === 'kind' || !value ? [] : [[name, value]])),
  );
  return await company.api.call(panelViewSchema, 'GET', `${PATHS.panel}?${query}`);
}

/** Writes outside since the word; what takes an invitation back is meant. */
function writesAbout({ world }: StillOffice, mark: number): string[] {
  const writes = writesSince(world, mark).filter(
    ({ simulator, what }) => simulator !== 'coderbyte' || !what.startsWith('DELETE '),
  );
  return writes.map(({ simulator, what }) => `${simulator} ${what}`);
}

function isAbout({ body }: ReceivedRequest, { canary, applicationId, candidateId }: Person): boolean {
  const text = body.toString('utf8');
  return [canary, applicationId, candidateId].some((word) => text.includes(word));
}

/** As it was; Greenhouse's under another event id, as a repeat that is none. */
async function post(office: StillOffice, { path, headers, body }: ReceivedRequest): Promise<void> {
  const fresh: Record<string, string> = headers['greenhouse-event-id'] ? { 'greenhouse-event-id': randomUUID() } : {};
  const { 'content-length': _length, host: _host, connection: _connection, ...kept } = headers;
  await fetch(new URL(path, office.address), { method: 'POST', headers: { ...kept, ...fresh }, body: new Uint8Array(body) });
}

/** Whether looking, clicking or asking brings somebody back, or is answered with anything of theirs. */
async function comesBack(office: StillOffice, person: Person, key: string): Promise<string[]> {
  const problems: string[] = [];
  const view = await panel(office, person);
  if (view.kind !== 'unavailable' || view.code !== 'erased') problems.push(`the page shows ${view.kind}`);
  if (view.kind === 'unavailable' && !view.text.includes('was erased here on')) problems.push('the page does not say so');
  const { seniorSwe } = office.company.assessments;
  const response = await fetch(new URL(PATHS.commands.send, office.address), {
    method: 'POST',
    headers: { authorization: `Bearer ${office.company.token}`, 'content-type': 'application/json' },
    body: JSON.stringify({ ...click(office, person, key), assessmentId: seniorSwe.id }),
  });
  if (response.ok) problems.push('a click was taken');
  const { keys } = await office.company.api.call(erasedSchema, 'GET', PATHS.erased);
  if (!keys.includes(key)) problems.push('no browser is told');
  await office.crank.turn({ sweeps: true, polls: true });
  return problems;
}

/** Where in the tables somebody still is, by canary and by the ids that mean them. */
async function tracesOfRows({ server }: StillOffice, person: Person): Promise<string[]> {
  const words = [person.canary, ...[person.applicationId, person.candidateId].filter((id) => id.length >= 9)];
  const tables = await dumpStore(server.parts.pool);
  return tables.flatMap(({ table, text }) =>
    words.flatMap((word) => {
      const times = text.split(word.toLowerCase()).length - 1;
      return times > 0 ? [`${table} holds "${word}" ${times} times`] : [];
    }),
  );
}

/** The same, with the log and a new export. */
async function traces(office: StillOffice, person: Person): Promise<string[]> {
  const found = await tracesOfRows(office, person);
  if (JSON.stringify(office.log).toLowerCase().includes(person.canary))
    found.push(`the log: ${office.log.find((line) => JSON.stringify(line).toLowerCase().includes(person.canary))?.msg}`);
  const response = await fetch(new URL(PATHS.activityExport, office.address), {
    headers: { authorization: `Bearer ${office.company.token}` },
  });
  const text = await response.text();
  if (!response.ok) throw new Error(`the activity could not be exported: ${response.status} ${text.slice(0, 200)}`);
  if (text.toLowerCase().includes(person.canary)) found.push('the export of the activity');
  return found;
}

async function chainFaults({ server }: StillOffice): Promise<string[]> {
  for (;;) {
    const linked = await linkChain(server.services);
    if (linked.kind !== 'linked') return [`the audit could not be linked: ${linked.kind}`];
    if (linked.entries === 0) break;
  }
  const { fault, erased } = await verifyChain(server.services);
  if (fault) return [`the audit does not verify: ${fault.kind} at ${fault.seq}`];
  return erased > 0 ? [] : ['no detail of the audit was erased'];
}

/** Tags, notes and files of Greenhouse stay with the person when no more than the application was deleted. */
const GONE_WITH_IT: readonly Way[] = ['deleted', 'listed as deleted'];

/** What the newest erasure says of what we wrote in the ATS is so. */
async function saidOfTheAts({ company }: StillOffice, { ats, way, isVendorDown }: (typeof WAYS)[number]): Promise<string[]> {
  const { erasures } = await company.api.call(erasuresSchema, 'GET', PATHS.erasures);
  const codes = new Set(erasures[0]?.outside.map(({ code }) => code));
  const isGone = GONE_WITH_IT.includes(way);
  const wanted = [isGone ? 'ats-gone' : 'ats-notes', ...(isVendorDown ? ['perhaps'] : [])];
  const unwanted = isGone ? 'ats-notes' : 'ats-gone';
  return [
    ...wanted.filter((code) => !codes.has(code)).map((code) => `what lies outside lacks ${code} at ${ats}`),
    ...(codes.has(unwanted) ? [`what lies outside has ${unwanted} at ${ats}`] : []),
  ];
}

/** The list of erasures names nobody, and says what lies elsewhere. */
async function findNames({ company }: StillOffice): Promise<string[]> {
  const { erasures } = await company.api.call(erasuresSchema, 'GET', PATHS.erasures);
  const problems = JSON.stringify(erasures).toLowerCase().includes('canary') ? ['the list of erasures names somebody'] : [];
  const codes = new Set(erasures.flatMap(({ outside }) => outside.map(({ code }) => code)));
  for (const code of ['ats-notes', 'ats-gone', 'vendor-cancelled', 'vendor-open', 'vendor-keeps', 'mails', 'backups'])
    if (!codes.has(code)) problems.push(`what lies outside lacks ${code}`);
  return problems;
}
