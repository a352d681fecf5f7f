import type { AssessmentView } from '../../lib/contract/settings.ts';
import type { Services } from '../services.ts';
import { listAssessments } from '../storage/assessments.repository.ts';
import { listConnections } from '../storage/connections.repository.ts';
import { readMailSettings } from '../storage/mail-settings.repository.ts';
import { countPoolLinks } from '../storage/pool-links.repository.ts';
import { readUnlisted } from '../storage/vendor-catalogue.repository.ts';
import { ApiError } from './api-error.ts';
import { toAssessmentView } from './assessment-view.ts';
import type { HttpParts } from './http-parts.ts';
import { tryConnect } from './try-connect.ts';

type Means = { services: Services; parts: Pick<HttpParts, 'connectVendor'> };

/** All assessments, as an admin sees them. */
export async function readAssessments({ services: { db }, parts }: Means): Promise<AssessmentView[]> {
  const vendors = await Promise.all(
    (await listConnections(db))
      .filter((connection) => connection.side === 'vendor')
      .map(async (connection) => ({ connection, vendor: await tryConnect(parts.connectVendor(connection.id)) })),
  );
  const pools = await countPoolLinks(db);
  const mailIsSetUp = (await readMailSettings(db)).host !== null;
  const isUnlisted = await readUnlisted(db);
  return (await listAssessments(db)).map((assessment) => {
    const found = vendors.find(({ connection }) => connection.id === assessment.vendorConnectionId);
    const pool = pools.get(assessment.id) ?? null;
    return toAssessmentView(assessment, {
      connection: found?.connection ?? null,
      vendor: found?.vendor ?? null,
      mailIsSetUp,
      pool,
      isUnlisted: isUnlisted(assessment),
    });
  });
}

/** @throws ApiError `not-found` */
export async function readAssessment(id: string, means: Means): Promise<AssessmentView> {
  const found = (await readAssessments(means)).find((assessment) => assessment.id === id);
  if (!found) throw new ApiError('not-found');
  return found;
}
