import { Refused } from '../refused.ts';
import { toDeletedApplicationPayload, toDeletedPersonPayload, toMergedPersonPayload } from '../webhooks/erasure-payloads.ts';
import type { Candidate } from '../world/records.ts';
import type { World } from '../world/world.ts';
import { type Actor, announce, remember } from './actor.ts';

/** Only a person in Greenhouse does these. Deletes the candidate with everything that hangs on it. */
export function deleteCandidate(world: World, by: Actor, { candidateId }: { candidateId: number }): void {
  const candidate = world.candidates.get(candidateId);
  const payload = toDeletedPersonPayload(world, candidate);
  for (const application of world.applicationsOf(candidateId)) removeApplication(world, application.id);
  removeBelongings(world, candidateId);
  world.candidates.remove(candidateId);
  announce(world, by, 'delete_candidate', payload);
}

export function deleteApplication(world: World, by: Actor, { applicationId }: { applicationId: number }): void {
  const application = world.applications.get(applicationId);
  removeApplication(world, applicationId);
  announce(world, by, 'delete_application', toDeletedApplicationPayload(application));
}

/** The second one's applications, notes and tags go over to the first; its id is gone. Sends merge_candidate, not delete_candidate. */
export function mergeCandidates(world: World, by: Actor, { keepId, dropId }: { keepId: number; dropId: number }): void {
  if (keepId === dropId) throw new Refused('A candidate cannot be merged with itself');
  const keep = world.candidates.get(keepId);
  const drop = world.candidates.get(dropId);
  for (const table of [world.applications, world.notes, world.attachments, world.activities]) {
    for (const row of table.list()) if (row.candidateId === dropId) row.candidateId = keepId;
  }
  for (const row of world.appliedTags.list((one) => one.candidateId === dropId)) moveTag(world, row, keepId);
  const known = new Set(keep.emails.map((email) => email.value));
  world.candidates.change(keep, { emails: [...keep.emails, ...drop.emails.filter((email) => !known.has(email.value))] });
  world.candidates.remove(dropId);
  remember(world, by, { candidateId: keepId, applicationId: null }, 'merged with another candidate');
  announce(world, by, 'merge_candidate', toMergedPersonPayload(world, drop, keepId));
}

function moveTag(world: World, row: { id: number; tagId: number; candidateId: number }, keepId: number): void {
  const there = world.appliedTags.list((one) => one.candidateId === keepId && one.tagId === row.tagId).length > 0;
  if (there) world.appliedTags.remove(row.id);
  else row.candidateId = keepId;
}

/** By the words of the documents, as far as the simulator has what they name. */
const FIELDS: Readonly<Record<string, Partial<Candidate>>> = {
  full_name: { firstName: null, lastName: null, preferredName: null },
  current_company: { company: null },
  current_title: { title: null },
  email_addresses: { emails: [] },
  phone_numbers: { phones: [] },
  addresses: { addresses: [] },
  websites: { websites: [] },
  social_media_links: { socialMedia: [] },
  custom_candidate_fields: { customFields: {} },
};
const BELONGINGS = { notes: 'notes', attachments: 'attachments', tags: 'appliedTags', activity_items: 'activities' } as const;
const isBelonging = (field: string): field is keyof typeof BELONGINGS => Object.hasOwn(BELONGINGS, field);
const ANONYMISABLE = [...Object.keys(FIELDS), ...Object.keys(BELONGINGS)];

/**
 * What is ticked goes, everything when nothing is said; the ids stay. Inferred: which fields are left in the API afterwards, and that the
 * webhook comes for a part of them too.
 */
export function anonymizeCandidate(
  world: World,
  by: Actor,
  { candidateId, fields = ANONYMISABLE }: { candidateId: number; fields?: string[] | undefined },
): void {
  const unknown = fields.find((field) => !ANONYMISABLE.includes(field));
  if (unknown !== undefined) throw new Refused(`There is no field ${unknown} to anonymize`);
  const candidate = world.candidates.get(candidateId);
  world.candidates.change(candidate, Object.assign({}, ...fields.map((field) => FIELDS[field])));
  removeBelongings(
    world,
    candidateId,
    fields.filter(isBelonging).map((field) => BELONGINGS[field]),
  );
  announce(world, by, 'candidate_anonymized', { candidate_id: candidateId, anonymized_fields: fields });
}

/** From now on only users who may see private candidates see this one, in lists too. */
export function setPrivate(
  world: World,
  by: Actor,
  { candidateId, private: hidden }: { candidateId: number; private: boolean },
): void {
  world.candidates.change(world.candidates.get(candidateId), { private: hidden });
  remember(world, by, { candidateId, applicationId: null }, hidden ? 'made private' : 'made public');
}

function removeApplication(world: World, applicationId: number): void {
  for (const row of world.stageRows.list((one) => one.applicationId === applicationId)) world.stageRows.remove(row.id);
  for (const row of world.rejectionDetails.list((one) => one.applicationId === applicationId))
    world.rejectionDetails.remove(row.id);
  world.applications.remove(applicationId);
}

function removeBelongings(
  world: World,
  candidateId: number,
  which: readonly (typeof BELONGINGS)[keyof typeof BELONGINGS][] = Object.values(BELONGINGS),
): void {
  for (const name of which) {
    const table = world[name];
    for (const row of table.list()) if (row.candidateId === candidateId) table.remove(row.id);
  }
}
