import { randomUUID } from 'node:crypto';
import { accessReportSchema } from '../../../lib/contract/access.ts';
import { commandAnswerSchema, panelViewSchema } from '../../../lib/contract/panel.ts';
import { PATHS } from '../../../lib/contract/paths.ts';
import type { Check, CheckRow, CheckRun } from '../../checks/check-report.ts';
import { notesOf } from '../evidence.ts';
import { createSeededRandom } from '../seeded-random.ts';
import { applyAtGreenhouse, applyAtLever, type Seeker } from '../seekers.ts';
import { CREDENTIAL_KINDS, type CredentialKind } from '../tools/credential-kinds.ts';
import { type StillOffice, startStillOffice } from '../tools/still-office.ts';
import { lastSeq } from '../tools/writes.ts';

const RIGHTS_OF_EACH = { small: 6, full: Number.POSITIVE_INFINITY };

/** What one story came to. */
interface Told {
  right: string;
  /** The ATS refused one of our calls for want of this right. */
  wasRefused: boolean;
  /** Invited, both notes written, moved on. */
  isWhole: boolean;
  /** Where the right's own name stands. */
  named: 'panel' | 'access report' | null;
  problems: string[];
}

/** S28: the main job with one right missing: it says which one, and does nothing by halves without saying so. */
export const missingRights: Check = {
  id: 'S28',
  what: 'each permission of the ATS missing in turn',
  budgetMs: { full: 75_000 },
  async run(given) {
    const rows: CheckRow[] = [];
    for (const [index, kind] of CREDENTIAL_KINDS.entries())
      rows.push(await runKind(kind, { ...given, seed: given.seed + index }));
    return rows;
  },
};

async function runKind(kind: CredentialKind, { seed, size, say }: CheckRun): Promise<CheckRow> {
  const random = createSeededRandom(seed);
  const office = await startStillOffice({ setUp: { rules: { advanceOnPass: true } } });
  try {
    await kind.connect(office);
    const all = await tellStory(office, { kind, right: null, number: 0 });
    const problems = all.isWhole && !all.wasRefused ? [] : [`with all rights: ${all.problems.join('; ') || 'not whole'}`];
    const told: Told[] = [];
    const rights = size === 'full' ? kind.rights : random.some(kind.rights, RIGHTS_OF_EACH[size]);
    for (const [index, right] of rights.entries()) told.push(await tellStory(office, { kind, right, number: index + 1 }));
    const refused = told.filter(({ wasRefused }) => wasRefused);
    // Worked around without anything missing, nobody has to do anything.
    const unnamed = refused.filter(({ named, isWhole }) => named === null && !isWhole);
    const notWhole = told.filter(({ wasRefused, isWhole }) => !wasRefused && !isWhole);
    problems.push(
      ...unnamed.map(({ right }) => `not named: ${right}`),
      ...notWhole.map(({ right }) => `not whole without a refusal: ${right}`),
      ...told.flatMap(({ right, problems: own }) => own.map((problem) => `${right}: ${problem}`)),
    );
    for (const problem of problems.slice(0, 10)) say(`${kind.name}: ${problem}`);
    const inPanel = refused.filter(({ named }) => named === 'panel').length;
    const inReport = refused.filter(({ named }) => named === 'access report').length;
    return {
      id: 'S28',
      what: `${kind.name}: stage entered, tag, invitation, note, result, move, with one right missing`,
      asked: `${kind.rights.length} rights`,
      reached: `${told.length} rights, ${refused.length} of them refused (named in the panel ${inPanel}, in the access report ${inReport}), ${told.length - refused.length} not needed`,
      figure: `not named or done by halves ${problems.length}`,
      target: '0',
      met: problems.length === 0 && told.length > 0,
    };
  } finally {
    await office.close();
  }
}

interface Story {
  kind: CredentialKind;
  right: string | null;
  number: number;
}

