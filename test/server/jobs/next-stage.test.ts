import { describe, expect, test } from 'vitest';
import { nextStageIn } from '../../../server/jobs/next-stage.ts';

const stage = (stageId: string, order: number, jobId: string | null = null) => ({
  stageId,
  name: stageId.toUpperCase(),
  order,
  job: jobId === null ? null : { id: jobId, name: null },
});

describe('where "next stage" leads', () => {
  const account = [stage('offer', 3), stage('review', 1), stage('test', 2)];
  test.each([
    ['review', { name: 'TEST' }],
    ['test', { name: 'OFFER' }],
    ['offer', 'last'],
    ['made since', 'unknown'],
  ])('from %s', (stageId, expected) => {
    expect(nextStageIn(account, { jobId: 'job', stageId })).toEqual(expected);
  });

  test('within the job alone', () => {
    const jobs = [stage('review', 1, 'a'), stage('other', 2, 'b'), stage('test', 3, 'a'), stage('far', 4, 'b')];
    expect(nextStageIn(jobs, { jobId: 'a', stageId: 'review' })).toEqual({ name: 'TEST' });
    expect(nextStageIn(jobs, { jobId: 'a', stageId: 'test' })).toBe('last');
  });
});
