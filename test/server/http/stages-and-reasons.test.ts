import { describe, expect, it } from 'vitest';
import { apiErrorSchema } from '../../../lib/contract/error.ts';
import { connectionViewSchema, reasonsViewSchema, stagesViewSchema } from '../../../lib/contract/settings.ts';
import { replaceReasonMeanings } from '../../../server/storage/reason-meanings.repository.ts';
import { replaceStageRoles } from '../../../server/storage/stage-roles.repository.ts';
import { changeSweepState } from '../../../server/storage/sweep-state.ts';
import { useSetUp } from '../../support/admin-set-up.ts';

describe('stages and reasons', () => {
  let isReachable = true;
  const away = { ok: false, kind: 'rate-limited', retryAfterMs: 4500, detail: '' } as const;
  const at = useSetUp({
    ats: {
      listStages: async () =>
        isReachable
          ? {
              ok: true,
              value: [
                { stageId: '2', name: 'Onsite', job: { id: '9', name: 'Engineer' }, order: 2 },
                { stageId: '1', name: 'Take Home ', job: { id: '9', name: 'Engineer' }, order: 1 },
              ],
            }
          : away,
      listDispositionReasons: async () => ({
        ok: true,
        value: [
          { reasonId: 'r1', name: 'Withdrew', kind: 'non-hired', active: true },
          { reasonId: 'r2', name: 'Welcome aboard', kind: 'hired', active: true },
          { reasonId: 'r3', name: 'Zzz', kind: 'unknown', active: false },
        ],
      }),
    },
  });

  it('take roles by id or by name, as the workflow reads them', async () => {
    const { connect, read } = at.current();
    const { id } = await connect({ kind: 'greenhouse' });
    const roles = [
      { stageId: null, stageName: 'take home', role: 'assessment' },
      { stageId: '2', stageName: 'Onsite', role: 'onsite' },
    ];
    const view = await read(stagesViewSchema, 'PUT', `/api/connections/${id}/stage-roles`, { roles });
    expect(view.stages.map(({ stageId, role }) => [stageId, role])).toEqual([
      ['1', 'assessment'],
      ['2', 'onsite'],
    ]);
    expect(await read(stagesViewSchema, 'GET', `/api/connections/${id}/stages`)).toEqual(view);
    const fewer = await read(stagesViewSchema, 'PUT', `/api/connections/${id}/stage-roles`, { roles: roles.slice(1) });
    expect(fewer.roles).toEqual(roles.slice(1));
  });

  it('refuse a stage with two roles or without a name', async () => {
    const { connect, refusal } = at.current();
    const path = `/api/connections/${(await connect({ kind: 'lever' })).id}/stage-roles`;
    const twice = [
      { stageId: '1', stageName: null, role: 'assessment' },
      { stageId: '1', stageName: null, role: 'offer' },
    ];
    expect(await refusal('PUT', path, { roles: twice })).toMatchObject({ code: 'invalid', details: [{ path: 'roles.1' }] });
    expect((await refusal('PUT', path, { roles: [{ stageId: null, stageName: ' ', role: 'offer' }] })).code).toBe('invalid');
  });

  it('that are gone from the ATS are noticed as soon as an admin opens their page', async () => {
    const { connect, read, services } = at.current();
    const { id } = await connect({ kind: 'lever' }, { apiKey: 'lever-key-0123456789-abcd' });
    const { db, random } = services;
    await replaceStageRoles(db, {
      connectionId: id,
      roles: [{ stageId: '3', stageName: 'Code Test', role: 'assessment' }],
      random,
    });
    await replaceReasonMeanings(db, {
      connectionId: id,
      meanings: [{ reasonId: 'r9', reasonName: 'Ghosted', meaning: 'withdrew' }],
    });
    const troubles = async () => (await read(connectionViewSchema, 'GET', `/api/connections/${id}`)).troubles;
    expect(JSON.stringify(await troubles())).not.toContain('no longer exists');
    await read(stagesViewSchema, 'GET', `/api/connections/${id}/stages`);
    await read(reasonsViewSchema, 'GET', `/api/connections/${id}/reasons`);
    expect(await troubles()).toEqual(
      expect.arrayContaining([
        'The stage Code Test no longer exists in Lever. Choose another one under Stages.',
        'The reason Ghosted no longer exists in Lever. Look through the list under Reasons.',
      ]),
    );
  });

  it('say when to ask again while the ATS cannot answer, and change nothing meanwhile', async () => {
    const { connect, call, read } = at.current();
    const { id } = await connect({ kind: 'lever' });
    isReachable = false;
    const response = await call('PUT', `/api/connections/${id}/stage-roles`, {
      roles: [{ stageId: '1', stageName: null, role: 'offer' }],
    });
    isReachable = true;
    expect(response.status).toBe(503);
    expect(response.headers.get('retry-after')).toBe('5');
    expect(apiErrorSchema.parse(await response.json()).error).toMatchObject({
      code: 'ats-unavailable',
      message: expect.stringContaining('Lever asks for a pause'),
    });
    expect((await read(stagesViewSchema, 'GET', `/api/connections/${id}/stages`)).roles).toEqual([]);
  });

  it('suggest what a reason means, the own word of the ATS first', async () => {
    const { connect, read } = at.current();
    const { id } = await connect({ kind: 'lever' });
    const before = await read(reasonsViewSchema, 'GET', `/api/connections/${id}/reasons`);
    expect(before.reasons.map(({ suggested, meaning }) => [suggested, meaning])).toEqual([
      ['withdrew', null],
      ['accepted', null],
      [null, null],
    ]);
    const meanings = [{ reasonId: 'r1', reasonName: 'Withdrew', meaning: 'rejected' }];
    const after = await read(reasonsViewSchema, 'PUT', `/api/connections/${id}/reason-meanings`, { meanings });
    expect(after.reasons.map(({ meaning }) => meaning)).toEqual(['rejected', null, null]);
    expect(await read(reasonsViewSchema, 'GET', `/api/connections/${id}/reasons`)).toEqual(after);
  });

  it('that the ATS does not have are refused by name, and nothing changes', async () => {
    const { connect, call, read } = at.current();
    const { id } = await connect({ kind: 'greenhouse' });
    const roles = [
      { stageId: '2', stageName: 'Onsite', role: 'onsite' },
      { stageId: '77', stageName: 'Code Test', role: 'assessment' },
    ];
    const stages = await call('PUT', `/api/connections/${id}/stage-roles`, { roles });
    expect(stages.status).toBe(422);
    expect(apiErrorSchema.parse(await stages.json()).error).toMatchObject({
      code: 'unknown-to-ats',
      message: 'Greenhouse has no such stage: Code Test. Choose from its list, or take the role away.',
      details: [{ path: 'roles.1.stageId' }],
    });
    expect((await read(stagesViewSchema, 'GET', `/api/connections/${id}/stages`)).roles).toEqual([]);
    const meanings = [{ reasonId: 'r9', reasonName: '', meaning: 'rejected' }];
    const reasons = await call('PUT', `/api/connections/${id}/reason-meanings`, { meanings });
    expect(reasons.status).toBe(422);
    expect(apiErrorSchema.parse(await reasons.json()).error.message).toContain('no such reason: r9');
  });

  it('that were deleted there are a trouble of the connection and of the overview, until others are chosen', async () => {
    const { connect, read, services } = at.current();
    const { id } = await connect({ kind: 'lever' }, { apiKey: 'lever-key-0123456789-abcd' });
    const goneStages = [{ id: '3', name: 'Code Test' }];
    await changeSweepState(services.db, id, { goneStages, goneReasons: [{ id: 'r8', name: 'Ghosted' }] });
    const view = () => read(connectionViewSchema, 'GET', `/api/connections/${id}`);
    expect(await view()).toMatchObject({ state: 'needs-you' });
    expect((await view()).troubles).toEqual(
      expect.arrayContaining([
        'The stage Code Test no longer exists in Lever. Choose another one under Stages.',
        'The reason Ghosted no longer exists in Lever. Look through the list under Reasons.',
      ]),
    );
    await read(stagesViewSchema, 'PUT', `/api/connections/${id}/stage-roles`, {
      roles: [{ stageId: '1', stageName: null, role: 'assessment' }],
    });
    await read(reasonsViewSchema, 'PUT', `/api/connections/${id}/reason-meanings`, { meanings: [] });
    expect(JSON.stringify((await view()).troubles)).not.toContain('no longer exists');
  });

  it('are asked of an ATS only', async () => {
    const { connect, call } = at.current();
    const { id } = await connect({ kind: 'byteboard' });
    expect((await call('GET', `/api/connections/${id}/stages`)).status).toBe(404);
    const ats = await connect({ kind: 'lever' });
    expect((await call('GET', `/api/connections/${ats.id}/catalogue`)).status).toBe(404);
  });
});
