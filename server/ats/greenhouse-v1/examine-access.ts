/**
 * What a Harvest v1 key may do. v1 tells no key its rights, so each is tried: reads by reading, writes only on a test candidate and
 * without what they cannot do without. https://developers.greenhouse.io/harvest.html#authentication
 */
import { z } from 'zod';
import type { CallFailure, CallResult } from '../../outbound/outcome.ts';
import {
  type AccessQuestion,
  type ActingUser,
  type AtsExaminer,
  cannotExamine,
  type Examination,
  type Finding,
  findingOf,
  isWholeTrouble,
  judgeRight,
  type Leftover,
  NOTHING_TRIED,
} from '../doctor.ts';
import { greenhouseIdSchema } from '../greenhouse/schemas.ts';
import { createGreenhouseV1Client, type GreenhouseV1Client } from './client.ts';
import type { GreenhouseV1AdapterOptions } from './index.ts';
import { listUsers } from './list-users.ts';
import { V1_EXTRAS, V1_RIGHTS, type V1Right } from './rights.ts';
import { greenhouseV1ApplicationSchema } from './schemas.ts';

type Ids = Record<'application' | 'candidate' | 'job' | 'stage' | 'opening', string>;

/** An id that nothing has: "not there" is said only to those who may look. */
const NOBODY = '1';

export function createGreenhouseV1Examiner(options: GreenhouseV1AdapterOptions): AtsExaminer {
  const { http, limiter, settings, apiKey } = options;
  const { apiUrl, serviceUserId: onBehalfOf } = settings;
  const client = createGreenhouseV1Client({ http, limiter, apiUrl, apiKey, onBehalfOf });
  return { examine: (question) => examine(client, { question, onBehalfOf }) };
}

async function examine(
  client: GreenhouseV1Client,
  { question, onBehalfOf }: { question: AccessQuestion; onBehalfOf: string },
): Promise<Examination> {
  const { uses, testApplicationId } = question;
  const ids = await findIds(client, question);
  if (!ids.ok && isWholeTrouble(ids, true)) return cannotExamine(ids, V1_RIGHTS, uses);
  const given: Ids = ids.ok ? ids.value : { application: NOBODY, candidate: NOBODY, job: NOBODY, stage: NOBODY, opening: NOBODY };
  const findings = new Map<V1Right, Finding>();
  const left: Leftover[] = [];
  let trouble: CallFailure | null = null;
  const mayWrite = testApplicationId !== null && ids.ok && ids.value.application === testApplicationId;
  for (const right of [...V1_RIGHTS, ...V1_EXTRAS]) {
    const isWrite = !right.call.startsWith('GET');
    if (trouble || (isWrite && !mayWrite)) continue;
    const answer = isWrite ? await tryWrite(client, right, given) : await tryRead(client, right, given);
    findings.set(right, judgeAnswer(right, answer));
    if (!answer.ok && isWholeTrouble(answer)) trouble = answer;
    if (answer.ok && right.purpose === 'write-note' && isWrite) left.push({ what: 'note', text: right.name });
  }
  return {
    trouble,
    rights: [
      ...V1_RIGHTS.map((right) => judgeRight(right, findings.get(right) ?? 'unknown', uses)),
      ...V1_EXTRAS.filter((right) => findings.get(right) === 'granted').map((right) => judgeRight(right, 'granted', uses)),
    ],
    actingUser: await findActingUser(client, onBehalfOf, findings),
    expiries: [],
    trial: toTrial(testApplicationId, ids, left),
  };
}

/** The key names its user itself; what that user is shows only in the list of users. */
async function findActingUser(
  client: GreenhouseV1Client,
  userId: string,
  findings: ReadonlyMap<V1Right, Finding>,
): Promise<ActingUser> {
  const mayList = [...findings].some(([{ purpose }, finding]) => purpose === 'users' && finding === 'granted');
  const users = mayList ? await listUsers(client) : null;
  const user = users?.ok ? users.value.find((one) => one.userId === userId) : undefined;
  if (!user) return { userId, seesAll: 'unknown' };
  return { userId, seesAll: user.sees === 'all' && user.active ? 'yes' : 'no' };
}

function toTrial(testApplicationId: string | null, ids: CallResult<Ids>, left: Leftover[]): Examination['trial'] {
  if (testApplicationId === null) return NOTHING_TRIED;
  return ids.ok ? { state: 'done', left } : { state: 'failed', failure: ids };
}

/** A refusal that is about the user named in the header says nothing about the key. Inferred: its words. */
function judgeAnswer(right: V1Right, answer: CallResult<unknown>): Finding {
  if (!answer.ok && answer.kind === 'forbidden' && /on-behalf-of/i.test(answer.detail)) return 'unknown';
  // A list that is not there is one that this gateway does not have.
  if (!answer.ok && answer.kind === 'not-found' && right.call === 'GET list') return 'unknown';
  return findingOf(answer);
}

async function tryRead(client: GreenhouseV1Client, right: V1Right, ids: Ids): Promise<CallResult<unknown>> {
  const place = { path: fill(right.path, ids), right: right.name };
  if (right.call === 'GET') return client.get(place, z.unknown());
  for await (const page of client.pages(place, { per_page: 1 }, z.unknown())) return page;
  return { ok: false, kind: 'unreadable', detail: `GET ${place.path}: no answer` };
}

async function tryWrite(client: GreenhouseV1Client, right: V1Right, ids: Ids): Promise<CallResult<unknown>> {
  const method = right.call === 'PATCH' ? 'PATCH' : 'POST';
  return client.write(method, { path: fill(right.path, ids), right: right.name }, {});
}

function fill(path: string, ids: Ids): string {
  return path.replace(/\{(\w+)\}/g, (_, gap: keyof Ids) => ids[gap]);
}

/** Ids to look with: of the test candidate, of one seen before, or of the first of the list. */
async function findIds(
  client: GreenhouseV1Client,
  { testApplicationId, knownApplicationId }: AccessQuestion,
): Promise<CallResult<Ids>> {
  const wanted = testApplicationId ?? knownApplicationId;
  const asked = wanted === null ? null : await readOne(client, wanted);
  // What an admin named has to be there; what we happen to know may be gone by now.
  if (asked && (asked.ok || testApplicationId !== null || isWholeTrouble(asked, true))) return asked;
  for await (const page of client.pages(LIST, { per_page: 1 }, greenhouseV1ApplicationSchema)) {
    if (!page.ok) return page;
    const [first] = page.value;
    return { ok: true, value: first ? toIds(first) : toIds(null) };
  }
  return { ok: true, value: toIds(null) };
}

const LIST = { path: '/applications', right: 'Applications: Get: List Applications' };

async function readOne(client: GreenhouseV1Client, id: string): Promise<CallResult<Ids>> {
  if (!greenhouseIdSchema.safeParse(id).success)
    return { ok: false, kind: 'not-found', status: 404, detail: 'That is not an id of Greenhouse' };
  const place = { path: `/applications/${id}`, right: 'Applications: Get: Retrieve Application' };
  const application = await client.get(place, greenhouseV1ApplicationSchema);
  return application.ok ? { ok: true, value: toIds(application.value) } : application;
}

function toIds(application: z.infer<typeof greenhouseV1ApplicationSchema> | null): Ids {
  return {
    application: application?.id ?? NOBODY,
    candidate: application?.candidate_id ?? NOBODY,
    job: application?.jobs[0]?.id ?? NOBODY,
    stage: application?.current_stage?.id ?? NOBODY,
    opening: NOBODY,
  };
}
