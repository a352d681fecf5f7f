import { runChecks } from '../checks/run-checks.ts';
import { outages } from './checks/outages.ts';
import { stopSharedPostgres } from './tools/shared-postgres.ts';

/** `npm run faults`: nothing lost, nothing twice, nobody gets in. */
try {
  await runChecks([outages], 'faults.json');
} finally {
  await stopSharedPostgres();
}
