import { randomUUID } from 'node:crypto';
import { beforeAll, describe, expect, test } from 'vitest';
import { accessReportSchema } from '../../lib/contract/access.ts';
import { type ApplicationView, changeChoicesSchema } from '../../lib/contract/panel.ts';
import { PATHS } from '../../lib/contract/paths.ts';
import { effects } from '../../server/storage/schema.ts';
import { ALL_SCOPES } from '../simulators/greenhouse/acts/credentials.ts';
import { greenhousePage, leverPage, type Recruiter, useTestServer } from '../support/test-server.ts';

const server = useTestServer({ world: { greenhouse: { rateLimit: 5000 } } });
let ben: Recruiter;
beforeAll(async () => {
  ben = await server().join('Ben');
});

const GRACE_S = 301;
type Page = Parameters<Recruiter['open']>[0];

const change = async (page: Page, wanted: object, more: Record<string, unknown> = {}) => {
  const view = await ben.open(page);
  const answer = await ben.command(PATHS.commands.change, view, { shown: { stageId: view.stageId }, change: wanted, ...more });
  await server().settle();
  return answer;
};
const choicesOf = async (view: ApplicationView, kind: string, who = ben) => {
  const answer = await server().fetch(`${PATHS.choices}?applicationKey=${view.key}&change=${kind}`, {
    headers: { authorization: `Bearer ${who.token}` },
  });
  return { status: answer.status, body: await answer.json() };
};
const texts = async (page: Page) => (await ben.open(page)).happenings.map(({ text }) => text);
const changesMade = async (page: Page) => {
  const { key } = await ben.open(page);
  return (await server().server.services.db.select().from(effects)).filter(
    (row) => row.applicationKey === key && row.kind === 'change-application',
  );
};

interface Person {
  page: Page;
  invite(): Promise<void>;
}

const greenhousePerson = async (stageId?: number): Promise<Person & { applicationId: number }> => {
  const { greenhouse, seeds } = server().world;
  const email = `${randomUUID()}@mail.example`;
  const { id: candidateId } = greenhouse.createCandidate({ firstName: 'Ada', lastName: 'Moreno', email, tags: ['Senior SWE'] });
  const more = stageId === undefined ? {} : { stageId };
  const { id: applicationId } = greenhouse.createApplication({ candidateId, jobId: seeds.greenhouse.jobs.backend, ...more });
  await server().settle();
  const page = greenhousePage(applicationId, candidateId);
  return { applicationId, page, invite: () => send(page) };
};
const leverPerson = async (): Promise<Person & { opportunityId: string }> => {
  const { lever, seeds } = server().world;
  const contactId = lever.play.createContact({ name: 'Ada Moreno', emails: [`${randomUUID()}@mail.example`] }).id;
  const { phoneScreen: stageId } = seeds.lever.stages;
  const { id: opportunityId } = lever.play.createOpportunity({
    contactId,
    postingId: seeds.lever.postings.backend,
    stageId,
    tags: ['Senior SWE'],
  });
  const page = leverPage(opportunityId);
  return { opportunityId, page, invite: () => send(page) };
};
const send = async (page: Page) => {
  await ben.send(await ben.open(page));
  server().clock.advance(11);
  await server().settle();
  expect((await ben.open(page)).invitations).toMatchObject([{ state: 'sent' }]);
};
const passGrace = async () => {
  server().clock.advance(GRACE_S);
  await server().settle();
};

test('where a job has several openings, one of them has to be chosen', async () => {
  const { page } = await greenhousePerson();
  const view = await ben.open(page);
  const listed = changeChoicesSchema.parse((await choicesOf(view, 'hire')).body);
  expect(listed.choices.length).toBeGreaterThan(1);
  const hire = (openingId: string | null) => ({
    shown: { stageId: view.stageId },
    change: { kind: 'hire', openingId, reasonId: null },
  });
  expect(await ben.refusal(PATHS.commands.change, view, hire(null))).toMatchObject({
    code: 'unknown-to-ats',
    message: 'Choose one of the openings.',
  });
  expect(await ben.refusal(PATHS.commands.change, view, hire('4711'))).toMatchObject({
    message: expect.stringContaining('does not have that opening any more'),
  });
});

