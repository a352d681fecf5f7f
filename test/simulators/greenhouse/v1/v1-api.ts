import { type Context, Hono } from 'hono';
import * as z from 'zod';
import type { Actor } from '../acts/actor.ts';
import { updateCandidate } from '../acts/people.ts';
import { moveApplication, transferApplication } from '../acts/stages.ts';
import { NotThere, Refused } from '../refused.ts';
import type { Application } from '../world/records.ts';
import type { Stamped } from '../world/table.ts';
import type { World } from '../world/world.ts';
import { needActingUser, needRight, type V1Keys, type V1Right } from './keys.ts';
import { mergeV1CustomFields, v1CustomFieldValues } from './v1-custom-fields.ts';
import { invalid, missing, V1Error } from './v1-error.ts';
import { toV1Application, toV1Candidate, toV1Feed, toV1Job, toV1Note, toV1Stage, toV1User } from './v1-json.ts';

export interface V1ApiParts {
  world: World;
  v1Keys: V1Keys;
  /** What `Link` headers begin with; the caller's own address when absent. */
  publicApiUrl: string | undefined;
}

type Json = Record<string, unknown>;
type Read = (c: Context) => unknown;

/** Harvest v1 as far as the known permission list goes; everything else is not there. https://developers.greenhouse.io/harvest.html */
export function createV1Api(parts: V1ApiParts): Hono {
  const app = new Hono();
  const { world, v1Keys } = parts;

  const get = (path: string, right: V1Right, read: Read) =>
    app.get(path, (c) =>
      answer(c, () => {
        needRight(v1Keys.authenticate(c), right);
        const found = read(c);
        return found instanceof Response ? found : c.json(found as Json);
      }),
    );
  const write = <Body>(
    method: 'post' | 'patch',
    path: string,
    { right, body, run }: { right: V1Right; body: z.ZodType<Body>; run: (given: Body, by: Actor, c: Context) => Json },
  ) =>
    app.on(method, path, (c) =>
      answer(c, async () => {
        needRight(v1Keys.authenticate(c), right);
        const user = needActingUser(c, world);
        const by: Actor = { kind: 'api', name: `${user.firstName} ${user.lastName}`, userId: user.id };
        return c.json(run(parseBody(body, await readJson(c)), by, c));
      }),
    );
  const idOf = (c: Context, name = 'id') => Number(c.req.param(name));
  const candidateOf = (c: Context) => world.candidates.get(idOf(c));
  const applicationOf = (c: Context) => world.applications.get(idOf(c));
  const jobOf = (c: Context) => world.jobs.get(idOf(c));

  get('/applications', 'Applications: Get: List Applications', (c) =>
    page(
      c,
      parts,
      world.applications.list(),
      {
        job_id: (raw) => (row) => row.jobId === Number(raw),
        // An unknown status gives an empty list, no error.
        status: (raw) => (row) => wordOf(row) === raw,
        created_after: (raw) => since(raw, 'created_after', (row) => row.createdAt),
        last_activity_after: (raw) => since(raw, 'last_activity_after', (row) => row.lastActivityAt),
      },
      (row) => toV1Application(row, world),
    ),
  );
  get('/applications/:id{\\d+}', 'Applications: Get: Retrieve Application', (c) => toV1Application(applicationOf(c), world));
  write('post', '/applications/:id{\\d+}/move', {
    right: 'Applications: Post: Move Application (Same Job)',
    body: z.strictObject({ from_stage_id: z.int().positive(), to_stage_id: z.int().positive() }),
    run({ from_stage_id, to_stage_id }, by, c) {
      const application = applicationOf(c);
      if (world.currentStage(application)?.id !== from_stage_id)
        throw invalid({ message: 'is not the current stage', field: 'from_stage_id' });
      moveApplication(world, by, { applicationId: application.id, stageId: to_stage_id });
      return toV1Application(application, world);
    },
  });
  write('post', '/applications/:id{\\d+}/transfer_to_job', {
    right: 'Applications: Post: Move Application (Different Job)',
    // Unlike v3, which knows the first stage alone.
    body: z.strictObject({ new_job_id: z.int().positive(), new_stage_id: z.int().positive().optional() }),
    run({ new_job_id: jobId, new_stage_id: stageId }, by, c) {
      const application = applicationOf(c);
      transferApplication(world, by, { applicationId: application.id, jobId, stageId });
      return toV1Application(application, world);
    },
  });

  get('/candidates', 'Candidates: Get: List Candidates', (c) =>
    page(
      c,
      parts,
      world.candidates.list(),
      {
        email: (raw) => (row) => row.emails.some(({ value }) => value.toLowerCase() === raw.toLowerCase()),
        candidate_ids: (raw) => (row) => raw.split(',').map(Number).includes(row.id),
      },
      (row) => toV1Candidate(row, world),
    ),
  );
  get('/candidates/:id{\\d+}', 'Candidates: Get: Retrieve Candidate', (c) => toV1Candidate(candidateOf(c), world));
  write('patch', '/candidates/:id{\\d+}', {
    right: 'Candidates: Patch: Edit Candidate',
    body: z.strictObject({
      tags: z.array(z.string().min(1)).optional(),
      is_private: z.boolean().optional(),
      custom_fields: v1CustomFieldValues.optional(),
    }),
    run({ tags, is_private, custom_fields = [] }, by, c) {
      const candidate = candidateOf(c);
      const customFields = mergeV1CustomFields(world, candidate.customFields, custom_fields);
      const plain = is_private === undefined ? {} : { private: is_private };
      updateCandidate(world, by, candidate.id, { ...plain, customFields }, tags);
      return toV1Candidate(candidate, world);
    },
  });
  get('/candidates/:id{\\d+}/activity_feed', 'Activity Feed: Get: Retrieve Activity Feed', (c) =>
    toV1Feed(candidateOf(c).id, world),
  );
  write('post', '/candidates/:id{\\d+}/activity_feed/notes', {
    right: 'Candidates: Post: Add Note',
    body: z.strictObject({
      user_id: z.int().positive(),
      body: z.string().min(1),
      visibility: z.enum(['admin_only', 'private', 'public']),
    }),
    run({ user_id: userId, body, visibility }, _by, c) {
      if (!world.users.find(userId)) throw invalid({ message: 'does not exist', field: 'user_id' });
      const empty = { applicationId: null, type: 'NOTE', subject: null, emailFrom: null, emailTo: null, emailCc: null };
      return toV1Note(world.notes.add({ candidateId: candidateOf(c).id, userId, visibility, body, ...empty }));
    },
  });

  get('/jobs', 'Jobs: Get: List Jobs', (c) =>
    page(c, parts, world.jobs.list(), { status: (raw) => (row) => row.status === raw }, toV1Job),
  );
  get('/jobs/:id{\\d+}', 'Jobs: Get: Retrieve Job', (c) => toV1Job(jobOf(c)));
  get('/jobs/:id{\\d+}/stages', 'Job Stages: Get: List Job Stages (For Job)', (c) => world.stagesOf(jobOf(c).id).map(toV1Stage));
  get('/jobs/:id{\\d+}/openings', 'Job Openings: Get: List Job Openings', (c) => openingsOf(jobOf(c).id, world));
  get('/jobs/:id{\\d+}/openings/:opening{\\d+}', 'Job Openings: Get: Single Opening for a Job', (c) => {
    const opening = openingsOf(jobOf(c).id, world).find(({ id }) => id === idOf(c, 'opening'));
    if (!opening) throw missing();
    return opening;
  });
  get('/jobs/:id{\\d+}/job_post', 'Job Posts: Get: Retrieve Job Post for Job', (c) => {
    const post = world.jobPosts.list(({ jobId }) => jobId === jobOf(c).id)[0];
    if (!post) throw missing();
    return { id: post.id, title: post.title, live: post.live, job_id: post.jobId };
  });
  get('/job_posts', 'Job Posts: Get: List Job Posts', (c) =>
    page(c, parts, world.jobPosts.list(), {}, ({ id, title, live, jobId }) => ({ id, title, live, job_id: jobId })),
  );
  get('/users', 'Users: Get: List Users', (c) =>
    page(
      c,
      parts,
      // Integration service users are a thing of v3.
      world.users.list(({ serviceAccount }) => !serviceAccount),
      { email: (raw) => (row) => row.email.toLowerCase() === raw.toLowerCase() },
      toV1User,
    ),
  );
  get('/job_stages', 'Job Stages: Get: List Job Stages', (c) => page(c, parts, world.stages.list(), {}, toV1Stage));
  get('/job_stages/:id{\\d+}', 'Job Stages: Get: Retrieve Job Stage', (c) => toV1Stage(world.stages.get(idOf(c))));
  return app;
}

