/**
 * One invitation may become several test sessions at CodeSignal: where the technology failed it gives another try by itself
 * (`retakeSession`), and a person there may reactivate what expired, which makes a new session too (`reactivatedSession`). Webhooks then
 * speak of the new one. https://github.com/CodeSignal/developer-docs, docs/graphql/types/companytestsession.doc.html
 */
import { type CallFailure, type CallResult, succeed } from '../../outbound/outcome.ts';
import { ask, type CodesignalApi } from './graphql.ts';
import { type LinkedSession, linkedSessionSchema } from './schemas.ts';

/** Both are rare; nobody has seen many in a row. */
const MAX_STEPS = 5;

/**
 * `companyTestSession`: the last of those that took each other's place, beginning with this one, as it was answered. `fields`: what is
 * wanted of it. `not-found` where the first one is not there. In a circle no session is asked for twice.
 */
export async function readCurrentSession(api: CodesignalApi, first: string, fields: string): Promise<CallResult<unknown>> {
  const asked = new Set<string>();
  let last: unknown = null;
  let id = first;
  for (;;) {
    asked.add(id);
    const answer = await readSession(api, id, fields);
    if (last !== null && isGone(answer)) return succeed(last);
    if (!answer.ok) return answer;
    if (answer.value === null) return { ok: false, kind: 'not-found', status: 404, detail: 'It has no such test session.' };
    const session = linkedSessionSchema.safeParse(answer.value).data;
    if (!session) return { ok: false, kind: 'unreadable', detail: 'The answer is not a test session.' };
    const next = successorOf(session);
    if (next === null || asked.has(next) || asked.size > MAX_STEPS) return succeed(answer.value);
    last = answer.value;
    id = next;
  }
}

/** CodeSignal says by null, or by an error, that there is no such session. */
function isGone(answer: CallResult<unknown>): boolean {
  return answer.ok ? answer.value === null : answer.kind === 'not-found';
}

function successorOf({ status, verificationStatus, retakeSession, reactivatedSession }: LinkedSession): string | null {
  if (status === 'expired' && reactivatedSession) return reactivatedSession.newSessionId;
  return verificationStatus === 'notVerified' && retakeSession ? retakeSession.id : null;
}

/** A server that refuses the question because of the younger field is asked as before it was there. */
async function readSession(api: CodesignalApi, id: string, fields: string): Promise<CallResult<unknown>> {
  const wanted = `id status verificationStatus retakeSession { id } ${fields}`;
  const whole = await ask(api, toQuestion(id, `reactivatedSession { newSessionId } ${wanted}`));
  return whole.ok || !mayBeTheField(whole) ? whole : await ask(api, toQuestion(id, wanted));
}

/**
 * What does not fit a schema is refused as a whole: https://spec.graphql.org/October2021/#sec-Validation . How it is said is left to the
 * server; without a known code the name of the field in the sentence tells.
 */
function mayBeTheField({ kind, detail }: CallFailure): boolean {
  return kind === 'refused' || /reactivatedSession|newSessionId/.test(detail);
}

function toQuestion(id: string, fields: string) {
  const query = `query Session($id: ID!) { companyTestSession(id: $id) { ${fields} } }`;
  return { query, field: 'companyTestSession', variables: { id } };
}
