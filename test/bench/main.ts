import { runChecks } from '../checks/run-checks.ts';
import { acceptSpeed } from './accept-speed.ts';
import { growth } from './growth.ts';
import { serverAtRest } from './server-at-rest.ts';
import { useOfAllowance } from './use-of-allowance.ts';
import { webhookToNote } from './webhook-to-note.ts';

/** `npm run bench`: the figures of speed and use, each on a machine with whatever else runs on it. */
await runChecks([acceptSpeed, webhookToNote, useOfAllowance, growth, serverAtRest], 'bench.json');
