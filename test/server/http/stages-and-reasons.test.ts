import { describe, expect, it } from 'vitest';
import { apiErrorSchema } from '../../../lib/contract/error.ts';
import { reasonsViewSchema, stagesViewSchema } from '../../../lib/contract/settings.ts';
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

  it('are asked of an ATS only', async () => {
    const { connect, call } = at.current();
    const { id } = await connect({ kind: 'byteboard' });
    expect((await call('GET', `/api/connections/${id}/stages`)).status).toBe(404);
    const ats = await connect({ kind: 'lever' });
    expect((await call('GET', `/api/connections/${ats.id}/catalogue`)).status).toBe(404);
  });
});
