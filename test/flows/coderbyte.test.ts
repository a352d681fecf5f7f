import { randomUUID } from 'node:crypto';
import { beforeAll, describe, expect, test } from 'vitest';
import type { InvitationView } from '../../lib/contract/panel.ts';
import { PATHS } from '../../lib/contract/paths.ts';
import { checkAnswerSchema, connectionViewSchema, rulesSchema } from '../../lib/contract/settings.ts';
import { leverPage, type Recruiter, type TestServer, useTestServer } from '../support/test-server.ts';

/** People at work in one company, at Coderbyte with a map or without. */
function cast(server: () => TestServer) {
  let ben: Recruiter | undefined;
  beforeAll(async () => {
    ben = await server().join('Ben');
  });
  const recruiter = () => {
    if (!ben) throw new Error('not started');
    return ben;
  };
  const lever = () => server().world.lever;
  /** Somebody new, in the stage before the assessment. */
  const arrive = (name = 'Ada Moreno', email = `${randomUUID()}@mail.example`, contactId?: string) => {
    const contact = contactId ?? lever().play.createContact({ name, emails: [email] }).id;
    const { seeds } = server().world;
    const { id } = lever().play.createOpportunity({
      contactId: contact,
      postingId: seeds.lever.postings.backend,
      stageId: seeds.lever.stages.phoneScreen,
      tags: ['Senior SWE'],
    });
    const who = { assessmentId: seeds.coderbyte.seniorSwe, email };
    return { page: leverPage(id), opportunityId: id, email, who, contact };
  };
  const enter = async (opportunityId: string) => {
    lever().play.move({ opportunityId, stageId: server().world.seeds.lever.stages.assessment });
    await server().settle();
  };
  const invited = async (name?: string) => {
    const person = arrive(name);
    await enter(person.opportunityId);
    return person;
  };
  const view = async ({ page }: { page: ReturnType<typeof leverPage> }) => await recruiter().open(page);
  const invitation = async (person: { page: ReturnType<typeof leverPage> }): Promise<InvitationView> => {
    const [first] = (await view(person)).invitations;
    if (!first) throw new Error('nobody was invited');
    return first;
  };
  const notes = ({ opportunityId }: { opportunityId: string }) =>
    [...lever().account.notes.values()]
      .filter((note) => note.createdByApi && note.opportunityId === opportunityId)
      .map((note) => note.comments.map(({ value }) => value).join(' / '));
  const tags = ({ opportunityId }: { opportunityId: string }) => lever().account.opportunities.get(opportunityId)?.tags ?? [];
  /** Coderbyte is asked again as time goes by. */
  const later = async (seconds: number) => {
    server().clock.advance(seconds);
    await server().settle();
  };
  return { recruiter, arrive, enter, invited, view, invitation, notes, tags, later };
}

