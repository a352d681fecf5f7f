import { randomUUID } from 'node:crypto';
import { beforeAll, describe, expect, test } from 'vitest';
import { PATHS } from '../../lib/contract/paths.ts';
import { greenhousePage, leverPage, type Recruiter, useTestServer } from '../support/test-server.ts';

const server = useTestServer();
let ben: Recruiter;
let cleo: Recruiter;
beforeAll(async () => {
  ben = await server().join('Ben');
  cleo = await server().join('Cleo');
});

/** A new candidate in the phone screen, with the tag. */
const arrive = (email: string | null = `${randomUUID()}@mail.example`, contactId?: string) => {
  const { lever, seeds } = server().world;
  const contact = contactId ?? lever.play.createContact({ name: 'Ada Moreno', emails: email ? [email] : [] }).id;
  const { phoneScreen: stageId } = seeds.lever.stages;
  const postingId = contactId ? seeds.lever.postings.data : seeds.lever.postings.backend;
  const opportunity = lever.play.createOpportunity({ contactId: contact, postingId, stageId, tags: ['Senior SWE'] });
  return { page: leverPage(opportunity.id), opportunityId: opportunity.id, contactId: contact, email };
};
const invitesTo = (email: string | null) =>
  server()
    .world.journal.list({ simulator: 'coderbyte', kind: 'api' })
    .filter(
      ({ what, status, detail }) => what.startsWith('POST') && status === 201 && JSON.stringify(detail).includes(email ?? ''),
    ).length;
const seniorSwe = () => server().company.assessments.seniorSwe.id;
const afterHold = async () => {
  server().clock.advance(11);
  await server().settle();
};

