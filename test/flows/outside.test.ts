import { randomUUID } from 'node:crypto';
import { beforeAll, describe, expect, test } from 'vitest';
import { type ApplicationView, outsideFoundSchema } from '../../lib/contract/panel.ts';
import { PATHS } from '../../lib/contract/paths.ts';
import { leverPage, type Recruiter, useTestServer } from '../support/test-server.ts';

const server = useTestServer();
let ben: Recruiter;
beforeAll(async () => {
  ben = await server().join('Ben');
});

const seniorSwe = () => server().company.assessments.seniorSwe.id;
/** A candidate in the phone screen, whom somebody invites at Coderbyte itself and who begins. */
async function invitedByHand() {
  const { lever, coderbyte, seeds } = server().world;
  const email = `${randomUUID()}@mail.example`;
  const contact = lever.play.createContact({ name: 'Ada Moreno', emails: [email] });
  const arrive = (postingId: string) => {
    const { phoneScreen: stageId } = seeds.lever.stages;
    return lever.play.createOpportunity({ contactId: contact.id, postingId, stageId, tags: [] }).id;
  };
  const who = { assessmentId: seeds.coderbyte.seniorSwe, email };
  coderbyte.play.invite({ ...who, name: 'Ada Moreno' });
  coderbyte.play.start(who);
  await server().settle();
  return { who, email, arrive, page: leverPage(arrive(seeds.lever.postings.backend)) };
}
const ask = async (view: ApplicationView) => {
  const answer = await server().fetch(PATHS.commands.findOutside, {
    method: 'POST',
    headers: { authorization: `Bearer ${ben.token}`, 'content-type': 'application/json' },
    body: JSON.stringify({ page: view.reference, applicationKey: view.key, assessmentId: seniorSwe() }),
  });
  expect(answer.status).toBe(200);
  return outsideFoundSchema.parse(await answer.json());
};
const notesAbout = (email: string) =>
  [...server().world.lever.account.notes.values()].filter((note) => JSON.stringify(note).includes(email));

describe('a candidate who was invited at the vendor by hand', () => {
  test('is found by what the vendor told of nobody, attached once, and followed from then on', async () => {
    const { who, email, page } = await invitedByHand();
    const view = await ben.open(page);
    const { found } = await ask(view);
    expect(found).toMatchObject([{ email, state: 'started' }]);
    const click = { assessmentId: seniorSwe(), ref: found[0]?.ref };
    expect(await ben.command(PATHS.commands.attach, view, click)).toMatchObject({ outcome: 'done' });
    await server().settle();
    expect((await ben.open(page)).invitations).toMatchObject([{ state: 'started', email, by: { name: 'Ben' } }]);
    expect(notesAbout(email)).toEqual([]);

    expect(await ask(view)).toEqual({ found: [], elsewhere: [] });
    expect(await ben.refusal(PATHS.commands.attach, view, click)).toMatchObject({ status: 404 });
    expect(await ben.send(await ben.open(page), { assessmentId: seniorSwe() })).toMatchObject({ outcome: 'refused' });

    server().world.coderbyte.play.submit({ ...who, finalScore: 77 });
    await server().settle();
    expect((await ben.open(page)).invitations).toMatchObject([{ state: 'scored', result: { score: { value: 77 } } }]);
  });

  test('and belongs to another application is not taken from it, and the job is named', async () => {
    const { page, arrive } = await invitedByHand();
    const view = await ben.open(page);
    const { found } = await ask(view);
    await ben.command(PATHS.commands.attach, view, { assessmentId: seniorSwe(), ref: found[0]?.ref });
    const other = await ben.open(leverPage(arrive(server().world.seeds.lever.postings.data)));
    expect(await ask(other)).toEqual({ found: [], elsewhere: [expect.stringMatching(/belongs to the application for /)] });
    const refused = await ben.refusal(PATHS.commands.attach, other, { assessmentId: seniorSwe(), ref: found[0]?.ref });
    expect(refused).toMatchObject({ status: 404, message: expect.stringMatching(/belongs to the application for /) });
    expect((await ben.open(other.reference)).invitations).toEqual([]);
  });

  test('of whom the vendor told nothing is not found, nor one that nobody ever told of', async () => {
    const { lever, seeds } = server().world;
    const contact = lever.play.createContact({ name: 'Cy Young', emails: [`${randomUUID()}@mail.example`] });
    const stageId = seeds.lever.stages.phoneScreen;
    const { id } = lever.play.createOpportunity({
      contactId: contact.id,
      postingId: seeds.lever.postings.backend,
      stageId,
      tags: [],
    });
    const view = await ben.open(leverPage(id));
    expect(await ask(view)).toEqual({ found: [], elsewhere: [] });
    const made = { assessmentId: seniorSwe(), ref: 'message:1:somebody@else.example' };
    expect(await ben.refusal(PATHS.commands.attach, view, made)).toMatchObject({ status: 404 });
  });
});
