import { randomUUID } from 'node:crypto';
import { beforeAll, expect, test } from 'vitest';
import { PATHS } from '../../lib/contract/paths.ts';
import {
  type AssessmentView,
  assessmentViewSchema,
  checkAnswerSchema,
  connectionViewSchema,
} from '../../lib/contract/settings.ts';
import { toAdafacePath } from '../simulators/partner/index.ts';
import { leverPage, type Recruiter, useTestServer } from '../support/test-server.ts';
import { wakeQueue } from '../support/wake-queue.ts';

const server = useTestServer({ world: { partner: { basePath: toAdafacePath('northwind') } } });
const partnerOf = () => {
  const { partner, urls, seeds } = server().world;
  const baseUrl = urls.vendorApis.partner;
  if (!partner || !baseUrl || !seeds.partner) throw new Error('a world without a partner');
  return { partner, baseUrl, tests: seeds.partner };
};
let ben: Recruiter;
let assessment: AssessmentView;

beforeAll(async () => {
  ben = await server().join('Ben');
  const { api } = server().company;
  const { partner, baseUrl, tests } = partnerOf();
  const connection = await api.call(connectionViewSchema, 'POST', PATHS.connections, {
    name: 'Adaface of Northwind',
    settings: { kind: 'partner', preset: 'adaface', baseUrl },
    secrets: { apiKey: partner.apiKey() },
  });
  expect(connection.webhooks).toEqual([]);
  const check = await api.call(checkAnswerSchema, 'POST', PATHS.connectionCheck.replace('{id}', connection.id), {});
  expect(check).toMatchObject({ ok: true, message: expect.stringContaining('Adaface') });
  const wanted = { vendorConnectionId: connection.id, externalId: tests.java, name: 'Java developer', tag: 'Java' };
  await expect(api.call(assessmentViewSchema, 'POST', PATHS.assessments, wanted)).rejects.toThrow(
    /writes to the candidate itself/,
  );
  assessment = await api.call(assessmentViewSchema, 'POST', PATHS.assessments, { ...wanted, handover: 'vendor e-mail' });
});

async function arrive() {
  const { lever, seeds } = server().world;
  const email = `${randomUUID()}@mail.example`;
  const contact = lever.play.createContact({ name: 'Ada Moreno', emails: [email] });
  const { id } = lever.play.createOpportunity({
    ...{ contactId: contact.id, postingId: seeds.lever.postings.backend, stageId: seeds.lever.stages.phoneScreen, tags: [] },
  });
  await server().settle();
  const page = leverPage(id);
  return { email, page, opportunityId: id };
}

async function send(page: ReturnType<typeof leverPage>) {
  expect(await ben.send(await ben.open(page), { assessmentId: assessment.id })).toMatchObject({ outcome: 'done' });
  server().clock.advance(11);
}

test('a candidate of Lever is invited through the protocol, asked about until complete, and noted without a percentage', async () => {
  const { partner } = partnerOf();
  const { email, page } = await arrive();
  await send(page);
  await server().until(async () =>
    expect((await ben.open(page)).invitations).toMatchObject([{ state: 'sent', vendorName: 'Adaface' }]),
  );
  const [interview] = partner.interviews().filter((one) => one.candidate.email === email);
  expect(interview?.candidate.profileUrl).toMatch(/^https:\/\/hire\.lever\.co\/candidates\//);
  expect(partner.mails().filter(({ to }) => to === email)).toHaveLength(1);

  const interviewId = interview?.id ?? '';
  partner.play.start({ interviewId });
  server().clock.advance(61);
  await server().until(async () => expect((await ben.open(page)).invitations).toMatchObject([{ state: 'started' }]));
  partner.play.submit({ interviewId, score: 81 });
  server().clock.advance(61);
  await server().until(async () =>
    expect((await ben.open(page)).invitations).toMatchObject([
      {
        state: 'scored',
        result: { score: { value: 81, max: null }, reportUrl: expect.stringContaining('https://app.adaface.com/') },
      },
    ]),
  );
  await server().settle();
  const notes = [...server().world.lever.account.notes.values()].map((note) => JSON.stringify(note));
  const told = notes.filter((note) => note.includes('Java developer') && note.includes('81'));
  expect(told.length).toBeGreaterThan(0);
  expect(told.join('')).not.toContain('81%');
});

test('what the service cannot withdraw is closed here, and it is said that the link still works', async () => {
  const { page } = await arrive();
  await send(page);
  await server().until(async () => expect((await ben.open(page)).invitations).toMatchObject([{ state: 'sent' }]));
  const view = await ben.open(page);
  const invitationId = view.invitations[0]?.id;
  expect(await ben.command(PATHS.commands.cancel, view, { invitationId })).toMatchObject({ outcome: 'done' });
  await server().until(async () => expect((await ben.open(page)).invitations).toMatchObject([{ state: 'cancelled' }]));
  expect((await ben.open(page)).happenings.map(({ text }) => text)).toContain(
    'Java developer was cancelled here. Adaface has no way to withdraw it, so the link the candidate has still works.',
  );
});

test('an invitation whose answer was lost is unconfirmed, and never sent a second time', async () => {
  const { partner } = partnerOf();
  const { email, page } = await arrive();
  partner.direct.failNext({ method: 'POST', when: 'after', kind: 'reset' });
  await send(page);
  await server().until(async () => expect((await ben.open(page)).invitations).toMatchObject([{ state: 'unconfirmed' }]));
  for (const minutes of [1, 10, 60]) {
    server().clock.advance(minutes * 60);
    await server().settle();
  }
  expect(partner.mails().filter(({ to }) => to === email)).toHaveLength(1);
  expect((await ben.open(page)).invitations).toMatchObject([{ state: 'unconfirmed' }]);
});

test('while the service asks for patience nothing is sent, and then it is, once', async () => {
  const { partner } = partnerOf();
  const { email, page } = await arrive();
  partner.direct.failNext({ method: 'POST', kind: 'status', status: 429, headers: { 'retry-after': '1' } });
  await send(page);
  await server().until(() => expect(partner.journal.list({ kind: 'api' }).some(({ status }) => status === 429)).toBe(true));
  expect(partner.mails().filter(({ to }) => to === email)).toEqual([]);
  await server().settle();
  server().clock.advance(150);
  await server().until(async () => {
    await wakeQueue(server());
    expect((await ben.open(page)).invitations).toMatchObject([{ state: 'sent' }]);
  });
  expect(partner.mails().filter(({ to }) => to === email)).toHaveLength(1);
});