describe('a recruiter sends', () => {
  test('it is held, everybody sees it, and it goes out after ten seconds', async () => {
    const { page, email } = arrive();
    const view = await ben.open(page);
    const answer = await ben.send(view);
    expect(answer).toMatchObject({ outcome: 'done' });
    expect((await cleo.open(page)).invitations).toMatchObject([
      { state: 'held', by: { name: 'Ben', isYou: false }, actions: ['undo'] },
    ]);
    expect(invitesTo(email)).toBe(0);
    await afterHold();
    expect((await cleo.open(page)).invitations).toMatchObject([{ state: 'sent' }]);
    expect(invitesTo(email)).toBe(1);
  });

  test('and undoes it: nothing goes out', async () => {
    const { page, email } = arrive();
    const view = await ben.open(page);
    const held = (await ben.send(view)).view;
    const invitationId = held?.kind === 'application' ? held.invitations[0]?.id : '';
    expect(await ben.command(PATHS.commands.undo, view, { invitationId })).toMatchObject({
      outcome: 'done',
      message: 'Ben undid sending Senior SWE.',
    });
    await afterHold();
    expect((await ben.open(page)).invitations).toEqual([]);
    expect(invitesTo(email)).toBe(0);
  });

  test('and a colleague undoes it a second time, or too late: told so', async () => {
    const { page } = arrive();
    const view = await ben.open(page);
    const held = (await ben.send(view)).view;
    const invitationId = held?.kind === 'application' ? held.invitations[0]?.id : '';
    await afterHold();
    expect(await cleo.refusal(PATHS.commands.undo, view, { invitationId })).toMatchObject({
      status: 409,
      code: 'too-late',
      message: 'Too late to undo: it is already on its way.',
    });
  });

  test('with a double click (the same action id): one decision, the same answer', async () => {
    const { page, email } = arrive();
    const view = await ben.open(page);
    const actionId = randomUUID();
    const answers = await Promise.all([ben.send(view, { actionId }), ben.send(view, { actionId }), ben.send(view, { actionId })]);
    expect(answers.map(({ outcome }) => outcome)).toEqual(['done', 'done', 'done']);
    await afterHold();
    expect(invitesTo(email)).toBe(1);
    expect(await ben.send(view, { actionId })).toMatchObject({ outcome: 'done' });
  });

  test('at the same moment as a colleague: one invitation, and the second is told by whom', async () => {
    const { page, email } = arrive();
    const view = await ben.open(page);
    const answers = await Promise.all([ben.send(view), cleo.send(view)]);
    expect(answers.map(({ outcome }) => outcome).toSorted()).toEqual(['done', 'refused']);
    const refused = answers.find(({ outcome }) => outcome === 'refused');
    expect(refused?.message).toMatch(/^Not sent again: (Ben|Cleo) already sent Senior SWE, and it is still open\.$/);
    await afterHold();
    expect(invitesTo(email)).toBe(1);
  });

  test('to a person who is invited in another application: told by whom and for which job', async () => {
    const first = arrive();
    const second = arrive(first.email, first.contactId);
    await ben.send(await ben.open(first.page));
    const answer = await cleo.send(await cleo.open(second.page), {
      assessmentId: seniorSwe(),
    });
    expect(answer).toMatchObject({ outcome: 'refused', message: expect.stringContaining('Ben already sent Senior SWE') });
    expect(answer.message).toContain('Senior Backend Engineer');
  });

  test('both at once in two applications of one person: one invitation', async () => {
    const first = arrive();
    const second = arrive(first.email, first.contactId);
    const views = [await ben.open(first.page), await cleo.open(second.page)] as const;
    const answers = await Promise.all([ben.send(views[0]), cleo.send(views[1])]);
    expect(answers.map(({ outcome }) => outcome).toSorted()).toEqual(['done', 'refused']);
    await afterHold();
    expect(invitesTo(first.email)).toBe(1);
  });

  test('while the page has moved on: nothing is sent, and it says to whom', async () => {
    const shown = arrive();
    const { lever, seeds } = server().world;
    const bob = lever.play.createContact({ name: 'Bob Ross', emails: [`${randomUUID()}@mail.example`] }).id;
    const other = lever.play.createOpportunity({ contactId: bob, postingId: seeds.lever.postings.backend }).id;
    const view = await ben.open(shown.page);
    await ben.open(leverPage(other));
    expect(await ben.refusal(PATHS.commands.send, view, { assessmentId: view.assessments[0]?.id }, leverPage(other))).toEqual({
      status: 409,
      code: 'page-moved-on',
      message: 'The page has moved on to Bob Ross. Nothing was sent.',
    });
    expect((await ben.open(shown.page)).invitations).toEqual([]);
  });

  test('with a click that is over an hour old: asked again, then it counts', async () => {
    const { page } = arrive();
    const view = await ben.open(page);
    const clickedAt = new Date(server().clock.now().getTime() - 3_700_000).toISOString();
    const wish = { assessmentId: view.assessments[0]?.id, clickedAt };
    expect(await ben.refusal(PATHS.commands.send, view, wish)).toMatchObject({ status: 409, code: 'late-click' });
    expect(await ben.send(view, { ...wish, confirmedLate: true })).toMatchObject({ outcome: 'done' });
  });

  test('only the tag: it is added, and nothing is sent', async () => {
    const { page, email, opportunityId } = arrive();
    const { lever } = server().world;
    lever.play.untag({ opportunityId, tags: ['Senior SWE'] });
    const view = await ben.open(page);
    const assessmentId = view.assessments.find(({ tag }) => tag === 'Senior SWE')?.id;
    expect(await ben.send(view, { assessmentId, onlyTag: true })).toMatchObject({ outcome: 'done' });
    await server().settle();
    expect(JSON.stringify(lever.account.opportunities.get(opportunityId))).toContain('Senior SWE');
    expect(invitesTo(email)).toBe(0);
  });

  test('and cancels what is out', async () => {
    const { page } = arrive();
    const view = await ben.open(page);
    await ben.send(view);
    await afterHold();
    const invitationId = (await ben.open(page)).invitations[0]?.id;
    expect(await ben.command(PATHS.commands.cancel, view, { invitationId })).toMatchObject({ outcome: 'done' });
    await server().settle();
    expect((await ben.open(page)).invitations).toMatchObject([{ state: 'cancelled' }]);
    expect(await ben.command(PATHS.commands.cancel, view, { invitationId })).toMatchObject({
      outcome: 'refused',
      message: 'Not cancelled: Senior SWE is cancelled.',
    });
    expect(await ben.send(view)).toMatchObject({ outcome: 'refused', message: expect.stringContaining('was sent before') });
    expect(await ben.send(view, { retake: true })).toMatchObject({ outcome: 'done' });
  });
});

