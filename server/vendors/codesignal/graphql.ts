/**
 * CodeSignal speaks GraphQL: `POST /graphql` with a bearer key (https://github.com/CodeSignal/developer-docs, docs/graphql/index.html).
 * What goes wrong is told in the body, mostly with the status 200. Not documented, so inferred: the codes, which are those of Apollo.
 */
import type { HttpClient } from '../../outbound/http.ts';
import { type CallResult, succeed } from '../../outbound/outcome.ts';
import { type Answer, answerSchema } from './schemas.ts';
import { toFailure } from './to-failure.ts';

/** One company's API as we call it. */
export interface CodesignalApi {
  http: HttpClient;
  apiUrl: string;
  apiKey: string;
}

export type Variables = Readonly<Record<string, unknown>>;

/**
 * Asks for the field of that name and answers it; null where CodeSignal says that there is none. An error anywhere in the answer fails the
 * whole: what an error has left out would be taken for what is not there.
 */
export async function ask(
  api: CodesignalApi,
  { query, field, variables }: { query: string; field: string; variables: Variables },
): Promise<CallResult<unknown>> {
  const answer = await post(api, { query, variables }, { write: false });
  if (!answer.ok) return answer;
  const { data, errors } = answer.value;
  if (errors.length > 0) return { ok: false, ...toFailure(errors, { write: false }) };
  if (!data || !Object.hasOwn(data, field)) return { ok: false, kind: 'unreadable', detail: 'The answer has no data.' };
  return succeed(data[field] ?? null);
}

/**
 * Does what the field of that name says, and answers what it gave back. That there is something tells that it was done, whatever else
 * went wrong: an error then is about a detail that we asked for besides.
 */
export async function change(
  api: CodesignalApi,
  { query, field, variables }: { query: string; field: string; variables: Variables },
): Promise<CallResult<unknown>> {
  const answer = await post(api, { query, variables }, { write: true });
  if (!answer.ok) return answer;
  const { data, errors } = answer.value;
  const given = data?.[field] ?? null;
  if (given !== null) return succeed(given);
  if (errors.length > 0) return { ok: false, ...toFailure(errors, { write: true }) };
  return { ok: false, kind: 'ambiguous', detail: 'It answered without saying what it did.' };
}

async function post(api: CodesignalApi, json: object, { write }: { write: boolean }): Promise<CallResult<Answer>> {
  const headers = { Authorization: `Bearer ${api.apiKey}` };
  const answer = await api.http.request({ method: 'POST', url: api.apiUrl, headers, json, write });
  if (!answer.ok) return answer;
  const parsed = answerSchema.safeParse(answer.value.body).data;
  if (parsed) return succeed(parsed);
  return { ok: false, kind: write ? 'ambiguous' : 'unreadable', detail: 'The answer is not one of GraphQL.' };
}
