import { beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { memberRowSchema } from '../../lib/contract/pairing.ts';
import { PATHS } from '../../lib/contract/paths.ts';
import { connectionViewSchema } from '../../lib/contract/settings.ts';
import { feedbackFormsViewSchema, fieldsViewSchema } from '../../lib/contract/write-back.ts';
import { leverPage, useTestServer } from '../support/test-server.ts';

const server = useTestServer();
type Kind = 'greenhouse' | 'lever';
const at = (path: string, kind: Kind) => path.replace('{id}', server().company.connections[kind].id);

const writeBack = async (kind: Kind, wanted: object) => {
  const { api } = server().company;
  const { settings } = await api.call(connectionViewSchema, 'GET', at(PATHS.connection, kind));
  await api.call(connectionViewSchema, 'PATCH', at(PATHS.connection, kind), { settings: { ...settings, writeBack: wanted } });
};
const whomOf = (email: string) => ({ assessmentId: server().world.seeds.coderbyte.seniorSwe, email });
/** All effects have run; those that wait for a time are brought forward. */
const untilWritten = () =>
  server().until(async () => {
    server().clock.advance(60);
    await server().settle();
    const { rows } = await server().server.services.db.execute(
      `select kind from tagalong.effects where state in ('queued', 'calling')`,
    );
    expect(rows).toEqual([]);
  });

describe('in Greenhouse', () => {
  const EMAIL = 'ada@example.com';
  let names: { status: string; score: string };
  const values = () => {
    const { greenhouse, seeds } = server().world;
    const { customFields } = greenhouse.world.applications.get(seeds.greenhouse.applications.ada);
    return { status: customFields[names.status]?.value, score: customFields[names.score]?.value };
  };

  beforeAll(async () => {
    const { greenhouse } = server().world;
    const make = (name: string, more: Pick<Parameters<typeof greenhouse.createCustomField>[0], 'valueType' | 'options'>) =>
      greenhouse.createCustomField({ name, fieldType: 'application', ...more });
    const words = ['Sent', 'Started', 'Submitted', 'Scored', 'Expired'];
    const status = make('Assessment status', { valueType: 'single_select', options: words });
    const score = make('Assessment score', { valueType: 'number' });
    names = { status: status.nameKey, score: score.nameKey };
    const { fields } = await server().company.api.call(fieldsViewSchema, 'GET', at(PATHS.connectionFields, 'greenhouse'));
    const idOf = (name: string) => fields.find((field) => field.name === name)?.fieldId;
    expect(fields.find(({ name }) => name === 'Assessment status')).toMatchObject({
      type: 'choice',
      choices: expect.arrayContaining(words),
    });
    expect(fields.map(({ name }) => name)).not.toContain('Salary wish');
    await writeBack('greenhouse', { statusField: idOf('Assessment status'), scoreField: idOf('Assessment score') });
  });

  test('status and score follow the life of an invitation', async () => {
    const { greenhouse, coderbyte, seeds } = server().world;
    const { applications, stages } = seeds.greenhouse;
    greenhouse.move({ applicationId: applications.ada, stageId: stages.backend.Assessment });
    await server().settle();
    expect(values()).toEqual({ status: 'Sent', score: undefined });
    coderbyte.play.start(whomOf(EMAIL));
    await server().settle();
    expect(values()).toEqual({ status: 'Started', score: undefined });
    coderbyte.play.submit({ ...whomOf(EMAIL), finalScore: 84 });
    await server().settle();
    expect(values()).toEqual({ status: 'Scored', score: 84 });
  });

  test('the answer is lost: a revised score is there all the same', async () => {
    const { greenhouse, coderbyte } = server().world;
    greenhouse.failNext({ method: 'PATCH', path: '/v3/applications/', kind: 'reset', when: 'after' });
    coderbyte.play.score({ ...whomOf(EMAIL), finalScore: 91 });
    coderbyte.play.thumb({ ...whomOf(EMAIL), recommendation: 'thumb_up' });
    await server().settle();
    await untilWritten();
    expect(values()).toEqual({ status: 'Scored', score: 91 });
  });

  test('a choice that an admin took away is told on the candidate, with what there is', async () => {
    const { greenhouse, coderbyte } = server().world;
    const { world } = greenhouse;
    for (const option of world.customFieldOptions.list(({ name }) => name === 'Scored'))
      world.customFieldOptions.remove(option.id);
    server().clock.advance(600);
    coderbyte.play.score({ ...whomOf(EMAIL), finalScore: 70 });
    coderbyte.play.thumb({ ...whomOf(EMAIL), recommendation: 'thumb_down' });
    await server().settle();
    expect(values().score).toBe(70);
    const { rows } = await server().server.services.db.execute<{ error: string }>(
      `select error from tagalong.effects where kind = 'write-fields' and state = 'failed'`,
    );
    expect(rows).toEqual([{ error: expect.stringMatching(/no choice “Scored”\. It has: Expired, Submitted, Started, Sent\./) }]);
  });
});

describe('in Lever', () => {
  const forms = (opportunityId: string) =>
    [...server().world.lever.account.feedback.values()].filter((one) => one.opportunityId === opportunityId);
  const linksOf = (opportunityId: string) => {
    const { opportunities, contacts } = server().world.lever.account;
    return contacts.get(opportunities.get(opportunityId)?.contact ?? '')?.links ?? [];
  };

  beforeAll(async () => {
    server().world.lever.play.createFeedbackTemplate({ text: 'Assessment result' });
    const { forms: listed } = await server().company.api.call(feedbackFormsViewSchema, 'GET', at(PATHS.feedbackForms, 'lever'));
    const form = listed.find(({ name }) => name === 'Assessment result');
    expect(form?.scores).toContain('3 - Hire');
    await writeBack('lever', {
      reportLink: true,
      feedbackForm: form?.formId,
      feedbackScores: { passed: '3 - Hire', notPassed: '2 - No Hire' },
    });
  });

  test('the link and one form are there, though the answer was lost, and a revised result adds no second form', async () => {
    const { lever, coderbyte, seeds } = server().world;
    const email = 'ada.moreno@mail.example';
    const { ada } = seeds.lever.opportunities;
    lever.play.move({ opportunityId: ada, stageId: seeds.lever.stages.assessment });
    await server().settle();
    lever.direct.failNext({ method: 'POST', path: '/feedback', when: 'after', answer: { kind: 'reset' } });
    coderbyte.play.start(whomOf(email));
    coderbyte.play.submit({ ...whomOf(email), finalScore: 84 });
    await server().settle();
    await untilWritten();
    expect(forms(ada)).toHaveLength(1);
    const values = forms(ada)[0]?.fieldValues.map(({ value }) => value);
    expect(values).toEqual(['3 - Hire', expect.stringMatching(/84 of 100.*Tagalong TA-[0-9a-f]{12}$/)]);
    // Sent by a rule: the user whom the connection names.
    expect(forms(ada)[0]?.user).toBe(seeds.lever.users.admin);
    expect(linksOf(ada)).toEqual([expect.any(String), expect.stringMatching(/^https:\/\/coderbyte\.com\//)]);
    coderbyte.play.score({ ...whomOf(email), finalScore: 20 });
    coderbyte.play.thumb({ ...whomOf(email), recommendation: 'thumb_down' });
    await server().settle();
    await untilWritten();
    expect(forms(ada)).toHaveLength(1);
  });

  test('what a recruiter sent is written in their name', async () => {
    const { lever, coderbyte, seeds } = server().world;
    const benInLever = lever.play.createUser({ name: 'Ben', email: 'ben@example.com', accessRole: 'team member' }).id;
    const ben = await server().join('Ben');
    const { api, assessments } = server().company;
    const { members } = await api.call(z.object({ members: z.array(memberRowSchema) }), 'GET', PATHS.members);
    const id = members.find(({ name }) => name === 'Ben')?.id ?? '';
    await api.call(memberRowSchema, 'PATCH', PATHS.member.replace('{id}', id), { email: 'ben@example.com' });
    await api.call(z.unknown(), 'GET', at(PATHS.connectionUsers, 'lever'));
    const email = 'noor@mail.example';
    const contactId = lever.play.createContact({ name: 'Noor', emails: [email] }).id;
    const opportunity = lever.play.createOpportunity({ contactId, postingId: seeds.lever.postings.backend });
    const shown = await ben.open(leverPage(opportunity.id));
    await ben.send(shown, { assessmentId: assessments.seniorSwe.id });
    await server().settle();
    server().clock.advance(11);
    await server().settle();
    coderbyte.play.start(whomOf(email));
    coderbyte.play.submit({ ...whomOf(email), finalScore: 10 });
    await server().settle();
    await untilWritten();
    expect(forms(opportunity.id)).toMatchObject([{ user: benInLever }]);
    expect(forms(opportunity.id)[0]?.fieldValues[0]?.value).toBe('2 - No Hire');
  });
});
