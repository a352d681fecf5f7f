import { describe } from 'vitest';
import { describeAtsOperations, type OperationName } from './ats-operations-contract.ts';
import { makeGreenhouseOperationsSubject } from './greenhouse-operations-subject.ts';

const HAS: OperationName[] = [
  ...(['listJobs', 'listOpenings', 'listJobPosts', 'listFields', 'writeFields', 'findFile', 'attachFile'] as const),
  ...(['advance', 'transfer', 'reject', 'unreject', 'hire'] as const),
];

describeAtsOperations('greenhouse', HAS, async () => (await makeGreenhouseOperationsSubject()).subject);

describe('where Greenhouse has chosen otherwise in what its documents leave open', () => {
  const open = { fromStageId: 'job-stage', rejectedStage: 'null', reentry: 'new-row' } as const;
  describeAtsOperations('greenhouse', HAS, async () => (await makeGreenhouseOperationsSubject({ open })).subject);
});
