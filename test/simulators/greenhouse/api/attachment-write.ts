import * as z from 'zod';
import type { Attachment } from '../world/records.ts';
import type { World } from '../world/world.ts';
import { unprocessable } from './errors.ts';
import { toAttachmentJson } from './lists/tag-lists.ts';
import { defineWrite, needApplication } from './write.ts';

const TYPES = [
  'resume',
  'cover_letter',
  'take_home_test',
  'offer_packet',
  'offer_letter',
  'signed_offer_letter',
  'other',
] as const;

export const attachmentWrite = defineWrite({
  method: 'post',
  path: '/attachments',
  scope: 'harvest:attachments:create',
  body: z.strictObject({
    application_id: z.int().positive(),
    filename: z.string().min(1),
    type: z.enum(TYPES),
    content: z.base64().optional(),
    url: z.url().optional(),
    visibility: z.enum(['public', 'private', 'admin_only']).default('public'),
  }),
  run(call, body) {
    if ((body.content === undefined) === (body.url === undefined)) throw unprocessable('Give content or url, one of them.');
    const { candidateId } = needApplication(call, body.application_id);
    const { filename, type, visibility } = body;
    if (type === 'resume') removeOldResume(call.world, candidateId);
    const size = body.content === undefined ? null : Buffer.from(body.content, 'base64').byteLength;
    const row = { applicationId: body.application_id, candidateId, filename, type, visibility, size };
    return Response.json(toAttachmentJson(call.world.attachments.add({ ...row, url: toSignedUrl(filename) })), { status: 201 });
  },
});

/** A new resume replaces the old one. */
function removeOldResume({ attachments }: World, candidateId: number): void {
  const old: Attachment[] = attachments.list((row) => row.candidateId === candidateId && row.type === 'resume');
  for (const row of old) attachments.remove(row.id);
}

/** Real ones are signed and die after 7 days; nobody may fetch this one. */
function toSignedUrl(filename: string): string {
  return `https://attachments.example.invalid/${encodeURIComponent(filename)}?X-Amz-Expires=604800`;
}