describe.each([
  ['Greenhouse', greenhousePerson, 'rejected'],
  ['Lever', leverPerson, 'archived'],
] as const)('a recruiter, at %s', (ats, arrive, done) => {
  test('rejects: the ATS says so, its webhook causes nothing twice, and the open invitation ends after the grace', async () => {
    const { page, invite } = await arrive();
    await invite();
    const choices = changeChoicesSchema.parse((await choicesOf(await ben.open(page), 'reject')).body);
    expect(choices.of).toBe('reason');
    const [reason] = choices.choices;
    const actionId = randomUUID();
    const wanted = { kind: 'reject', reasonId: reason?.id };
    expect(await change(page, wanted, { actionId })).toMatchObject({ outcome: 'done' });
    expect(await ben.open(page)).toMatchObject({ status: 'archived', changes: ['unreject'], invitations: [{ state: 'sent' }] });
    // The same click again, though the application is closed by now.
    expect(await change(page, wanted, { actionId })).toMatchObject({ outcome: 'done' });
    await passGrace();
    expect((await ben.open(page)).invitations).toMatchObject([{ state: 'cancelled' }]);
    expect(await changesMade(page)).toHaveLength(1);
    const told = await texts(page);
    expect(told.filter((text) => text === `Ben ${done} the candidate: ${reason?.name}.`)).toHaveLength(1);
    expect(told.filter((text) => text.startsWith('The application was closed'))).toHaveLength(1);
    expect(told.filter((text) => text.startsWith('Left the assessment stage'))).toHaveLength(1);
  });

  test('brings back within the grace: the invitation stays open', async () => {
    const { page, invite } = await arrive();
    await invite();
    const { choices } = changeChoicesSchema.parse((await choicesOf(await ben.open(page), 'reject')).body);
    await change(page, { kind: 'reject', reasonId: choices[0]?.id });
    server().clock.advance(60);
    await change(page, { kind: 'unreject' });
    expect(await ben.open(page)).toMatchObject({ status: 'active' });
    await passGrace();
    expect((await ben.open(page)).invitations).toMatchObject([{ state: 'sent' }]);
    expect(await texts(page)).toContain('Ben brought the candidate back.');
  });

  test('moves on to the next stage, once for two clicks on the same stage', async () => {
    const { page } = await arrive();
    const before = await ben.open(page);
    const click = () =>
      ben.command(PATHS.commands.change, before, { shown: { stageId: before.stageId }, change: { kind: 'advance' } });
    await Promise.all([click(), click()]);
    await server().settle();
    const after = await ben.open(page);
    expect(after.stageId).not.toBe(before.stageId);
    expect(after.stageName).toBe(before.nextStageName);
    expect(await click()).toMatchObject({ outcome: 'refused', message: expect.stringContaining('in another stage by now') });
    await server().settle();
    expect((await ben.open(page)).stageId).toBe(after.stageId);
  });

  test('marks as hired', async () => {
    const { page } = await arrive();
    const { of, choices } = changeChoicesSchema.parse((await choicesOf(await ben.open(page), 'hire')).body);
    const id = choices[0]?.id;
    await change(page, { kind: 'hire', ...(of === 'opening' ? { openingId: id } : { reasonId: id }) });
    expect(await ben.open(page)).toMatchObject({ status: 'hired', changes: [] });
    expect(await texts(page)).toContain('Ben marked the candidate as hired.');
    expect(await change(page, { kind: 'unreject' })).toMatchObject({ outcome: 'refused' });
  });

  test('is refused what the ATS does not list', async () => {
    const { page } = await arrive();
    const view = await ben.open(page);
    const wanted = { shown: { stageId: view.stageId }, change: { kind: 'reject', reasonId: '4711' } };
    expect(await ben.refusal(PATHS.commands.change, view, wanted)).toEqual({
      status: 422,
      code: 'unknown-to-ats',
      message: `${ats} does not have that reason any more. Choose again.`,
    });
    expect(await changesMade(page)).toEqual([]);
  });

  test('is refused where the page shows somebody else', async () => {
    const shown = await ben.open((await arrive()).page);
    const other = await arrive();
    await ben.open(other.page);
    const wanted = { shown: { stageId: shown.stageId }, change: { kind: 'advance' } };
    expect(await ben.refusal(PATHS.commands.change, shown, wanted, other.page)).toMatchObject({
      status: 409,
      code: 'page-moved-on',
    });
    expect(await changesMade(shown.reference)).toEqual([]);
  });

  test('a viewer can do and choose nothing of it', async () => {
    const { page } = await arrive();
    const viewer = await server().join('Vera', 'viewer');
    const view = await viewer.open(page);
    expect(view.changes).toEqual([]);
    const wanted = { shown: { stageId: view.stageId }, change: { kind: 'advance' } };
    expect(await viewer.refusal(PATHS.commands.change, view, wanted)).toMatchObject({ status: 403, code: 'forbidden' });
    expect((await choicesOf(view, 'reject', viewer)).status).toBe(403);
    expect(await changesMade(page)).toEqual([]);
  });
});

