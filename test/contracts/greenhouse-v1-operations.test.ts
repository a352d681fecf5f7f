import { describeAtsOperations } from './ats-operations-contract.ts';
import { makeGreenhouseOperationsSubject } from './greenhouse-operations-subject.ts';

describeAtsOperations(
  'greenhouse',
  ['listJobs', 'listOpenings', 'listJobPosts', 'listFields', 'writeFields', 'transfer'],
  async () => (await makeGreenhouseOperationsSubject({ api: 'v1' })).subject,
);
