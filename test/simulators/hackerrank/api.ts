import { type Context, Hono } from 'hono';
import { z } from 'zod';
import { CallWindow } from '../frame/call-window.ts';
import type { Failures } from '../frame/failures.ts';
import { journalCalls } from '../frame/journal-calls.ts';
import { NotThere, Refused } from '../frame/problems.ts';
import { isSameSecret, readBasic } from '../frame/same-secret.ts';
import type { HackerrankActs } from './acts.ts';
import { BadRequest, type Env, toErrorBody } from './call.ts';
import { addCandidateRoutes } from './candidate-routes.ts';
import { addInterviewRoutes } from './interview-routes.ts';
import { readAdditional, readFields, toPage } from './list.ts';
import { ADDITIONAL_TEST_FIELDS, toTest } from './to-json.ts';
import { type HackerrankWorld, testOf } from './world.ts';

/** HackerRank for Work v3 below `/x/api/v3`, from its own documentation (hackerrank.com, "apidocs"). */
export function createApi(world: HackerrankWorld, acts: HackerrankActs, failures: Failures): Hono {
  const app = new Hono<Env>();
  app.onError((error, c) => {
    if (error instanceof NotThere) return c.json(toErrorBody(error.message), 404);
    if (error instanceof Refused) return c.json(toErrorBody(error.message), 422);
    if (error instanceof z.ZodError) return c.json(toErrorBody(...z.prettifyError(error).split('\n')), 422);
    if (error instanceof BadRequest) return c.json(toErrorBody(error.message), 400);
    return c.json(toErrorBody(String(error)), 500);
  });
  app.use(journalCalls({ journal: world.journal, simulator: 'hackerrank' }), failures.middleware, authenticate(world));
  app.use(limitCalls(world), checkRights(world));
  addTestRoutes(app, world);
  addCandidateRoutes(app, world, acts);
  addInterviewRoutes(app, world, acts);
  const whole = new Hono();
  whole.notFound((c) => c.json(toErrorBody(`${c.req.method} ${c.req.path} does not exist`), 404));
  return whole.route('/x/api/v3', app);
}

function addTestRoutes(app: Hono<Env>, world: HackerrankWorld): void {
  const toListed = (test: Parameters<typeof toTest>[0], additional: readonly string[]) => {
    const whole = toTest(test, additional);
    if (world.settings.listedTests === 'whole') return whole;
    const left = ADDITIONAL_TEST_FIELDS.filter((field) => !additional.includes(field));
    return Object.fromEntries(Object.entries(whole).filter(([field]) => !left.includes(field)));
  };
  app.get('/tests', (c) => {
    const additional = readAdditional(c, ADDITIONAL_TEST_FIELDS);
    const own = [...world.tests.values()].filter(({ foreign }) => !foreign);
    return c.json(
      toPage(c, { rows: own.map((test) => toListed(test, additional)), filters: ['name', 'state', 'draft', 'locked'] }),
    );
  });
  app.get('/tests/:test', (c) => {
    const test = toTest(testOf(world, c.req.param('test')), readAdditional(c, ADDITIONAL_TEST_FIELDS));
    return c.json(readFields(c, test));
  });
}

/** Basic with the key as the user name, or Bearer. */
function authenticate(world: HackerrankWorld) {
  return async (c: Context<Env>, next: () => Promise<void>) => {
    const header = c.req.header('authorization') ?? '';
    const given = readBasic(header)?.user ?? /^Bearer (.+)$/.exec(header)?.[1] ?? '';
    if (!isSameSecret(given, world.apiKey)) return c.json(toErrorBody('Invalid API token'), 401);
    if (world.settings.account !== 'active') return c.json(toErrorBody('You are not authorized to use the API'), 403);
    return next();
  };
}

/** Every answer tells what is left; the names of the headers are an invention, that they exist is documented. */
function limitCalls({ settings, now }: HackerrankWorld) {
  const window = new CallWindow(now);
  return async (c: Context<Env>, next: () => Promise<void>) => {
    if (settings.callsPerSecond === null) return next();
    const { limit, left, resetAt, isOver } = window.take('all', { limit: settings.callsPerSecond, windowSeconds: 1 });
    if (isOver) c.res = c.json(toErrorBody('Rate limit exceeded'), 429);
    else await next();
    c.res.headers.set('X-RateLimit-Limit', String(limit));
    c.res.headers.set('X-RateLimit-Remaining', String(left));
    c.res.headers.set('X-RateLimit-Reset', String(resetAt));
  };
}

const NEEDED = { GET: 1, POST: 2, PUT: 2, DELETE: 3 } as const;

/** 403: "the user identified by the access token does not have permission". */
function checkRights({ settings }: HackerrankWorld) {
  return async (c: Context<Env>, next: () => Promise<void>) => {
    const { path, method } = c.req;
    const what = path.includes('/candidates') ? 'candidates' : path.includes('/interviews') ? 'interviews' : 'tests';
    const needed = NEEDED[method as keyof typeof NEEDED] ?? 3;
    if (settings.permissions[what] < needed) return c.json(toErrorBody(`You do not have permission on ${what}`), 403);
    return next();
  };
}
