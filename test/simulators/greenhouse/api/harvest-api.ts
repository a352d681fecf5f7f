import { type Context, Hono } from 'hono';
import type { Journal } from '../../frame/journal.ts';
import { NotThere, Refused } from '../refused.ts';
import type { V1Keys } from '../v1/keys.ts';
import { createV1Api } from '../v1/v1-api.ts';
import type { Stamped } from '../world/table.ts';
import type { World } from '../world/world.ts';
import { applicationUpdate, hireWrite, moveWrite, rejectWrite, unrejectWrite } from './application-writes.ts';
import { attachmentWrite } from './attachment-write.ts';
import { type Call, needScope, needSiteAdmin } from './call.ts';
import { candidateUpdate } from './candidate-writes.ts';
import { ApiError, notFound, unauthorized, unprocessable } from './errors.ts';
import type { Failures } from './failures.ts';
import type { Interludes } from './interludes.ts';
import { answerList, type ListDefinition } from './list.ts';
import { applicationList } from './lists/application-list.ts';
import { candidateList } from './lists/candidate-list.ts';
import {
  customFieldList,
  customFieldOptionList,
  rejectionDetailList,
  rejectionReasonList,
  toReasonJson,
  userList,
} from './lists/company-lists.ts';
import { jobList, jobPostList, openingList } from './lists/job-lists.ts';
import { noteList } from './lists/note-list.ts';
import { applicationStageList, jobInterviewStageList } from './lists/stage-lists.ts';
import { appliedCandidateTagList, attachmentList, candidateTagList } from './lists/tag-lists.ts';
import { noteWrite } from './note-write.ts';
import type { RateWindow } from './rate-window.ts';
import { rejectionDetailUpdate } from './rejection-detail-write.ts';
import { appliedCandidateTagRemoval, appliedCandidateTagWrite, candidateTagWrite } from './tag-writes.ts';
import { addTokenEndpoint } from './token-endpoint.ts';
import type { Tokens } from './tokens.ts';
import type { AnyWrite } from './write.ts';

export interface HarvestApiParts {
  world: World;
  journal: Journal;
  tokens: Tokens;
  v1Keys: V1Keys;
  rates: RateWindow;
  failures: Failures;
  interludes: Interludes;
  newId: () => string;
  /** What `Link` headers begin with; the caller's own address when absent. */
  publicApiUrl: string | undefined;
}

const WRITES: AnyWrite[] = [
  candidateUpdate,
  applicationUpdate,
  moveWrite,
  rejectWrite,
  unrejectWrite,
  rejectionDetailUpdate,
  hireWrite,
  noteWrite,
  candidateTagWrite,
  appliedCandidateTagWrite,
  appliedCandidateTagRemoval,
  attachmentWrite,
];

/** The API host and the auth host in one app: `/v3/...`, `/v1/...` (a gateway that still speaks it), `/token`, `/introspect`. */
export function createHarvestApi(parts: HarvestApiParts): Hono {
  const app = new Hono();
  app.use((c, next) => journalCall(c, next, parts));
  app.use('/v3/*', (c, next) => countCall(c, next, parts));
  app.use('/v1/*', (c, next) => countCall(c, next, parts));
  app.use((c, next) => {
    parts.interludes.play(c.req.path);
    return next();
  });
  app.use((c, next) => failAsPlanned(c, next, parts));
  addTokenEndpoint(app, parts);
  addLists(app, parts);
  app.get('/v3/rejection_reasons/:id{\\d+}', (c) => answer(c, parts, (call) => answerOneReason(call, Number(c.req.param('id')))));
  for (const write of WRITES) addWrite(app, parts, write);
  app.route('/v1', createV1Api(parts));
  // It routes before it authenticates: also without a token.
  app.notFound((c) => c.json(notFound().body, 404));
  return app;
}

function addLists(app: Hono, parts: HarvestApiParts): void {
  const add = <Row extends Stamped>(definition: ListDefinition<Row>) =>
    app.get(`/v3${definition.path}`, (c) => answer(c, parts, (call) => answerList(call, definition)));
  add(candidateList);
  add(applicationList);
  add(applicationStageList);
  add(jobInterviewStageList);
  add(jobList);
  add(openingList);
  add(jobPostList);
  add(userList);
  add(rejectionReasonList);
  add(rejectionDetailList);
  add(noteList);
  add(candidateTagList);
  add(appliedCandidateTagList);
  add(customFieldList);
  add(customFieldOptionList);
  add(attachmentList);
}

