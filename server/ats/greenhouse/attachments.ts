/**
 * Files at an application.
 * https://harvestdocs.greenhouse.io/reference/get_v3-attachments (scope harvest:attachments:list)
 * https://harvestdocs.greenhouse.io/reference/post_v3-attachments (scope harvest:attachments:create)
 *
 * Once: looked for by name first; the name is ours and used once. Their addresses are signed and open to whoever has them, so they are
 * not even read here.
 */
import { type CallResult, succeed } from '../../outbound/outcome.ts';
import type { AtsFile } from '../operations.ts';
import { type GreenhouseClient, isGreenhouseId, toWireId } from './client.ts';
import { readApplication } from './read-snapshot.ts';
import { greenhouseAttachmentSchema, greenhouseCreatedSchema } from './schemas.ts';

/** Inferred: Greenhouse keeps the name as it was given. */
export async function findFile(
  client: GreenhouseClient,
  applicationId: string,
  fileName: string,
): Promise<CallResult<'found' | 'absent' | 'cannot-look'>> {
  if (!isGreenhouseId(applicationId)) return succeed('absent');
  for await (const page of client.pages('/attachments', { application_ids: applicationId }, greenhouseAttachmentSchema)) {
    if (!page.ok) return page.kind === 'forbidden' ? succeed('cannot-look') : page;
    if (page.value.some(({ filename }) => filename === fileName)) return succeed('found');
  }
  return succeed('absent');
}

/**
 * As `other`: a `resume` would replace the candidate's, and `take_home_test` is for what the candidate handed in. Private: a report
 * holds a score, which interviewers should not know before they have given theirs.
 */
export async function attachFile(
  client: GreenhouseClient,
  applicationId: string,
  file: AtsFile,
): Promise<CallResult<{ fileId: string | null }>> {
  if (!isGreenhouseId(applicationId)) return notThere(client, applicationId);
  const answer = await client.post('/attachments', {
    application_id: toWireId(applicationId),
    filename: file.name,
    type: 'other',
    content: Buffer.from(file.bytes).toString('base64'),
    visibility: 'private',
  });
  if (!answer.ok) return answer.kind === 'refused' ? explainRefusal(client, applicationId, answer) : answer;
  const created = greenhouseCreatedSchema.safeParse(answer.value);
  return succeed({ fileId: created.success ? created.data.id : null });
}

async function notThere(client: GreenhouseClient, applicationId: string): Promise<CallResult<never>> {
  const application = await readApplication(client, applicationId);
  if (!application.ok) return application;
  return { ok: false, kind: 'not-found', status: 404, detail: 'Greenhouse has no such application' };
}

/** An id in a body that is not there may be answered 422. */
async function explainRefusal(
  client: GreenhouseClient,
  applicationId: string,
  refusal: CallResult<never>,
): Promise<CallResult<never>> {
  const application = await readApplication(client, applicationId);
  return !application.ok && application.kind === 'not-found' ? application : refusal;
}
