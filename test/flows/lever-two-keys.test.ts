import { randomUUID } from 'node:crypto';
import { beforeAll, describe, expect, test } from 'vitest';
import { PATHS } from '../../lib/contract/paths.ts';
import { connectionViewSchema, reasonsViewSchema, setUpKeyAnswerSchema, stagesViewSchema } from '../../lib/contract/settings.ts';
import { leverPage, type Recruiter, useTestServer } from '../support/test-server.ts';

const server = useTestServer({
  world: { lever: { rateLimit: null } },
  setUp: { rules: { sendOnStageEntry: true, holdSeconds: 0, automaticHoldSeconds: 0 } },
});
const at = (path: string) => path.replace('{id}', server().company.connections.lever.id);
const read = <T>(schema: Parameters<ReturnType<typeof server>['company']['api']['call']>[0], method: string, path: string) =>
  server().company.api.call(schema, method, at(path)) as Promise<T>;

let ben: Recruiter;
beforeAll(async () => {
  const { world, company } = server();
  const { play } = world.lever;
  // The least rights with which invitations go out; it may neither list stages nor notes.
  const lasting = play.createKey({
    label: 'lasting',
    permissions: ['opportunities:read', 'opportunities:write', 'notes:write', 'archive_reasons:read'],
    confidential: true,
  });
  const setUp = play.createKey({ label: 'set-up', permissions: ['stages:read', 'archive_reasons:read', 'webhooks:write'] });
  await company.api.call(connectionViewSchema, 'PATCH', at(PATHS.connection), {
    secrets: { apiKey: lasting.secret, setupKey: setUp.secret },
  });
  play.revokeKey({ label: 'Tagalong' });
  ben = await server().join('Ben');
});

const callsOf = (label: string) =>
  server()
    .world.journal.list({ simulator: 'lever', kind: 'api' })
    .filter(({ detail }) => detail.key === label);

const enterAssessment = () => {
  const { lever, seeds } = server().world;
  const contactId = lever.play.createContact({ name: 'Ada Moreno', emails: [`${randomUUID()}@mail.example`] }).id;
  const { stages, postings } = seeds.lever;
  const { id } = lever.play.createOpportunity({
    contactId,
    postingId: postings.backend,
    stageId: stages.assessment,
    tags: ['Senior SWE'],
  });
  return id;
};

describe('Lever with two keys', () => {
  test('the set-up lists stages and reasons with its own key', async () => {
    const { stages } = await read<{ stages: unknown[] }>(stagesViewSchema, 'GET', PATHS.stages);
    await read(reasonsViewSchema, 'GET', PATHS.reasons);
    expect(stages.length).toBeGreaterThan(3);
    expect(callsOf('set-up').map(({ what, status }) => `${status} ${what}`)).toEqual([
      '200 GET /v1/stages',
      '200 GET /v1/archive_reasons',
    ]);
  });

  test('the set-up key is not forgotten while Lever still accepts it', async () => {
    expect(await read(setUpKeyAnswerSchema, 'DELETE', PATHS.setUpKey)).toMatchObject({
      dead: false,
      message: expect.stringContaining('Revoke it in Lever'),
    });
  });

  test('revoked at Lever it is proved dead and forgotten, and the set-up page still shows the stages', async () => {
    server().world.lever.play.revokeKey({ label: 'set-up' });
    expect(await read(setUpKeyAnswerSchema, 'DELETE', PATHS.setUpKey)).toMatchObject({ dead: true });
    const { secrets } = await server().company.api.call(connectionViewSchema, 'GET', at(PATHS.connection));
    expect(secrets.map(({ name }) => name)).toEqual(['apiKey']);
    const { stages } = await read<{ stages: unknown[] }>(stagesViewSchema, 'GET', PATHS.stages);
    expect(stages.length).toBeGreaterThan(3);
    const again = await server().fetch(at(PATHS.setUpKey), {
      method: 'DELETE',
      headers: { authorization: `Bearer ${server().company.token}` },
    });
    expect(again.status).toBe(404);
  });

  test('the lasting key alone sends, names the stages and knows where "move on" leads', async () => {
    const id = enterAssessment();
    await server().until(async () => {
      const shown = await ben.open(leverPage(id));
      expect(shown.invitations[0]?.state).toBe('sent');
      expect(shown).toMatchObject({ stageName: 'Assessment', moveTarget: { name: 'Onsite' } });
    });
  });

  test('a note whose answer was lost cannot be looked up: it is unconfirmed, written once, and said so', async () => {
    const { lever } = server().world;
    lever.direct.failNext({ method: 'POST', path: '/notes', when: 'after', answer: { kind: 'reset' } });
    const id = enterAssessment();
    await server().until(() => {
      const notes = [...lever.account.notes.values()].filter((note) => note.opportunityId === id);
      expect(notes).toHaveLength(1);
    });
    await server().settle();
    server().clock.advance(3600);
    await server().settle();
    expect([...lever.account.notes.values()].filter((note) => note.opportunityId === id)).toHaveLength(1);
    const { rows } = await server().server.services.db.execute(
      `select state from tagalong.effects where kind = 'write-note' and state = 'unconfirmed'`,
    );
    expect(rows).toHaveLength(1);
  });
});
