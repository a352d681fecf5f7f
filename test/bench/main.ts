import { runChecks } from '../checks/run-checks.ts';

/** `npm run bench`: the figures of speed and use, each on a machine with whatever else runs on it. */
await runChecks([], 'bench.json');
