import { runChecks } from '../checks/run-checks.ts';

/** `npm run faults`: nothing lost, nothing twice, nobody gets in. */
await runChecks([], 'faults.json');