function addWrite(app: Hono, parts: HarvestApiParts, write: AnyWrite): void {
  app.on(write.method, `/v3${write.path.replace(':id', ':id{\\d+}')}`, (c) =>
    answer(c, parts, async (call) => {
      const json = write.method === 'delete' ? undefined : await readJson(c);
      return write.answer(call, json, Number(c.req.param('id')));
    }),
  );
}

async function readJson(c: Context): Promise<unknown> {
  const type = c.req.header('Content-Type') ?? '';
  if (!type.startsWith('application/json')) throw unprocessable('The body must be JSON, sent as application/json');
  try {
    return await c.req.json();
  } catch {
    throw unprocessable('The body is not JSON');
  }
}

/** The one resource that can be read singly. */
function answerOneReason(call: Call, id: number): Response {
  needScope(call, rejectionReasonList.scope);
  needSiteAdmin(call);
  return Response.json(toReasonJson(call.world.reasons.get(id)));
}

async function answer(c: Context, parts: HarvestApiParts, run: (call: Call) => Response | Promise<Response>): Promise<Response> {
  try {
    return await run(authenticate(c, parts));
  } catch (error) {
    const { status, body } = toApiError(error);
    return c.json(body, status);
  }
}

function authenticate(c: Context, { world, tokens, publicApiUrl }: HarvestApiParts): Call {
  const text = readToken(c);
  if (text === undefined) throw unauthorized();
  const token = tokens.find(text);
  if (!token) throw unauthorized('It is unknown, revoked or expired.');
  const url = new URL(c.req.url);
  return { world, token, url, apiUrl: publicApiUrl ?? url.origin };
}

function readToken(c: Context): string | undefined {
  return /^Bearer (\S+)$/.exec(c.req.header('Authorization') ?? '')?.[1];
}

function toApiError(error: unknown): ApiError {
  if (error instanceof ApiError) return error;
  if (error instanceof NotThere) return notFound();
  if (error instanceof Refused) return unprocessable(error.field ? { [error.field]: error.message } : error.message);
  throw error;
}

type Next = () => Promise<void>;

/** https://developers.greenhouse.io/harvest.html#throttling */
const V1_WINDOW_SECONDS = 10;

/** Every answer says how much of the window is left; one too many is a 429. */
async function countCall(c: Context, next: Next, { world, tokens, rates }: HarvestApiParts): Promise<Response | undefined> {
  const isV1 = c.req.path.startsWith('/v1/');
  const client = isV1
    ? (c.req.header('Authorization') ?? 'nobody')
    : (tokens.find(readToken(c) ?? '')?.credential.clientId ?? 'nobody');
  const limit = world.settings.rateLimit;
  const windowSeconds = isV1 ? V1_WINDOW_SECONDS : world.settings.rateWindowSeconds;
  const { headers, retryAfterSeconds } = rates.take({ client, limit, windowSeconds });
  if (retryAfterSeconds !== null) {
    return c.json({ message: 'Too Many Requests' }, 429, { ...headers, 'Retry-After': String(retryAfterSeconds) });
  }
  await next();
  for (const [name, value] of Object.entries(headers)) if (!c.res.headers.has(name)) c.header(name, value);
}

async function failAsPlanned(c: Context, next: Next, { failures }: HarvestApiParts): Promise<Response | undefined> {
  const failure = failures.take(c.req.method, c.req.path);
  if (!failure) return void (await next());
  if (failure.when !== 'after') return failures.answer(c, failure);
  await next();
  c.res = undefined;
  c.res = await failures.answer(c, failure);
}

async function journalCall(c: Context, next: Next, { journal, tokens }: HarvestApiParts): Promise<void> {
  const { method, path } = c.req;
  const token = tokens.find(readToken(c) ?? '');
  const detail: Record<string, unknown> = { query: c.req.query(), clientId: token?.credential.clientId, userId: token?.user.id };
  if (method !== 'GET' && /^\/v[13]\//.test(path)) detail.body = await c.req.raw.clone().text();
  await next();
  if (c.res.status >= 400) detail.answer = await c.res.clone().text();
  journal.add({ simulator: 'greenhouse', kind: 'api', what: `${method} ${path}`, status: c.res.status, detail });
}