describe('another job', () => {
  test('at Greenhouse: one of the open jobs, and the candidate begins in its first stage', async () => {
    const { page } = await greenhousePerson();
    const before = await ben.open(page);
    const { greenhouse } = server().world;
    const job = greenhouse.createJob({ name: `Platform ${randomUUID()}`, stages: ['Application Review', 'Onsite'] });
    const { choices } = changeChoicesSchema.parse((await choicesOf(before, 'transfer')).body);
    expect(choices.map(({ id }) => id)).toContain(String(job.id));
    await change(page, { kind: 'transfer', jobId: String(job.id) });
    expect(await ben.open(page)).toMatchObject({ jobName: job.name, stageName: 'Application Review' });
    expect(await texts(page)).toContain(`Ben moved the candidate to the job "${job.name}".`);
  });

  test('is not offered at Lever, whose API has no call for it', async () => {
    const view = await ben.open((await leverPerson()).page);
    expect(view.changes).toEqual(['advance', 'reject', 'hire']);
    expect(await choicesOf(view, 'transfer')).toMatchObject({ status: 502, body: { error: { code: 'ats-refused' } } });
  });
});

test('a recruiter moves a candidate on into the assessment stage: the rule sends, once', async () => {
  const { stages } = server().world.seeds.greenhouse;
  const names = Object.keys(stages.backend);
  const before = names[names.indexOf('Assessment') - 1] ?? '';
  const { page } = await greenhousePerson(stages.backend[before as keyof typeof stages.backend]);
  await change(page, { kind: 'advance' });
  expect(await ben.open(page)).toMatchObject({ stageName: 'Assessment', invitations: [{ state: 'sent' }] });
});

test('without the right it fails and says which; known to be missing, it is not offered any more', async () => {
  const { company, world } = server();
  const { page } = await greenhousePerson();
  world.greenhouse.changeCredential({ scopes: ALL_SCOPES.filter((scope) => scope !== 'harvest:applications:reject') });
  const { choices } = changeChoicesSchema.parse((await choicesOf(await ben.open(page), 'reject')).body);
  await change(page, { kind: 'reject', reasonId: choices[0]?.id });
  const view = await ben.open(page);
  expect(view.status).toBe('active');
  expect(view.happenings.find(({ text }) => text.startsWith('Not rejected'))).toMatchObject({
    text: expect.stringContaining('harvest:applications:reject'),
    tone: 'attention',
    mend: { kind: 'change-again', change: 'reject' },
  });
  await company.api.call(
    accessReportSchema,
    'POST',
    PATHS.connectionAccess.replace('{id}', company.connections.greenhouse.id),
    {},
  );
  const after = await ben.open(page);
  expect(after.changes).toEqual(['advance', 'transfer', 'hire']);
  expect(after.happenings.map(({ mend }) => mend)).not.toContainEqual({ kind: 'change-again', change: 'reject' });
});

test('in the last stage there is no next one, and none is offered', async () => {
  const { greenhouse, seeds } = server().world;
  const { page, applicationId } = await greenhousePerson();
  greenhouse.move({ applicationId, stageId: Object.values(seeds.greenhouse.stages.backend).at(-1) ?? 0 });
  await server().settle();
  const view = await ben.open(page);
  expect(view.changes).not.toContain('advance');
  // A browser that has it on its screen from before, or a program.
  const wanted = { shown: { stageId: view.stageId }, change: { kind: 'advance' } };
  expect(await ben.refusal(PATHS.commands.change, view, wanted)).toEqual({
    status: 422,
    code: 'unknown-to-ats',
    message: 'The candidate is already in the last stage.',
  });
});
