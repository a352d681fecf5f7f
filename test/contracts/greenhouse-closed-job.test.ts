import { expect, test } from 'vitest';
import { createFindMoveTarget } from '../../server/jobs/move-target.ts';
import { createFindNextStage } from '../../server/jobs/next-stage.ts';
import { createStageLists } from '../../server/jobs/stage-lists.ts';
import { succeed } from '../../server/outbound/outcome.ts';
import { UNREACHABLE } from '../support/fake-systems.ts';
import { makeGreenhouseSubject } from './greenhouse-subject.ts';

test.each(['v3', 'v1'] as const)(
  '%s: who is in process on a job that was closed since is moved on to its stages',
  async (api) => {
    const { subject, greenhouse } = await makeGreenhouseSubject({ api });
    const connector = { ats: async () => succeed(subject.adapter), vendor: async () => UNREACHABLE };
    const listStages = createStageLists({ connector, clock: { now: subject.now } });
    const findMoveTarget = createFindMoveTarget({ connector, listStages });
    const findNextStage = createFindNextStage(listStages);
    const { job, stages } = subject;
    greenhouse.createJob({ name: 'Another', stages: ['Onsite'] });
    greenhouse.world.jobs.change(greenhouse.world.jobs.get(Number(job.id)), { status: 'closed' });
    const roles = [{ stageId: null, stageName: 'Onsite', role: 'onsite' as const }];
    const targets = [];
    for (let pass = 0; pass < 3; pass += 1) targets.push(await findMoveTarget('connection-1', job.id, roles));
    const next = await findNextStage({ connectionId: 'connection-1', jobId: job.id, stageId: stages.assessment.id });
    const calls = greenhouse.journal.list({ kind: 'api' }).filter(({ what }) => /stages/.test(what));
    await subject.close();
    expect(targets).toEqual(Array(3).fill({ stageId: stages.onsite.id, name: stages.onsite.name }));
    expect(next).toEqual({ name: stages.onsite.name });
    expect(calls).toHaveLength(2);
  },
);
