import { beforeAll, expect, test } from 'vitest';
import { waitingSchema } from '../../lib/contract/panel.ts';
import { PATHS } from '../../lib/contract/paths.ts';
import { leverPage, type Recruiter, useTestServer } from '../support/test-server.ts';

const server = useTestServer({ setUp: { rules: { advanceOnPass: true } } });
const EMAIL = 'ada.moreno@mail.example';
let ben: Recruiter;
let viewer: Recruiter;

beforeAll(async () => {
  ben = await server().join('Ben');
  viewer = await server().join('Vera', 'viewer');
});

const page = () => leverPage(server().world.seeds.lever.opportunities.ada);
const waiting = async ({ token }: Recruiter) => {
  const answer = await server().fetch(PATHS.waiting, { headers: { authorization: `Bearer ${token}` } });
  return waitingSchema.parse(await answer.json()).items.map(({ text }) => text);
};
const stageOf = () => server().world.lever.account.opportunities.get(server().world.seeds.lever.opportunities.ada)?.stage;

test('a low score after a move by rule: shown to people, moved back by nobody, settled by a click', async () => {
  const { lever, coderbyte, seeds } = server().world;
  const whom = { assessmentId: seeds.coderbyte.seniorSwe, email: EMAIL };
  lever.play.move({ opportunityId: seeds.lever.opportunities.ada, stageId: seeds.lever.stages.assessment });
  await server().settle();
  coderbyte.play.start(whom);
  coderbyte.play.submit({ ...whom, finalScore: 82 });
  await server().settle();
  const movedTo = stageOf();
  expect(movedTo).not.toBe(seeds.lever.stages.assessment);

  coderbyte.play.score({ ...whom, finalScore: 55 });
  coderbyte.play.thumb({ ...whom, recommendation: 'thumb_down' });
  await server().settle();
  const view = await ben.open(page());
  const [invitation] = view.invitations;
  expect(invitation?.review).toMatch(
    /^Ada Moreno was moved to .+ on an earlier result, 82\. The result is now 55\. Please check\.$/,
  );
  expect(await waiting(ben)).toContain(invitation?.review);
  expect((await viewer.open(page())).invitations[0]?.actions).toEqual([]);
  expect(stageOf()).toBe(movedTo);

  const answer = await ben.command(PATHS.commands.closeReview, view, { invitationId: invitation?.id });
  expect(answer).toMatchObject({ outcome: 'done', message: 'Ben has checked the move after the changed result of Senior SWE.' });
  expect((await ben.open(page())).invitations[0]?.review).toBeNull();
  expect(await waiting(ben)).toEqual([]);
  expect(stageOf()).toBe(movedTo);
});
