import { runChecks } from '../checks/run-checks.ts';
import { acceptSpeed } from './accept-speed.ts';
import { serverAtRest } from './server-at-rest.ts';
import { useOfAllowance } from './use-of-allowance.ts';

/** `npm run bench`: the figures of speed and use, each on a machine with whatever else runs on it. */
await runChecks([acceptSpeed, serverAtRest, useOfAllowance], 'bench.json');
