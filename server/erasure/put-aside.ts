import type { Services, Transaction } from '../services.ts';
import { noteFailure } from '../storage/failures.repository.ts';
import { eraseDeliveries } from './erase-deliveries.ts';
import { eraseRows } from './erase-rows.ts';
import { rememberErased } from './erased-marks.ts';
import { lockApplications } from './find-applications.ts';
import { findTraces } from './find-traces.ts';

/** An application of somebody who was erased, of which we have no more than that it was named. */
export interface PutAside {
  key: string;
  connectionId: string;
  applicationId: string;
  /** The erasure that it falls under. */
  erasureId: string;
  /** When that was, if the ATS does not say whether they applied before or after it: then an admin is told. */
  unknownSince: Date | null;
}

/**
 * Forgets that it was named, and hears of it no more. That is part of an erasure which is long finished, so there is nothing to tell of in
 * anybody's name.
 */
export async function putAside(tx: Transaction, services: Services, { key, ...aside }: PutAside): Promise<void> {
  const { connectionId, applicationId, erasureId, unknownSince } = aside;
  const subject = { applicationIds: [applicationId], candidateIds: [], goneCandidateIds: [] };
  // In the order of finish-erasures.ts.
  const { named } = await findTraces(tx, { connectionId, subject });
  const deliveryIds = await eraseDeliveries(tx, { connectionId, named, now: services.clock.now() });
  await lockApplications(tx, [key]);
  await rememberErased(tx, services, {
    erasureId,
    marks: [{ what: 'application', scope: connectionId, id: applicationId }],
  });
  await eraseRows(tx, await findTraces(tx, { connectionId, subject }), { deliveryIds, random: services.random });
  if (!unknownSince) return;
  await noteFailure(tx, services, {
    // By the random key under which it was here for a moment.
    key: `aside:${key}`,
    kind: 'delivery',
    connectionId,
    reason: { code: 'put-aside', values: { erasedAt: unknownSince.toISOString() } },
  });
}