describe('Coderbyte with an endpoint map', () => {
  const server = useTestServer();
  const { recruiter, arrive, enter, invited, view, invitation, notes, tags, later } = cast(server);
  const coderbyte = () => server().world.coderbyte;
  const finish = async ({ who }: { who: { assessmentId: string; email: string } }, work: object = {}) => {
    coderbyte().play.start(who);
    coderbyte().play.submit({ ...who, ...work });
    await server().settle();
  };

  test.each([
    ['trigger', 'status'],
    ['export', 'status'],
    ['trigger', 'refused'],
  ] as const)(
    'a report that is still made is asked for until it is there: in the words of the %s, not ready told by %s',
    async (vocabulary, notReady) => {
      coderbyte().direct.configure({ vocabulary, notReady });
      const ada = await invited();
      await finish(ada, { finalScore: 0, processing: true, timeExpired: true });
      expect(await invitation(ada)).toMatchObject({ state: 'submitted', result: null });
      const asked = () =>
        coderbyte()
          .journal.list({ kind: 'api' })
          .filter(({ what }) => what.includes('report')).length;
      const before = asked();
      await server().until(async () => {
        await later(61);
        expect(asked()).toBeGreaterThan(before);
      });
      expect(await invitation(ada)).toMatchObject({ state: 'submitted', result: null });
      coderbyte().play.finishProcessing(ada.who);
      const result = {
        score: { value: 0, max: 100 },
        percent: 0,
        passed: false,
        verified: true,
        timeExpired: true,
        integrity: { status: 'clear' },
      };
      await server().until(async () => {
        await later(61);
        expect(await invitation(ada)).toMatchObject({ state: 'scored', result });
      });
      coderbyte().play.thumb({ ...ada.who, recommendation: 'thumb_down' });
      await server().settle();
      expect(await invitation(ada)).toMatchObject({ result: { ...result, version: 2, verdict: 'down' } });
      coderbyte().direct.configure({ vocabulary: 'trigger', notReady: 'status' });
    },
  );

  test('every webhook comes twice: one start, one result, one note each', async () => {
    coderbyte().direct.configure({ webhooks: 'duplicate' });
    const ada = await invited();
    await finish(ada);
    coderbyte().play.thumb({ ...ada.who, recommendation: 'thumb_up' });
    await server().settle();
    coderbyte().direct.configure({ webhooks: 'deliver' });
    expect(await invitation(ada)).toMatchObject({ state: 'scored', result: { score: { value: 82 }, verdict: 'up' } });
    expect(notes(ada)).toHaveLength(2);
  });

  test('what is told after a second attempt was refused is about the first', async () => {
    const ada = await invited();
    await finish(ada);
    coderbyte().direct.failNext({ path: 'invitations', kind: 'status', status: 422 });
    const { assessmentId } = await invitation(ada);
    expect(await recruiter().send(await view(ada), { assessmentId, retake: true })).toMatchObject({ outcome: 'done' });
    await later(11);
    await server().until(async () => expect(await invitation(ada)).toMatchObject({ attempt: 2, state: 'failed' }));
    coderbyte().play.thumb({ ...ada.who, recommendation: 'thumb_down' });
    await server().settle();
    expect((await view(ada)).invitations).toMatchObject([
      { attempt: 2, state: 'failed', result: null },
      { attempt: 1, state: 'scored', result: { version: 2, verdict: 'down' } },
    ]);
  });

  test('a webhook that is faster than the answer to the invitation: one invitation, begun, one note', async () => {
    const ada = arrive();
    coderbyte().direct.failNext({ path: 'invitations', kind: 'slow', when: 'after' });
    server().world.lever.play.move({ opportunityId: ada.opportunityId, stageId: server().world.seeds.lever.stages.assessment });
    await server().until(() =>
      expect(
        coderbyte()
          .invitations()
          .some(({ email }) => email === ada.email),
      ).toBe(true),
    );
    coderbyte().play.start(ada.who);
    await server().until(async () => expect((await invitation(ada)).state).toBe('started'));
    coderbyte().direct.releaseHangs({});
    await server().settle();
    expect(await invitation(ada)).toMatchObject({ state: 'started', trouble: null });
    expect(notes(ada)).toHaveLength(1);
    expect(
      coderbyte()
        .invitations()
        .filter(({ email }) => email === ada.email),
    ).toHaveLength(1);
  });

  test('an answer that is HTML: unconfirmed, never sent again by itself, settled by the candidate who begins', async () => {
    const ada = arrive();
    coderbyte().direct.failNext({ path: 'invitations', kind: 'html', status: 200, when: 'after' });
    await enter(ada.opportunityId);
    expect(await invitation(ada)).toMatchObject({ state: 'unconfirmed', trouble: expect.stringContaining('not certain') });
    await later(3600);
    expect(
      coderbyte()
        .invitations()
        .filter(({ email }) => email === ada.email),
    ).toHaveLength(1);
    coderbyte().play.start(ada.who);
    await server().settle();
    expect(await invitation(ada)).toMatchObject({ state: 'started', trouble: null });
    expect(notes(ada)).toHaveLength(1);
  });

  test('a report that is answered with HTML is asked for again', async () => {
    const ada = await invited();
    coderbyte().direct.failNext({ path: 'report', kind: 'html', status: 200, times: 2 });
    await finish(ada);
    expect(await invitation(ada)).toMatchObject({ state: 'submitted', unverified: true });
    await server().until(async () => {
      await later(61);
      expect(await invitation(ada)).toMatchObject({ state: 'scored', unverified: false, result: { verified: true } });
    });
    expect(notes(ada)).toHaveLength(2);
  });

  test('a candidate whom somebody invited by hand before: not twice, and in Coderbyte’s own words why', async () => {
    const ada = arrive();
    coderbyte().play.invite(ada.who);
    await enter(ada.opportunityId);
    expect(await invitation(ada)).toMatchObject({
      state: 'failed',
      trouble: expect.stringContaining('already has an open invitation'),
    });
    expect(notes(ada)).toEqual([]);
  });

  test('an assessment that is gone at Coderbyte: failed, with a sentence', async () => {
    const { seniorSwe: assessmentId } = server().world.seeds.coderbyte;
    coderbyte().play.archiveAssessment({ assessmentId });
    const ada = await invited();
    coderbyte().play.archiveAssessment({ assessmentId, archived: false });
    expect(await invitation(ada)).toMatchObject({ state: 'failed', trouble: expect.stringContaining('archived') });
  });

  test('a plan without the API: failed, with a sentence, and the settings say it too', async () => {
    coderbyte().direct.configure({ apiAddOn: false });
    const ada = await invited();
    const { api, connections } = server().company;
    const check = await api.call(checkAnswerSchema, 'POST', PATHS.connectionCheck.replace('{id}', connections.coderbyte.id), {});
    coderbyte().direct.configure({ apiAddOn: true });
    expect(await invitation(ada)).toMatchObject({ state: 'failed', trouble: expect.stringContaining('Ask an admin') });
    expect(check).toMatchObject({ ok: false, message: expect.stringContaining('add-on') });
  });

  test('a hostile name goes nowhere but into the invitation, as it is', async () => {
    const name = '"><script>alert(1)</script> {email} \u202e';
    const ada = await invited(name);
    const [there] = coderbyte()
      .invitations()
      .filter(({ email }) => email === ada.email);
    expect(there?.name?.replaceAll('\u202e', '').trim()).toBe('"><script>alert(1)</script> {email}');
    expect(await invitation(ada)).toMatchObject({ state: 'sent' });
    expect(notes(ada).join()).not.toContain('script');
  });

  test('the same person in two applications: one invitation, and one result', async () => {
    const ada = await invited();
    const again = arrive('Ada Moreno', ada.email, ada.contact);
    await enter(again.opportunityId);
    await finish(ada);
    expect(await invitation(ada)).toMatchObject({ state: 'scored' });
    expect((await view(again)).invitations).toEqual([]);
    expect(
      coderbyte()
        .invitations()
        .filter(({ email }) => email === ada.email),
    ).toHaveLength(1);
    expect([...notes(ada), ...notes(again)]).toHaveLength(2);
  });

  test('rules about results: a tag and the move for who is qualified, another tag for who was found cheating', async () => {
    const { api } = server().company;
    const rules = await api.call(rulesSchema, 'GET', PATHS.rules);
    const onResult = [
      { when: { qualified: true, cheating: false, match: 'all' as const }, does: { tag: 'Qualified', move: true } },
      { when: { cheating: true, match: 'any' as const }, does: { tag: 'Needs a look', move: false } },
    ];
    await api.call(rulesSchema, 'PUT', PATHS.rules, { ...rules, onResult });
    const [good, flagged, weak] = [await invited(), await invited(), await invited()];
    await finish(good, { finalScore: 91 });
    await finish(flagged, { finalScore: 99, cheated: true });
    await finish(weak, { finalScore: 12 });
    await api.call(rulesSchema, 'PUT', PATHS.rules, rules);
    expect(tags(good)).toContain('Qualified');
    expect(tags(flagged)).toContain('Needs a look');
    expect(tags(flagged)).not.toContain('Qualified');
    for (const tag of ['Qualified', 'Needs a look']) expect(tags(weak)).not.toContain(tag);
    const { onsite, assessment } = server().world.seeds.lever.stages;
    const stageOf = ({ opportunityId }: { opportunityId: string }) =>
      server().world.lever.account.opportunities.get(opportunityId)?.stage;
    expect([good, flagged, weak].map(stageOf)).toEqual([onsite, assessment, assessment]);
    expect((await view(good)).happenings.map(({ text }) => text)).toContain(
      'Adding the tag "Qualified": the result of Senior SWE fits a rule.',
    );
  });

  test('a report link that opens something by itself is for recruiters alone: not for viewers, not in the note or the log', async () => {
    const ada = await invited();
    const secret = `very-${randomUUID()}`;
    coderbyte().direct.failNext({
      path: 'report',
      kind: 'status',
      status: 200,
      times: 5,
      body: {
        email: ada.email,
        status: 'Completed',
        final_score: 80,
        report_link: `https://coderbyte.com/report/x?accessToken=${secret}`,
      },
    });
    await finish(ada);
    coderbyte().direct.clearFailures({});
    expect(await invitation(ada)).toMatchObject({ result: { reportUrl: expect.stringContaining(secret) } });
    const viewer = await server().join('Vera', 'viewer');
    expect((await viewer.open(ada.page)).invitations).toMatchObject([{ result: { score: { value: 80 }, reportUrl: null } }]);
    expect(notes(ada)).toHaveLength(2);
    expect(notes(ada).join() + JSON.stringify(server().log)).not.toContain(secret);
  });

  test('a revoked key: webhooks of the new one are refused until it is entered, then both are taken', async () => {
    const ada = await invited();
    const { api, connections } = server().company;
    const path = PATHS.connection.replace('{id}', connections.coderbyte.id);
    const apiKey = coderbyte().play.rotateKey({});
    coderbyte().play.start(ada.who);
    await server().settle();
    expect(coderbyte().deliveries().at(-1)).toMatchObject({ state: 'waiting', attempts: [{ status: 401 }] });
    expect(await invitation(ada)).toMatchObject({ state: 'sent' });
    await api.call(connectionViewSchema, 'PATCH', path, { secrets: { apiKey } });
    await coderbyte().direct.retryDue({});
    await server().settle();
    expect(await invitation(ada)).toMatchObject({ state: 'started' });
    const { webhooks } = await api.call(connectionViewSchema, 'GET', path);
    expect(webhooks.every(({ previous }) => previous.length === 1)).toBe(true);
  });

  test('called Growhire: panel and notes follow', async () => {
    const { api, connections } = server().company;
    const path = PATHS.connection.replace('{id}', connections.coderbyte.id);
    const { settings } = await api.call(connectionViewSchema, 'GET', path);
    await api.call(connectionViewSchema, 'PATCH', path, { settings: { ...settings, brand: 'growhire' } });
    const ada = await invited();
    await finish(ada);
    expect(await invitation(ada)).toMatchObject({ vendorName: 'Growhire', result: { verified: true } });
    expect((await recruiter().open(ada.page)).assessments.map(({ vendorName }) => vendorName)).toContain('Growhire');
    coderbyte().direct.failNext({ path: 'invitations', kind: 'status', status: 401 });
    const refused = await invited();
    expect((await invitation(refused)).trouble).toContain('Growhire');
    await api.call(connectionViewSchema, 'PATCH', path, { settings });
  });
});