async function tellStory(office: StillOffice, { kind, right, number }: Story): Promise<Told> {
  const { world } = office;
  const tag = 'Senior SWE';
  const person = { name: `Seeker Number${number}`, email: `seeker.${number}@mail.example`, tag: 'referral' };
  const [seeker] = (kind.ats === 'lever' ? applyAtLever : applyAtGreenhouse)(world, person, 1);
  if (!seeker) throw new Error('nobody applied');
  await workOff(office, 60);
  // Whatever adapters remember is forgotten by then.
  await workOff(office, 1200);
  const mark = lastSeq(world);
  const giveBack = right === null ? () => undefined : kind.take(office, right);
  try {
    seeker.take({ kind: 'move', to: 'assessment' });
    await workOff(office, 60);
    await clickSend(office, seeker);
    await workOff(office, 60);
    const invited = () => world.coderbyte.invitations().filter(({ email }) => email === seeker.email);
    if (invited().length > 0) finishTest(office, seeker);
    for (let turn = 0; turn < 3; turn += 1) await workOff(office, 120);
    const notes = notesOf(world).filter(({ of }) => of === seeker.notesOf);
    const texts = JSON.stringify(await panelOf(office, seeker));
    const wasRefused = world.journal
      .list({ kind: 'api' })
      .some((call) => call.seq > mark && call.simulator === kind.ats && call.status === 403);
    const stage = stageOf(office, seeker);
    const isWhole = invited().length === 1 && notes.length === 2 && stage === 'Onsite' && tagsOf(office, seeker).includes(tag);
    const name = right === null ? null : kind.nameOf(right);
    const inReport = async () => (await missingByReport(office, kind)).some((missing) => name !== null && missing.includes(name));
    const named =
      name === null ? null : texts.includes(name) ? 'panel' : wasRefused && (await inReport()) ? 'access report' : null;
    return {
      right: right ?? '',
      wasRefused,
      isWhole,
      named,
      problems: await halves(office, { seeker, invited: invited().length, notes, stage }),
    };
  } finally {
    giveBack();
  }
}

/** What happened outside and what the panel says of it must agree, and nothing is there twice. */
async function halves(
  office: StillOffice,
  {
    seeker,
    invited,
    notes,
    stage,
  }: { seeker: Seeker; invited: number; notes: readonly { about: string }[]; stage: string | undefined },
): Promise<string[]> {
  const view = await panelOf(office, seeker);
  const problems: string[] = [];
  if (invited > 1) problems.push(`invited ${invited} times`);
  for (const about of ['sent', 'result'])
    if (notes.filter((note) => note.about === about).length > 1) problems.push(`the note about ${about} is there twice`);
  if (view.kind !== 'application') return problems;
  const out = view.invitations.filter(({ state }) => ['sent', 'started', 'submitted', 'scored'].includes(state)).length;
  if (out !== invited) problems.push(`${invited} invitations went out, the panel shows ${out}`);
  if (notes.length > 0 && invited === 0) problems.push('a note about what did not happen');
  if (stage === 'Onsite' && invited === 0) problems.push('moved on without a test');
  return problems;
}

async function clickSend(office: StillOffice, seeker: Seeker): Promise<void> {
  const view = await panelOf(office, seeker);
  if (view.kind !== 'application' || !view.may.send) return;
  const click = {
    actionId: randomUUID(),
    page: view.reference,
    applicationKey: view.key,
    clickedAt: office.clock.now().toISOString(),
    assessmentId: office.company.assessments.seniorSwe.id,
  };
  await office.company.api.call(commandAnswerSchema, 'POST', PATHS.commands.send, click).catch((error: unknown) => {
    // A refusal is an answer: what it led to is judged afterwards.
    if (!/was answered (4\d\d|503)/.test(String(error))) throw error;
  });
}

function finishTest({ world, company }: StillOffice, { email }: Seeker): void {
  const { externalId } = company.assessments.seniorSwe;
  world.coderbyte.play.start({ assessmentId: externalId ?? '', email });
  world.coderbyte.play.submit({ assessmentId: externalId ?? '', email, finalScore: 91 });
}

function panelOf({ company }: StillOffice, { ats, applicationId }: Seeker) {
  const host = ats === 'lever' ? 'hire.lever.co' : 'app.greenhouse.io';
  return company.api.call(panelViewSchema, 'GET', `${PATHS.panel}?${new URLSearchParams({ ats, host, applicationId })}`);
}

/** Names of the rights that the options page says are missing. */
async function missingByReport({ company }: StillOffice, { ats }: CredentialKind): Promise<string[]> {
  const path = PATHS.connectionAccess.replace('{id}', company.connections[ats].id);
  const { rights } = await company.api.call(accessReportSchema, 'POST', path, {});
  return rights.filter(({ state }) => state === 'missing').map(({ name }) => name);
}

function stageOf({ world: { greenhouse, lever } }: StillOffice, { ats, applicationId }: Seeker): string | undefined {
  if (ats === 'greenhouse') return greenhouse.world.currentStage(greenhouse.world.applications.get(Number(applicationId)))?.name;
  return lever.account.stages.find(({ id }) => id === lever.account.opportunities.get(applicationId)?.stage)?.text;
}

function tagsOf({ world: { greenhouse, lever } }: StillOffice, { ats, applicationId, notesOf: of }: Seeker): readonly string[] {
  return ats === 'greenhouse'
    ? greenhouse.world.tagsOf(Number(of))
    : (lever.account.opportunities.get(applicationId)?.tags ?? []);
}

async function workOff({ world, crank, clock }: StillOffice, seconds: number): Promise<void> {
  clock.pass(seconds / 2);
  await world.settle();
  await crank.turn();
  clock.pass(seconds / 2);
  await world.settle();
  await crank.turn();
}
