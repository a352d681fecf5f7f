import type { Services } from '../services.ts';
import { appendAudit } from '../storage/audit.repository.ts';
import { noteFailure } from '../storage/failures.repository.ts';
import type { PieceSize } from './delivery-pieces.ts';
import { eraseDeliveries } from './erase-deliveries.ts';
import { eraseRows } from './erase-rows.ts';
import { rememberErased } from './erased-marks.ts';
import { lockApplications } from './find-applications.ts';
import { findTraces } from './find-traces.ts';
import { lockDeliveries, lookForDeliveries } from './look-for-deliveries.ts';

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
 * anybody's name; only where the audit told of it already, its chain is told why the detail is gone. In one transaction, before which the
 * stored webhooks are looked through.
 */
export async function putAside(
  services: Services,
  { key, connectionId, applicationId, erasureId, unknownSince }: PutAside,
  piece?: PieceSize,
): Promise<void> {
  const subject = { applicationIds: [applicationId], candidateIds: [], goneCandidateIds: [] };
  const { named } = await findTraces(services.db, { connectionId, subject });
  const look = await lookForDeliveries(services, { connectionId, named, size: piece });
  await services.db.transaction(async (tx) => {
    // In the order of finish-erasures.ts.
    const rows = await lockDeliveries(tx, look, { connectionId, named });
    await lockApplications(tx, [key]);
    const deliveryIds = await eraseDeliveries(tx, { rows, named, now: services.clock.now() });
    await rememberErased(tx, services, {
      erasureId,
      marks: [{ what: 'application', scope: connectionId, id: applicationId }],
    });
    const traces = await findTraces(tx, { connectionId, subject });
    const { audit_details: details = 0 } = await eraseRows(tx, traces, { deliveryIds, random: services.random });
    // The ATS may have hidden it before it showed it, and that was told.
    const told = details > 0 ? traces.keys : [];
    for (const applicationKey of told)
      await appendAudit(tx, services, { who: { kind: 'system' }, action: 'candidate.erased', connectionId, applicationKey });
    if (!unknownSince) return;
    await noteFailure(tx, services, {
      // By the random key under which it was here for a moment.
      key: `aside:${key}`,
      kind: 'delivery',
      connectionId,
      reason: { code: 'put-aside', values: { erasedAt: unknownSince.toISOString() } },
    });
  });
}