async function answer(c: Context, run: () => Response | Promise<Response>): Promise<Response> {
  try {
    return await run();
  } catch (error) {
    const { status, body } = toV1Error(error);
    return c.json(body, status);
  }
}

function toV1Error(error: unknown): V1Error {
  if (error instanceof V1Error) return error;
  if (error instanceof NotThere) return missing();
  if (error instanceof Refused) return invalid({ message: error.message, field: error.field ?? 'base' });
  throw error;
}

async function readJson(c: Context): Promise<unknown> {
  if (!(c.req.header('Content-Type') ?? '').startsWith('application/json'))
    throw invalid({ message: 'must be JSON, sent as application/json', field: 'body' });
  try {
    return await c.req.json();
  } catch {
    throw invalid({ message: 'is not JSON', field: 'body' });
  }
}

function parseBody<Body>(schema: z.ZodType<Body>, json: unknown): Body {
  const result = schema.safeParse(json);
  if (result.success) return result.data;
  throw invalid(...result.error.issues.map(({ message, path }) => ({ message, field: path.join('.') || 'body' })));
}

const wordOf = ({ status }: Application) => (status === 'in_process' ? 'active' : status);

function since<Row>(raw: string, field: string, read: (row: Row) => string): (row: Row) => boolean {
  const bound = Date.parse(raw);
  if (Number.isNaN(bound)) throw invalid({ message: 'is not a time', field });
  return (row) => Date.parse(read(row)) >= bound;
}

