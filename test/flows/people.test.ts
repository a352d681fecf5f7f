import { randomUUID } from 'node:crypto';
import { beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { memberRowSchema } from '../../lib/contract/pairing.ts';
import { waitingSchema } from '../../lib/contract/panel.ts';
import { PATHS } from '../../lib/contract/paths.ts';
import { connectionViewSchema } from '../../lib/contract/settings.ts';
import type { MemberRole } from '../../lib/domain/member.ts';
import { greenhousePage, leverPage, type Recruiter, useTestServer } from '../support/test-server.ts';

const server = useTestServer();

const membersSchema = z.object({ members: z.array(memberRowSchema) });
const rows = async () => (await server().company.api.call(membersSchema, 'GET', PATHS.members)).members;
const rowOf = async (name: string) => {
  const row = (await rows()).find((member) => member.name === name);
  if (!row) throw new Error(`${name} is no member`);
  return row;
};
/** Changing a connection lists its users anew. */
const configure = (kind: 'greenhouse' | 'lever', settings: object) => {
  const { id, settings: before } = server().company.connections[kind];
  const path = PATHS.connection.replace('{id}', id);
  return server().company.api.call(connectionViewSchema, 'PATCH', path, { settings: { ...before, ...settings } });
};
const joinAs = async (name: string, email: string | null, role: MemberRole = 'recruiter'): Promise<Recruiter> => {
  const member = await server().join(name, role);
  const path = PATHS.member.replace('{id}', (await rowOf(name)).id);
  await server().company.api.call(memberRowSchema, 'PATCH', path, { email });
  return member;
};

const arrive = (more: { confidential?: boolean; tags?: string[]; stageId?: string } = {}) => {
  const { lever, seeds } = server().world;
  const name = `Ada ${randomUUID()}`;
  const contact = lever.play.createContact({ name, emails: [`${randomUUID()}@mail.example`] });
  const { id } = lever.play.createOpportunity({
    contactId: contact.id,
    postingId: seeds.lever.postings.backend,
    stageId: more.stageId ?? seeds.lever.stages.phoneScreen,
    tags: more.tags ?? ['Senior SWE'],
  });
  const opportunity = lever.account.opportunities.get(id);
  if (!opportunity) throw new Error('not there');
  if (more.confidential) opportunity.confidentiality = 'confidential';
  return { page: leverPage(id), opportunityId: id, opportunity, name };
};
const afterHold = async () => {
  await server().settle();
  server().clock.advance(11);
  await server().settle();
};
const notesOn = (opportunityId: string) =>
  [...server().world.lever.account.notes.values()]
    .filter((note) => note.opportunityId === opportunityId)
    .map(({ user, comments }) => ({ user, text: comments.map(({ value }) => value).join() }));

describe('the click of a recruiter who is mapped', () => {
  let ben: Recruiter;
  let benInLever: string;
  let adminInLever: string;
  beforeAll(async () => {
    const { lever, seeds } = server().world;
    adminInLever = seeds.lever.users.admin;
    benInLever = lever.play.createUser({ name: 'Ben', email: 'Ben@example.com', accessRole: 'team member' }).id;
    await configure('lever', { attribution: 'recruiter' });
    ben = await joinAs('Ben', 'ben@example.com');
  });

  test('leads to a note and a tag of that Lever user, whomever the browser names', async () => {
    const { page, opportunityId } = arrive({ tags: [] });
    const stranger = { actingUserId: adminInLever, performAs: adminInLever, perform_as: adminInLever, userId: adminInLever };
    const shown = await ben.open(page);
    await ben.send(shown, { assessmentId: server().company.assessments.seniorSwe.id, ...stranger });
    await afterHold();
    expect(notesOn(opportunityId)).toMatchObject([{ user: benInLever, text: expect.stringContaining('Ben') }]);
    const writes = server()
      .world.journal.list({ simulator: 'lever', kind: 'api' })
      .filter((call) => call.what.startsWith('POST') && JSON.stringify(call.detail).includes(opportunityId));
    expect(writes.map(({ detail }) => detail)).toMatchObject(
      ['addTags', 'notes'].map((end) => ({ path: expect.stringContaining(end), query: `?perform_as=${benInLever}` })),
    );
  });

  test('but what a rule does is done by the connection’s own user', async () => {
    const { lever, seeds } = server().world;
    const { opportunityId } = arrive();
    lever.play.move({ opportunityId, stageId: seeds.lever.stages.assessment });
    await afterHold();
    expect(notesOn(opportunityId).map(({ user }) => user)).toEqual([adminInLever]);
  });

  test('is written by the connection’s own user once that one is deactivated, and still names the recruiter', async () => {
    const { lever } = server().world;
    const gil = lever.play.createUser({ name: 'Gil', email: 'gil@example.com', accessRole: 'team member' }).id;
    await configure('lever', { attribution: 'recruiter' });
    const recruiter = await joinAs('Gil', 'gil@example.com');
    const { page, opportunityId } = arrive();
    const shown = await recruiter.open(page);
    await recruiter.send(shown);
    lever.play.deactivateUser({ userId: gil });
    server().clock.advance(61);
    expect((await rowOf('Gil')).atsUsers).toContainEqual(expect.objectContaining({ ats: 'lever', how: 'deactivated' }));
    await afterHold();
    expect(notesOn(opportunityId)).toMatchObject([{ user: adminInLever, text: expect.stringContaining('Gil') }]);
  });

  test('in Greenhouse carries that user’s token, also where a new token ends the earlier one', async () => {
    const { greenhouse, seeds } = server().world;
    const jobAdminOf = [seeds.greenhouse.jobs.backend];
    const rosa = greenhouse.createUser({ firstName: 'Rosa', lastName: 'Lind', email: 'rosa@example.com', jobAdminOf });
    await configure('greenhouse', { attribution: 'recruiter', singleToken: true });
    const recruiter = await joinAs('Rosa', 'rosa@example.com');
    const email = `${randomUUID()}@mail.example`;
    const { id: candidateId } = greenhouse.createCandidate({ firstName: 'Ada', lastName: 'Moreno', email, tags: ['Senior SWE'] });
    const { id: applicationId } = greenhouse.createApplication({ candidateId, jobId: seeds.greenhouse.jobs.backend });
    await server().settle();
    await recruiter.send(await recruiter.open(greenhousePage(applicationId, candidateId)));
    await afterHold();
    const notes = greenhouse.world.notes.list((note) => note.candidateId === candidateId);
    expect(notes.map(({ userId }) => userId)).toEqual([rosa.id]);
  });
});

describe('whoever has a limited role in Lever', () => {
  let hal: Recruiter;
  let halInLever: string;
  let cleo: Recruiter;
  beforeAll(async () => {
    const { lever } = server().world;
    halInLever = lever.play.createUser({ name: 'Hal', email: 'hal@example.com', accessRole: 'limited team member' }).id;
    await configure('lever', {});
    hal = await joinAs('Hal', 'hal@example.com');
    cleo = await joinAs('Cleo', null);
  });
  const waitingOf = async ({ token }: Recruiter) => {
    const answer = await server().fetch(PATHS.waiting, { headers: { authorization: `Bearer ${token}` } });
    return waitingSchema.parse(await answer.json()).items.map(({ key }) => key);
  };

  test('sees nothing of a candidate who is none of theirs, and changes nothing', async () => {
    const { page, name } = arrive();
    const view = await hal.panel(page);
    expect(view).toEqual({
      kind: 'unavailable',
      code: 'role-excludes',
      text: 'Your role in Lever does not include this candidate.',
      mend: { kind: 'check-again' },
    });
    const shown = await cleo.open(page);
    expect(shown.candidateName).toBe(name);
    for (const [path, more] of [
      [PATHS.commands.send, { assessmentId: shown.assessments[0]?.id }],
      [PATHS.commands.cancel, { invitationId: randomUUID() }],
      [PATHS.commands.copyLink, { invitationId: randomUUID() }],
      [PATHS.commands.move, { toStageId: 'x' }],
    ] as const)
      expect(await hal.refusal(path, shown, more)).toMatchObject({ status: 403, code: 'forbidden' });
    expect(await hal.refusal(PATHS.commands.send, shown, { assessmentId: 'x' }, arrive().page)).not.toMatchObject({
      message: expect.stringContaining(name),
    });
  });

  test('finds no such candidate among those who wait', async () => {
    const { page } = arrive();
    const shown = await cleo.open(page);
    await cleo.send(shown);
    expect(await waitingOf(cleo)).toContain(shown.key);
    expect(await waitingOf(hal)).not.toContain(shown.key);
    await afterHold();
  });

  test('sees a candidate as soon as they follow them', async () => {
    const { page, opportunity, name } = arrive();
    expect((await hal.panel(page)).kind).toBe('unavailable');
    opportunity.followers.push(halInLever);
    expect((await hal.open(page)).candidateName).toBe(name);
  });

  test('and is an Interviewer sees of the candidates for their posting how far they are, and no result', async () => {
    const { lever, seeds } = server().world;
    const ivy = lever.play.createUser({ name: 'Ivy', email: 'ivy@example.com', accessRole: 'interviewer' }).id;
    const posting = lever.account.postings.get(seeds.lever.postings.backend);
    if (!posting) throw new Error('no posting');
    posting.hiringManager = ivy;
    await configure('lever', {});
    const interviewer = await joinAs('Ivy', 'ivy@example.com');
    const { page } = arrive();
    const shown = await cleo.open(page);
    await cleo.send(shown);
    await afterHold();
    const invitationId = (await cleo.open(page)).invitations[0]?.id;
    await cleo.command(PATHS.commands.enterResult, shown, { invitationId, score: { value: 77.25, max: 100 }, verdict: 'up' });
    await server().settle();
    // The posting is remembered for a minute.
    server().clock.advance(61);
    expect((await cleo.open(page)).invitations[0]?.result?.score).toEqual({ value: 77.25, max: 100 });
    await server().until(async () => expect((await interviewer.panel(page)).kind).toBe('application'));
    const view = await interviewer.open(page);
    expect(view).toMatchObject({
      invitations: [{ state: 'scored', result: null, actions: [] }],
      happenings: [],
      may: { send: false },
    });
    expect(JSON.stringify(view)).not.toContain('77.25');
    expect(await interviewer.refusal(PATHS.commands.cancel, shown, { invitationId })).toMatchObject({ status: 403 });
  });

  test('sees everything of a candidate whom they follow', async () => {
    const { page, opportunity, name } = arrive();
    opportunity.followers.push(halInLever);
    expect((await hal.open(page)).candidateName).toBe(name);
  });

  test('is told only of changes to candidates whom they see', async () => {
    const theirs = arrive();
    theirs.opportunity.followers.push(halInLever);
    const others = arrive();
    const seen = await cleo.open(others.page);
    const own = await hal.open(theirs.page);
    await server().settle();
    const stop = new AbortController();
    const heard = listen(hal, stop.signal);
    await heard.ready;
    await cleo.send(seen);
    await hal.send(own);
    await server().until(() => expect(heard.keys).toContain(own.key));
    stop.abort();
    expect(heard.keys).not.toContain(seen.key);
    await afterHold();
  });

  /** The keys that the stream names, as they come. */
  function listen({ token }: Recruiter, signal: AbortSignal) {
    const keys: string[] = [];
    const opened = server().fetch(PATHS.stream, { headers: { authorization: `Bearer ${token}` }, signal });
    const ready = opened.then((answer) => {
      const reader = answer.body?.pipeThrough(new TextDecoderStream()).getReader();
      const first = reader?.read();
      const readOn = async () => {
        for (;;) {
          const { done, value } = (await reader?.read()) ?? { done: true, value: undefined };
          if (done) return;
          keys.push(...(value ?? '').matchAll(/"key":"([^"]+)"/g).map((match) => match[1] ?? ''));
        }
      };
      return first?.then(() => void readOn().catch(() => undefined));
    });
    return { keys, ready };
  }
});

describe('a viewer of whom Lever knows nothing', () => {
  test('sees candidates, but no confidential ones', async () => {
    const vera = await joinAs('Vera', null, 'viewer');
    expect((await vera.panel(arrive().page)).kind).toBe('application');
    const secret = arrive({ confidential: true });
    const view = await vera.panel(secret.page);
    expect(view).toMatchObject({ kind: 'unavailable', code: 'role-excludes' });
    expect(JSON.stringify(view)).not.toContain(secret.name);
  });
});
