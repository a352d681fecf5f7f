/**
 * What Greenhouse can do beside the main job, through Harvest v3. Each file names the scopes that its calls need. Writes act as the
 * user that the target names; reads stay with the connection's own, because only Site Admins may read.
 */
import type { Clock } from '../../clock.ts';
import { type CallResult, succeed } from '../../outbound/outcome.ts';
import type { AtsOperations, FieldValue } from '../operations.ts';
import type { WriteTarget } from '../port.ts';
import { advance } from './advance.ts';
import { attachFile, findFile } from './attachments.ts';
import { type GreenhouseClient, isGreenhouseId } from './client.ts';
import { createGreenhouseFields, type GreenhouseFields } from './fields.ts';
import { forCandidate } from './for-candidate.ts';
import { hire } from './hire.ts';
import { listJobPosts, listJobs, readOpenings } from './jobs.ts';
import { listUsers } from './list-users.ts';
import { reject, unreject } from './reject.ts';
import type { FromStageIdSpace } from './stage-guard.ts';
import { transfer } from './transfer.ts';

export interface GreenhouseOperationsDependencies {
  client: GreenhouseClient;
  clock: Clock;
  fromStageIdSpace: FromStageIdSpace;
}

/** Keep one per connection. Greenhouse's notes are for ever, its profiles have no links of ours, and scorecards are not ours to write. */
export function createGreenhouseOperations({ client, clock, fromStageIdSpace: space }: GreenhouseOperationsDependencies) {
  const fields = createGreenhouseFields(client, clock);
  return {
    listUsers: () => listUsers(client),
    listJobs: () => listJobs(client),
    listOpenings: (jobId) => readOpenings(client, jobId),
    listJobPosts: (jobId) => listJobPosts(client, jobId),
    listFields: () => fields.list(),
    writeFields: (target, values) => writeFields(client, fields, { target, values }),
    findFile: ({ applicationId }, fileName) => findFile(client, applicationId, fileName),
    attachFile: ({ applicationId, actingUserId }, file) => attachFile(client.as(actingUserId), applicationId, file),
    advance: ({ applicationId, actingUserId }, move) => advance(client.as(actingUserId), space, { applicationId, ...move }),
    transfer: ({ applicationId, actingUserId }, move) => transfer(client.as(actingUserId), space, { applicationId, ...move }),
    reject: ({ applicationId, actingUserId }, rejection) => reject(client.as(actingUserId), { applicationId, ...rejection }),
    unreject: ({ applicationId, actingUserId }) => unreject(client.as(actingUserId), applicationId),
    hire: ({ applicationId, actingUserId }, { openingId, startsAt }) =>
      hire(client.as(actingUserId), { applicationId, openingId, startsAt }),
  } satisfies AtsOperations;
}

interface FieldsWrite {
  target: WriteTarget;
  values: readonly FieldValue[];
}

/**
 * One call for the application's fields and one for the person's. An answer may be a `{message}` alone: then Greenhouse does it later,
 * which counts as done. A lost answer is settled by writing again, which changes nothing more.
 */
async function writeFields(
  client: GreenhouseClient,
  fields: GreenhouseFields,
  { target, values }: FieldsWrite,
): Promise<CallResult<void>> {
  const acting = client.as(target.actingUserId);
  const patch = async (on: FieldValue['on'], toPath: () => Promise<CallResult<string>>): Promise<CallResult<void>> => {
    const own = values.filter((value) => value.on === on);
    if (own.length === 0) return succeed(undefined);
    const path = await toPath();
    if (!path.ok) return path;
    const custom_fields = await fields.toWire(own);
    if (!custom_fields.ok) return custom_fields;
    const answer = await acting.patch(path.value, { custom_fields: custom_fields.value });
    return answer.ok ? succeed(undefined) : answer;
  };
  const ofApplication = await patch('application', async () =>
    isGreenhouseId(target.applicationId)
      ? succeed(`/applications/${target.applicationId}`)
      : { ok: false, kind: 'not-found', status: 404, detail: 'Greenhouse has no such application' },
  );
  if (!ofApplication.ok) return ofApplication;
  return patch('candidate', () => forCandidate(client, target, async (candidateId) => succeed(`/candidates/${candidateId}`)));
}
