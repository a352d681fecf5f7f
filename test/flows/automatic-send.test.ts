import { expect, test } from 'vitest';
import { greenhousePage, leverPage, useTestServer } from '../support/test-server.ts';

const server = useTestServer();
const notesOf = (kind: 'lever' | 'greenhouse') => {
  const { world } = server();
  return kind === 'lever'
    ? [...world.lever.account.notes.values()]
        .filter((note) => note.createdByApi)
        .map((note) => note.comments.map(({ value }) => value).join())
    : world.greenhouse.world.notes.list(() => true).map((note) => note.body);
};

test('Lever: a tagged candidate enters the stage, is invited once, and a note says so; the result brings another', async () => {
  const { world, settle, join } = server();
  const { opportunities, stages } = world.seeds.lever;
  const { seniorSwe: assessmentId } = world.seeds.coderbyte;
  world.lever.play.move({ opportunityId: opportunities.ada, stageId: stages.assessment });
  await settle();
  const ben = await join('Ben');
  const view = await ben.open(leverPage(opportunities.ada));
  expect(view.invitations).toMatchObject([{ state: 'sent', email: 'ada.moreno@mail.example', by: { isRule: true } }]);
  expect(notesOf('lever')).toEqual([expect.stringContaining('Senior SWE')]);
  expect(notesOf('lever')[0]).toContain('ada.moreno@mail.example');

  world.coderbyte.play.start({ assessmentId, email: 'ada.moreno@mail.example' });
  await settle();
  expect((await ben.open(leverPage(opportunities.ada))).invitations).toMatchObject([{ state: 'started' }]);
  world.coderbyte.play.submit({ assessmentId, email: 'ada.moreno@mail.example', finalScore: 84 });
  await settle();
  const after = await ben.open(leverPage(opportunities.ada));
  expect(after.invitations).toMatchObject([{ state: 'scored', result: { percent: 84, passed: true, verified: true } }]);
  expect(notesOf('lever')).toHaveLength(2);
  expect(notesOf('lever').at(-1)).toContain('84');
});

test('Greenhouse: the same', async () => {
  const { world, settle, join } = server();
  const { applications, candidates, stages } = world.seeds.greenhouse;
  world.greenhouse.move({ applicationId: applications.ada, stageId: stages.backend.Assessment });
  await settle();
  const ben = await join('Ben');
  const page = greenhousePage(applications.ada, candidates.ada);
  expect((await ben.open(page)).invitations).toMatchObject([{ state: 'sent', email: 'ada@example.com' }]);
  const whom = { assessmentId: world.seeds.coderbyte.seniorSwe, email: 'ada@example.com' };
  world.coderbyte.play.start(whom);
  await settle();
  world.coderbyte.play.submit({ ...whom, finalScore: 41 });
  await settle();
  expect((await ben.open(page)).invitations).toMatchObject([{ state: 'scored', result: { percent: 41, passed: false } }]);
  expect(notesOf('greenhouse').filter((note) => note.includes('TA-'))).toHaveLength(2);
});

test('no tag: nothing is sent, it looks again after 30 seconds, then says why, with a button', async () => {
  const { world, settle, join, clock, until } = server();
  const { opportunities, stages } = world.seeds.lever;
  world.lever.play.move({ opportunityId: opportunities.ben, stageId: stages.assessment });
  await settle();
  const ben = await join('Ben');
  const page = leverPage(opportunities.ben);
  expect((await ben.open(page)).happenings[0]?.text).toContain('Looking again in 30 s');
  clock.advance(31);
  const view = await until(async () => {
    const now = await ben.open(page);
    expect(now.happenings[0]?.text).toContain('no assessment tag');
    return now;
  });
  expect(view.happenings[0]?.mend).toMatchObject({ kind: 'send-now' });
  expect(view.invitations).toEqual([]);
});