describe('a link vendor', () => {
  const take = async () => {
    const { page, email } = arrive();
    const view = await ben.open(page);
    const assessmentId = view.assessments.find(({ vendorName }) => vendorName === 'Byteboard')?.id;
    await ben.send(view, { assessmentId });
    await afterHold();
    return { page, email, view: await ben.open(page) };
  };

  test('our e-mail brings the link, and a recruiter can copy it; nothing else shows it', async () => {
    const { email, view } = await take();
    expect(view.invitations).toMatchObject([{ state: 'sent', handover: 'our e-mail' }]);
    const { mail } = server().world;
    const sent = mail.journal
      .list({ simulator: 'mail', kind: 'mail', what: 'received' })
      .filter((row) => JSON.stringify(row.detail).includes(email ?? ''));
    expect(sent).toHaveLength(1);
    expect(JSON.stringify(view)).not.toContain('byteboard.dev/i/');
    const answer = await server().fetch(PATHS.commands.copyLink, {
      method: 'POST',
      headers: { authorization: `Bearer ${ben.token}`, 'content-type': 'application/json' },
      body: JSON.stringify({
        actionId: randomUUID(),
        page: view.reference,
        applicationKey: view.key,
        clickedAt: server().clock.now().toISOString(),
        invitationId: view.invitations[0]?.id,
      }),
    });
    expect(await answer.json()).toMatchObject({ link: expect.stringContaining('https://byteboard.dev/i/') });
    expect(JSON.stringify(server().log)).not.toContain('byteboard.dev/i/');
  });

  test('a signed report brings its result, also where its text holds what the store cannot, or what only looks like it', async () => {
    const { page, view } = await take();
    const notes = 'Java: char c = \\u0000; half: \ud83d, a real zero: \u0000.';
    const report = { invitation: view.invitations[0]?.id ?? '', state: 'scored', rating: 'Strong', notes } as const;
    expect(await server().world.byteboard.sendResult(report)).toBe(200);
    await server().settle();
    const [invitation] = (await ben.open(page)).invitations;
    expect(invitation).toMatchObject({ state: 'scored', result: { rating: 'Strong' } });
    expect(JSON.stringify(invitation)).toContain('char c = \\\\u0000; half:');
  });

  test('its result is entered by hand, and noted in the ATS', async () => {
    const { page, view } = await take();
    const invitationId = view.invitations[0]?.id;
    expect(await ben.refusal(PATHS.commands.enterResult, view, { invitationId })).toMatchObject({ status: 400, code: 'invalid' });
    const answer = await ben.command(PATHS.commands.enterResult, view, { invitationId, rating: 'Strong', verdict: 'up' });
    expect(answer).toMatchObject({ outcome: 'done', message: 'Ben entered the result of Backend take-home.' });
    await server().settle();
    expect((await ben.open(page)).invitations).toMatchObject([
      { state: 'scored', result: { rating: 'Strong', enteredBy: 'Ben' } },
    ]);
  });
});

describe('requests that make no sense', () => {
  const nonsense = { key: 'no-uuid', reference: leverPage('x') };
  test.each([PATHS.commands.send, PATHS.commands.undo, PATHS.commands.cancel, PATHS.commands.copyLink, PATHS.commands.move])(
    '%s for an application that is none: not found, and nothing about our inside',
    async (path) => {
      const more = { assessmentId: 'x', invitationId: 'x', toStageId: 'x' };
      expect(await ben.refusal(path, nonsense, more)).toEqual({
        status: 404,
        code: 'not-found',
        message: 'That is not there, or not any more.',
      });
    },
  );

  test.each([PATHS.commands.undo, PATHS.commands.cancel, PATHS.commands.copyLink])(
    '%s for an invitation that is none: not found',
    async (path) => {
      const view = await ben.open(arrive().page);
      for (const invitationId of ['x', randomUUID()]) {
        expect(await ben.refusal(path, view, { invitationId })).toMatchObject({ status: 404, code: 'not-found' });
      }
    },
  );

  test('a click at no time at all is refused', async () => {
    const view = await ben.open(arrive().page);
    const wish = { assessmentId: view.assessments[0]?.id, clickedAt: 'yesterday' };
    expect(await ben.refusal(PATHS.commands.send, view, wish)).toMatchObject({ status: 400, code: 'invalid' });
  });

  test('an action id that was used for another candidate is refused', async () => {
    const [one, two] = [await ben.open(arrive().page), await ben.open(arrive().page)];
    const actionId = randomUUID();
    await ben.send(one, { actionId });
    expect(await ben.refusal(PATHS.commands.send, two, { actionId, assessmentId: two.assessments[0]?.id })).toMatchObject({
      status: 400,
    });
  });

  test('a viewer sees everything and sends nothing', async () => {
    const vera = await server().join('Vera', 'viewer');
    const view = await vera.open(arrive().page);
    expect(view.may.send).toBe(false);
    expect(await vera.refusal(PATHS.commands.send, view, { assessmentId: view.assessments[0]?.id })).toMatchObject({
      status: 403,
    });
  });

  test('a candidate page of somebody we cannot see says so', async () => {
    expect(await ben.panel(leverPage(randomUUID()))).toMatchObject({ kind: 'unavailable', code: 'not-visible' });
    const { candidates, applications } = server().world.seeds.greenhouse;
    const contradicts = { kind: 'unavailable', code: 'not-visible', text: expect.stringMatching(/do not belong together/) };
    expect(await ben.panel(greenhousePage(applications.ada, candidates.grace))).toMatchObject(contradicts);
    // Also where the application has been seen before.
    await ben.open(greenhousePage(applications.ada, candidates.ada));
    expect(await ben.panel(greenhousePage(applications.ada, candidates.grace))).toMatchObject(contradicts);
  });

  test('a person with two applications: the panel asks which one', async () => {
    const { candidates } = server().world.seeds.greenhouse;
    const page = { kind: 'person', ats: 'greenhouse', host: 'app.greenhouse.io', candidateId: String(candidates.grace) } as const;
    expect(await ben.panel(page)).toMatchObject({ kind: 'chooser', applications: [{}, {}] });
  });
});