type Filters<Row> = Record<string, (raw: string) => (row: Row) => boolean>;

/** Numbered pages, oldest first; `Link` with next, prev, and last unless `skip_count`. Stricter than v1: an unknown parameter is refused. */
function page<Row extends Stamped>(
  c: Context,
  { publicApiUrl }: V1ApiParts,
  rows: Row[],
  filters: Filters<Row>,
  toJson: (row: Row) => Json,
): Response {
  const url = new URL(c.req.url);
  const { page: pageText = '1', per_page: sizeText = '100', skip_count, ...given } = c.req.query();
  const tests = Object.entries(given).map(([name, raw]) => {
    const filter = filters[name];
    if (!filter) throw invalid({ message: 'is not a known parameter', field: name });
    return filter(raw);
  });
  const number = toNumber(pageText, 'page', 1_000_000);
  const size = toNumber(sizeText, 'per_page', 500);
  const matching = rows.filter((row) => tests.every((test) => test(row)));
  const last = Math.max(1, Math.ceil(matching.length / size));
  const links = Object.entries({
    ...(number < last ? { next: number + 1 } : {}),
    ...(number > 1 ? { prev: number - 1 } : {}),
    ...(skip_count === 'true' ? {} : { last }),
  }).map(([rel, to]) => {
    const query = new URLSearchParams({ ...c.req.query(), page: String(to) });
    return `<${publicApiUrl ?? url.origin}${url.pathname}?${query}>; rel="${rel}"`;
  });
  const headers = links.length > 0 ? { Link: links.join(',') } : undefined;
  return Response.json(matching.slice((number - 1) * size, number * size).map(toJson), { headers });
}

function toNumber(text: string, field: string, max: number): number {
  const number = /^\d+$/.test(text) ? Number(text) : 0;
  if (number < 1 || number > max) throw invalid({ message: `must be between 1 and ${max}`, field });
  return number;
}

function openingsOf(jobId: number, world: World) {
  return world.openings
    .list((row) => row.jobId === jobId)
    .map(({ id, openingId, openedAt, closedAt }) => ({
      id,
      opening_id: openingId,
      status: closedAt === null ? 'open' : 'closed',
      opened_at: openedAt,
      closed_at: closedAt,
    }));
}
