/**
 * Whom a Greenhouse webhook is about. https://developers.greenhouse.io/webhooks.html
 *
 * The shapes differ from action to action (and `hire_candidate` from all others), so we do not go by the action: we collect the ids from
 * the places where any of them has one. A hint too many costs a re-read, a hint too few loses something.
 */
import { z } from 'zod';
import type { AtsHint } from '../port.ts';
import { greenhouseIdSchema } from './schemas.ts';

const id = greenhouseIdSchema.nullish().catch(null);
const person = z.object({ id }).nullish().catch(null);

const placesSchema = z.object({
  /** Stage change, rejection, hire, new application, update, deletion: the application, with its candidate inside or by id. */
  application: z.object({ id, candidate_id: id, candidate: person }).nullish().catch(null),
  /** update_candidate. */
  candidate: person,
  /** delete_candidate and merge_candidate. */
  person: z
    .object({ id, new_candidate_id: id, deleted_application_ids: z.array(id).nullish().catch(null) })
    .nullish()
    .catch(null),
  /** candidate_anonymized has the candidate at the top; offers, interviews and scorecards have both. */
  application_id: id,
  candidate_id: id,
});
type Places = z.infer<typeof placesSchema>;

/** As it is: a copy of what may be a whole candidate would serve nobody. */
const payload = z.custom<Record<string, unknown>>(
  (value) => typeof value === 'object' && value !== null && !Array.isArray(value),
);
const envelopeSchema = z.object({ action: z.string(), payload });

/** Total: whatever cannot be understood gives no hint. */
export function toGreenhouseHints(body: unknown): AtsHint[] {
  const envelope = envelopeSchema.safeParse(body);
  if (!envelope.success || envelope.data.action === 'ping') return [];
  const { action, payload } = envelope.data;
  // Offers, interviews and scorecards are sent bare or inside an object named after them.
  const bodies = [payload, payload.offer, payload.interview, payload.scorecard].filter((body) => body !== undefined);
  const hints = bodies.flatMap((candidate) => {
    const places = placesSchema.safeParse(candidate);
    return places.success ? hintsOf(places.data, action) : [];
  });
  // The API shows an anonymised person like one whose name and address were never filled in.
  return withoutRepeats(hints.map((found) => withWord(action, found)));
}

/**
 * What Greenhouse itself says of somebody, which no reading tells as well. A person is deleted with the applications that are named;
 * others that we believed to be theirs are read again, since they may have been merged into somebody else.
 */
function withWord(action: string, found: AtsHint): AtsHint {
  if (action === 'candidate_anonymized') return { ...found, anonymised: true };
  const isDeletion = found.applicationId
    ? action === 'delete_application' || action === 'delete_candidate'
    : action === 'delete_candidate';
  return isDeletion ? { ...found, deleted: true } : found;
}

function hintsOf(places: Places, event: string): AtsHint[] {
  const { application, person } = places;
  const candidateId = application?.candidate?.id ?? application?.candidate_id ?? places.candidate_id ?? places.candidate?.id;
  return [
    hint(event, application?.id ?? places.application_id, candidateId),
    ...(person?.deleted_application_ids ?? []).map((deleted) => hint(event, deleted, person?.id)),
    hint(event, undefined, person?.id),
    hint(event, undefined, person?.new_candidate_id),
  ].filter((found) => found !== undefined);
}

function hint(event: string, applicationId: string | null | undefined, candidateId: string | null | undefined) {
  if (!applicationId && !candidateId) return undefined;
  return { event, ...(applicationId ? { applicationId } : {}), ...(candidateId ? { candidateId } : {}) };
}

function withoutRepeats(hints: AtsHint[]): AtsHint[] {
  return [...new Map(hints.map((found) => [`${found.applicationId} ${found.candidateId}`, found])).values()];
}
