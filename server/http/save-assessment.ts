import { say } from '../say.ts';
import type { Services } from '../services.ts';
import {
  type AssessmentFields,
  addAssessment,
  changeAssessment,
  isTagTaken,
  listAssessments,
} from '../storage/assessments.repository.ts';
import { findConnection } from '../storage/connections.repository.ts';
import { canHandOver } from '../vendors/can-hand-over.ts';
import { ApiError } from './api-error.ts';
import { audited } from './audited.ts';
import { checkLinkTemplate } from './check-link-template.ts';
import { difference } from './difference.ts';
import { handoverWords } from './handover-words.ts';
import type { HttpParts } from './http-parts.ts';
import { tryConnect } from './try-connect.ts';

/** What an admin says of an assessment: also where its links come from, which the row tells by having no template. */
type Said = AssessmentFields & { linkFrom: 'template' | 'pool' };

type Means = { services: Services; parts: Pick<HttpParts, 'connectVendor'> };

/** Stores a new assessment and answers its id. @throws ApiError `invalid`, naming the field */
export async function createAssessment({ linkFrom, ...said }: Said, member: { id: string }, means: Means): Promise<string> {
  const { random, clock } = means.services;
  const fields = linkFrom === 'pool' ? { ...said, linkTemplate: null } : said;
  await checkFields({ ...fields, linkFrom }, means);
  const id = random.uuid();
  await refuseTakenTag(fields.tag, () =>
    audited(means.services, member, async (inside, note) => {
      await addAssessment(inside.db, { ...fields, id, createdAt: clock.now() });
      note({ action: 'assessment.added', connectionId: fields.vendorConnectionId, detail: { after: toNoted(fields) } });
    }),
  );
  return id;
}

/** Changes what is given. @throws ApiError */
export async function updateAssessment(
  id: string,
  { linkFrom, ...said }: Partial<Said>,
  member: { id: string },
  means: Means,
): Promise<void> {
  const { db } = means.services;
  const current = (await listAssessments(db)).find((assessment) => assessment.id === id && !assessment.archived);
  if (!current) throw new ApiError('not-found');
  const change = linkFrom === 'pool' ? { ...said, linkTemplate: null } : said;
  const after = { ...current, ...change };
  const before = current.linkTemplate === null ? 'pool' : 'template';
  await checkFields({ ...after, linkFrom: linkFrom ?? (said.linkTemplate === undefined ? before : 'template') }, means);
  if (Object.keys(change).length === 0) return;
  const isThere = await refuseTakenTag(after.tag, () =>
    audited(means.services, member, async (inside, note) => {
      const detail = difference(toNoted(current), toNoted(after));
      const said = { before: { name: current.name, ...detail?.before }, after: { name: after.name, ...detail?.after } };
      if (detail) note({ action: 'assessment.changed', connectionId: after.vendorConnectionId, detail: said });
      return await changeAssessment(inside.db, id, change);
    }),
  );
  if (!isThere) throw new ApiError('not-found');
}

async function checkFields(fields: Said, { services: { db }, parts }: Means): Promise<void> {
  const connection = await findConnection(db, fields.vendorConnectionId);
  if (connection?.side !== 'vendor') throw refuse('vendorConnectionId', say('server.vendor-unknown'));
  const trouble = fields.linkTemplate === null ? null : checkLinkTemplate(fields.linkTemplate);
  if (trouble) throw refuse('linkTemplate', trouble);
  const vendor = await tryConnect(parts.connectVendor(connection.id));
  // A vendor that is not fully set up cannot say how it invites; what is missing then shows as a trouble of the assessment.
  if (!vendor.ok) return;
  const { invite } = vendor.adapter.capabilities;
  const isWithoutLink = invite === 'link' && fields.linkTemplate === null && fields.linkFrom === 'template';
  if (isWithoutLink) throw refuse('linkTemplate', say('server.link-missing'));
  if (!canHandOver(vendor.adapter, fields)) throw refuse('handover', handoverWords(fields, vendor.adapter));
}

function toNoted(fields: AssessmentFields) {
  const { name, kind, tag, externalId, durationMinutes, passMark, deadlineDays, handover, remindDays, linkTemplate } = fields;
  return { name, kind, tag, externalId, durationMinutes, passMark, deadlineDays, handover, remindDays, linkTemplate };
}

/** The database alone decides whether a tag is free: two admins may save at the same moment. */
async function refuseTakenTag<T>(tag: string, save: () => Promise<T>): Promise<T> {
  try {
    return await save();
  } catch (error) {
    if (isTagTaken(error)) throw refuse('tag', say('server.tag-taken', { tag }));
    throw error;
  }
}

function refuse(path: string, message: string): ApiError {
  return new ApiError('invalid', { message, details: [{ path, message }] });
}