describe('Coderbyte by link and webhooks alone', () => {
  const server = useTestServer({ setUp: { coderbyteMap: false } });
  const { recruiter, invited, view, invitation, notes } = cast(server);
  const coderbyte = () => server().world.coderbyte;
  type Person = Awaited<ReturnType<typeof invited>>;
  const complete = async ({ who }: Person, more: object = {}) => {
    const answer = await coderbyte().pages.request(`/assess/${who.assessmentId}`, {
      method: 'POST',
      body: new URLSearchParams({ email: who.email }),
    });
    expect(answer.status).toBe(303);
    coderbyte().play.start(who);
    coderbyte().play.submit({ ...who, ...more });
    await server().settle();
  };

  test('a thumb and a comment join the result; the comment stays out of the note, and repeats take nothing away', async () => {
    const ada = await invited();
    await complete(ada, { timeExpired: true });
    const shown = await view(ada);
    const result = { score: { value: 80, max: 100 }, verdict: null, rating: null, skills: [], notes: null, reportUrl: null };
    await recruiter().command(PATHS.commands.enterResult, shown, { invitationId: shown.invitations[0]?.id, ...result });
    await server().settle();
    coderbyte().play.thumb({ ...ada.who, recommendation: 'thumb_up' });
    coderbyte().play.comment({ ...ada.who, comment: '<b>Knows her joins</b>, see https://coderbyte.com/t?invite=secret' });
    await server().settle();
    const whole = {
      score: { value: 80 },
      verdict: 'up',
      claimedVerdict: true,
      timeExpired: true,
      comment: 'Knows her joins, see …',
    };
    expect(await invitation(ada)).toMatchObject({ state: 'scored', result: { ...whole, passed: true, enteredBy: 'Ben' } });
    server().clock.advance(3 * 86_400);
    for (const { id } of coderbyte()
      .deliveries()
      .filter(({ body }) => body.email === ada.email))
      await coderbyte().direct.resend({ deliveryId: id });
    await server().settle();
    expect(await invitation(ada)).toMatchObject({ state: 'scored', result: whole });
    expect(notes(ada)).toHaveLength(2);
    expect(notes(ada).at(-1)).toMatch(/^Revised result\. .*80 of 100/);
    expect(notes(ada).join()).not.toMatch(/joins|secret/);
  });

  test('comments stand in the note once an admin wants them there, without links', async () => {
    const { api, connections } = server().company;
    const path = PATHS.connection.replace('{id}', connections.coderbyte.id);
    const { settings } = await api.call(connectionViewSchema, 'GET', path);
    await api.call(connectionViewSchema, 'PATCH', path, { settings: { ...settings, commentsInNotes: true } });
    const ada = await invited();
    await complete(ada);
    coderbyte().play.comment({ ...ada.who, comment: 'Knows her joins, https://coderbyte.com/t?invite=secret' });
    await server().settle();
    await api.call(connectionViewSchema, 'PATCH', path, { settings });
    expect(notes(ada).at(-1)).toMatch(/A reviewer’s comment: Knows her joins, …/);
    expect(notes(ada).join()).not.toContain('invite=');
  });

  test('a thumb that anybody with an old token could have sent moves nobody', async () => {
    const { api } = server().company;
    const rules = await api.call(rulesSchema, 'GET', PATHS.rules);
    const onResult = [{ when: { qualified: true, match: 'any' as const }, does: { tag: 'Qualified', move: true } }];
    await api.call(rulesSchema, 'PUT', PATHS.rules, { ...rules, advanceOnPass: true, onResult });
    const ada = await invited();
    await complete(ada);
    coderbyte().play.thumb({ ...ada.who, recommendation: 'thumb_up' });
    await server().settle();
    await api.call(rulesSchema, 'PUT', PATHS.rules, rules);
    const there = server().world.lever.account.opportunities.get(ada.opportunityId);
    expect(there?.stage).toBe(server().world.seeds.lever.stages.assessment);
    expect(there?.tags).not.toContain('Qualified');
  });

  test('a test that is finished after it was cancelled: the result is shown, marked as told, and the person decides', async () => {
    const ada = await invited();
    const shown = await view(ada);
    await recruiter().command(PATHS.commands.cancel, shown, { invitationId: shown.invitations[0]?.id });
    await server().settle();
    expect(await invitation(ada)).toMatchObject({ state: 'cancelled' });
    await complete(ada);
    expect(await invitation(ada)).toMatchObject({ state: 'scored', unverified: true, result: { verified: false } });
  });
});
