import { runChecks } from '../checks/run-checks.ts';
import { acknowledgedStored } from './checks/acknowledged-stored.ts';
import { anyOrder } from './checks/any-order.ts';
import { auditChain } from './checks/audit-chain.ts';
import { backfill } from './checks/backfill.ts';
import { badWeather } from './checks/bad-weather.ts';
import { clockJumps } from './checks/clock-jumps.ts';
import { crashAroundCall } from './checks/crash-around-call.ts';
import { duplicates } from './checks/duplicates.ts';
import { erasure } from './checks/erasure.ts';
import { halfOpen } from './checks/half-open.ts';
import { handshakes } from './checks/handshakes.ts';
import { histories } from './checks/histories.ts';
import { hostileUpstream } from './checks/hostile-upstream.ts';
import { kthOperation } from './checks/kth-operation.ts';
import { logs } from './checks/logs.ts';
import { manyWorkers } from './checks/many-workers.ts';
import { migrations } from './checks/migrations.ts';
import { missingRights } from './checks/missing-rights.ts';
import { outages } from './checks/outages.ts';
import { poison } from './checks/poison.ts';
import { recovery } from './checks/recovery.ts';
import { replays } from './checks/replays.ts';
import { shutdown } from './checks/shutdown.ts';
import { storeTrouble } from './checks/store-trouble.ts';
import { storedOnDisk } from './checks/stored-on-disk.ts';
import { takeover } from './checks/takeover.ts';
import { tokenRefresh } from './checks/token-refresh.ts';
import { stopSharedPostgres } from './tools/shared-postgres.ts';

const MINUTE_MS = 60_000;
/** On two cores; what R18 takes at size full depends on what the others have left of it. */
const ASKED_MS = { small: 4 * MINUTE_MS, full: 25 * MINUTE_MS };

/** `npm run faults`: nothing lost, nothing twice, nobody gets in. */
try {
  await runChecks(
    [
      acknowledgedStored,
      storedOnDisk,
      storeTrouble,
      kthOperation,
      badWeather,
      clockJumps,
      backfill,
      duplicates,
      anyOrder,
      crashAroundCall,
      poison,
      erasure,
      outages,
      tokenRefresh,
      replays,
      handshakes,
      hostileUpstream,
      missingRights,
      logs,
      auditChain,
      manyWorkers,
      takeover,
      shutdown,
      halfOpen,
      recovery,
      migrations,
      // Last of those that run alone: it plays as many as there is time for.
      histories,
    ],
    'faults.json',
    { askedMs: ASKED_MS },
  );
} finally {
  await stopSharedPostgres();
}
// A check that broke may have left something listening.
process.exit();