test('a tag added after the second look sends nothing by itself: the words say so, and one button sends it', async () => {
  const { world, settle, join, clock, until } = server();
  const { opportunities, stages } = world.seeds.lever;
  world.lever.play.move({ opportunityId: opportunities.ben, stageId: stages.assessment });
  await settle();
  const ben = await join('Ben');
  const page = leverPage(opportunities.ben);
  const buttons = (view: Awaited<ReturnType<typeof ben.open>>) =>
    view.happenings.filter(({ mend }) => mend?.kind === 'send-now').map(({ text }) => text);
  clock.advance(31);
  const says = 'Not sent: no assessment tag. A tag added later is not sent by itself: choose "Send now" then.';
  await until(async () => expect(buttons(await ben.open(page))).toEqual([says]));
  // No webhook tells of a tag.
  world.lever.play.tag({ opportunityId: opportunities.ben, tags: ['Senior SWE'] });
  clock.advance(60);
  await settle();
  const tagged = await until(async () => {
    const now = await ben.open(page);
    expect(now.assessments.find(({ onCandidate }) => onCandidate)).toMatchObject({ tag: 'Senior SWE' });
    return now;
  });
  expect(tagged.invitations).toEqual([]);
  expect(buttons(tagged)).toEqual([says]);
  await ben.send(tagged, { assessmentId: tagged.defaultAssessmentId ?? '' });
  clock.advance(11);
  await settle();
  const sent = await ben.open(page);
  expect(sent.invitations).toMatchObject([{ state: 'sent' }]);
  expect(buttons(sent)).toEqual([]);
});

test('a candidate without e-mail: the reason is shown, an address is entered, and it goes there', async () => {
  const { world, settle, join, clock } = server();
  const { opportunities, stages } = world.seeds.lever;
  world.lever.play.move({ opportunityId: opportunities.dmitri, stageId: stages.assessment });
  await settle();
  const ben = await join('Ben');
  const page = leverPage(opportunities.dmitri);
  const view = await ben.open(page);
  expect(view.happenings[0]).toMatchObject({
    text: 'Not sent: the candidate has no e-mail address.',
    mend: { kind: 'enter-email' },
  });
  const assessmentId = view.assessments.find((choice) => choice.tag === 'Senior SWE')?.id;
  expect(await ben.send(view, { assessmentId, email: 'dmitri@home.example' })).toMatchObject({ outcome: 'done' });
  clock.advance(11);
  await settle();
  expect((await ben.open(page)).invitations).toMatchObject([{ state: 'sent', email: 'dmitri@home.example' }]);
});

test('rejected while the invitation is open: cancelled after the grace, and the outcome is recorded', async () => {
  const { world, settle, join, clock, until } = server();
  const { applications, candidates, stages, reasons } = world.seeds.greenhouse;
  const page = greenhousePage(applications.rightToLeft, candidates.rightToLeft);
  world.greenhouse.move({ applicationId: applications.rightToLeft, stageId: stages.backend.Assessment });
  await settle();
  world.greenhouse.reject({ applicationId: applications.rightToLeft, reasonId: reasons.underqualified });
  await settle();
  const ben = await join('Ben');
  const view = await ben.open(page);
  expect(view).toMatchObject({ status: 'archived', outcome: { nextStep: 'rejected' }, invitations: [{ state: 'sent' }] });
  clock.advance(301);
  await until(async () => expect((await ben.open(page)).invitations).toMatchObject([{ state: 'cancelled' }]));
});

test('a webhook that never came: the sweep finds the candidate', async () => {
  const { world, settle, join, clock } = server();
  const { opportunities, stages } = world.seeds.lever;
  world.lever.direct.configure({ deliver: 'drop' });
  world.lever.play.tag({ opportunityId: opportunities.nameless, tags: ['Senior SWE'] });
  world.lever.play.move({ opportunityId: opportunities.nameless, stageId: stages.assessment });
  world.lever.direct.configure({ deliver: 'deliver' });
  clock.advance(601);
  // Nobody opens the page; the chore that looks for due sweeps runs every ten seconds.
  await world.journal.waitFor(
    (rows) =>
      rows.find(
        (row) => row.simulator === 'coderbyte' && row.kind === 'api' && JSON.stringify(row.detail).includes('applicant.4471'),
      ),
    'the invitation of a candidate whose webhook was lost',
    25_000,
  );
  await settle();
  const ben = await join('Ben');
  expect((await ben.open(leverPage(opportunities.nameless))).invitations).toMatchObject([{ state: 'sent' }]);
});
