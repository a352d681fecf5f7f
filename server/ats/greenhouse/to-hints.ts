/**
 * Whom a Greenhouse webhook is about. https://developers.greenhouse.io/webhooks.html
 *
 * The shapes differ from action to action (and `hire_candidate` from all others), so we do not go by the action: we collect the ids from
 * the places where any of them has one. A hint too many costs a re-read, a hint too few loses something.
 */
import { type Fields, fieldsOf } from '../../fields-of.ts';
import type { AtsHint } from '../port.ts';

/** Where an id may stand: the top of the payload, the application in it (with its candidate inside or by id), a candidate, a person. */
interface Places {
  applicationId: string | null;
  candidateId: string | null;
  /** delete_candidate and merge_candidate. */
  personId: string | null;
  newCandidateId: string | null;
  deletedApplicationIds: readonly (string | null)[];
}

/** Total: whatever cannot be understood gives no hint. */
export function toGreenhouseHints(body: unknown): AtsHint[] {
  const envelope = fieldsOf(body);
  const action = envelope?.action;
  const payload = fieldsOf(envelope?.payload);
  if (typeof action !== 'string' || action === 'ping' || !payload) return [];
  // Offers, interviews and scorecards are sent bare or inside an object named after them.
  const bodies = [payload, payload.offer, payload.interview, payload.scorecard].map(fieldsOf).filter((fields) => fields !== null);
  const hints = bodies.flatMap((fields) => hintsOf(placesIn(fields), action));
  // The API shows an anonymised person like one whose name and address were never filled in.
  const isAnonymised = action === 'candidate_anonymized' && tookThePerson(payload.anonymized_fields);
  return withoutRepeats(hints.map((found) => (isAnonymised ? { ...found, anonymised: true } : withWord(action, found))));
}

/**
 * What makes a person, in Greenhouse's words (`emails` are the messages, not the addresses). The two halves of the name are documented
 * nowhere.
 */
const MAKES_A_PERSON: ReadonlySet<unknown> = new Set(['full_name', 'first_name', 'last_name', 'email_addresses']);

/**
 * Greenhouse anonymises what somebody ticks, down to the attachments alone; an erasure is for good and keeps later webhooks out. Inferred:
 * that the webhook comes for such a part too, with a list of that part. Whoever kept name and address is a candidate as before, so
 * that is only a reason to read again. A list that cannot be read may hide the name: then it is the whole person, as for a missing one.
 */
function tookThePerson(fields: unknown): boolean {
  if (!Array.isArray(fields) || !fields.every((field) => typeof field === 'string')) return true;
  return fields.some((field) => MAKES_A_PERSON.has(field));
}

/**
 * What Greenhouse itself says of somebody, which no reading tells as well. A person is deleted with the applications that are named;
 * others that we believed to be theirs are read again, since they may have been merged into somebody else.
 */
function withWord(action: string, found: AtsHint): AtsHint {
  const isDeletion = found.applicationId
    ? action === 'delete_application' || action === 'delete_candidate'
    : action === 'delete_candidate';
  return isDeletion ? { ...found, deleted: true } : found;
}

/**
 * By hand, and not by a schema of so many places that may be anything: that took longer than the signature
 * (measured by `npm run bench -- --only P5`).
 */
function placesIn(fields: Fields): Places {
  const application = fieldsOf(fields.application);
  const candidate = fieldsOf(fields.candidate);
  const person = fieldsOf(fields.person);
  const deleted = person?.deleted_application_ids;
  return {
    applicationId: idIn(application?.id) ?? idIn(fields.application_id),
    // candidate_anonymized has the candidate at the top; offers, interviews and scorecards have both. `candidate` alone: update_candidate.
    candidateId:
      idIn(fieldsOf(application?.candidate)?.id) ??
      idIn(application?.candidate_id) ??
      idIn(fields.candidate_id) ??
      idIn(candidate?.id),
    personId: idIn(person?.id),
    newCandidateId: idIn(person?.new_candidate_id),
    deletedApplicationIds: Array.isArray(deleted) ? deleted.map(idIn) : [],
  };
}

const DIGITS = /^\d+$/;

/** What `greenhouseIdSchema` takes, as text. */
function idIn(value: unknown): string | null {
  if (typeof value === 'string') return DIGITS.test(value) ? value : null;
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0 ? String(value) : null;
}

function hintsOf(
  { applicationId, candidateId, personId, newCandidateId, deletedApplicationIds }: Places,
  event: string,
): AtsHint[] {
  return [
    hint(event, applicationId, candidateId),
    ...deletedApplicationIds.map((deleted) => hint(event, deleted, personId)),
    hint(event, null, personId),
    hint(event, null, newCandidateId),
  ].filter((found) => found !== undefined);
}

function hint(event: string, applicationId: string | null, candidateId: string | null): AtsHint | undefined {
  if (!applicationId && !candidateId) return undefined;
  return { event, ...(applicationId ? { applicationId } : {}), ...(candidateId ? { candidateId } : {}) };
}

function withoutRepeats(hints: AtsHint[]): AtsHint[] {
  if (hints.length < 2) return hints;
  return [...new Map(hints.map((found) => [`${found.applicationId} ${found.candidateId}`, found])).values()];
}
