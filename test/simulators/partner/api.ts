import type { HttpBindings } from '@hono/node-server';
import { type Context, Hono } from 'hono';
import { z } from 'zod';
import type { Failures } from '../frame/failures.ts';
import { type CallVariables, journalCalls } from '../frame/journal-calls.ts';
import { NotThere, Refused } from '../frame/problems.ts';
import { isSameSecret, readBasic } from '../frame/same-secret.ts';
import type { PartnerActs } from './acts.ts';
import { toStatus } from './to-status.ts';
import { interviewOf, type PartnerWorld } from './world.ts';

type Env = { Bindings: Partial<HttpBindings>; Variables: CallVariables };

/** 400: this server does not take that. */
class BadRequest extends Error {}

const GREENHOUSE_PROFILE = /^https:\/\/app\.greenhouse\.io\/people\/\d+\?application_id=\d+$/;

const candidateSchema = z.strictObject({
  first_name: z.string().min(1),
  last_name: z.string().min(1),
  preferred_name: z.string().nullish(),
  resume_url: z.url().nullish(),
  phone_number: z.string().nullish(),
  email: z.email(),
  greenhouse_profile_url: z.url(),
});
const sendSchema = z.strictObject({
  partner_test_id: z.string().min(1),
  candidate: candidateSchema,
  sent_by: z.string().nullish(),
  url: z.url().nullish(),
});
const responseErrorSchema = z.strictObject({
  api_call: z.string(),
  errors: z.array(z.string()),
  partner_test_id: z.string().nullish(),
  partner_test_name: z.string().nullish(),
  partner_interview_id: z.string().nullish(),
  candidate_email: z.string().nullish(),
});

/** Greenhouse's Assessment Partner protocol, as a partner serves it (https://developers.greenhouse.io/assessment.html). */
export function createApi(world: PartnerWorld, acts: PartnerActs, failures: Failures): Hono {
  const app = new Hono<Env>();
  app.onError((error, c) => {
    if (error instanceof NotThere) return c.json({ error: error.message }, 404);
    if (error instanceof Refused) return c.json({ error: error.message }, 422);
    if (error instanceof BadRequest || error instanceof SyntaxError) return c.json({ error: error.message }, 400);
    if (error instanceof z.ZodError) return c.json({ error: z.prettifyError(error) }, 400);
    return c.json({ error: String(error) }, 500);
  });
  app.use(journalCalls({ journal: world.journal, simulator: 'partner' }), failures.middleware, authenticate(world));
  app.all('*', (c) => answer(c, world, acts));
  return new Hono().route('/', app);
}

/** The names of the paths can be changed while it runs. */
async function answer(c: Context<Env>, world: PartnerWorld, acts: PartnerActs): Promise<Response> {
  const { listTests, sendTest, testStatus, responseError } = world.settings.paths;
  const call = `${c.req.method} ${c.req.path}`;
  if (call === `GET ${world.basePath}${listTests}`) return listAllTests(c, world);
  if (call === `POST ${world.basePath}${sendTest}`) return sendOne(c, world, acts);
  if (call === `GET ${world.basePath}${testStatus}`) return tellStatus(c, world);
  if (call !== `POST ${world.basePath}${responseError}`) throw new NotThere(`${call} does not exist`);
  world.responseErrors.push(responseErrorSchema.parse(await readBody(c)));
  return c.json({});
}

function listAllTests(c: Context<Env>, world: PartnerWorld): Response {
  refuseParameters(c, world, []);
  const tests = [...world.tests.values()].filter(({ archived }) => !archived);
  return c.json(tests.map(({ id, name }) => ({ partner_test_id: id, partner_test_name: name })));
}

async function sendOne(c: Context<Env>, world: PartnerWorld, acts: PartnerActs): Promise<Response> {
  refuseParameters(c, world, []);
  const { settings } = world;
  const isStrict = settings.unknownFields === 'refuse';
  const schema = isStrict ? sendSchema : sendSchema.loose().extend({ candidate: candidateSchema.loose() });
  const { partner_test_id: testId, candidate, sent_by, url } = schema.parse(await readBody(c));
  checkCallback(world, url ?? null);
  if (settings.greenhouseProfileOnly && !GREENHOUSE_PROFILE.test(candidate.greenhouse_profile_url))
    throw new BadRequest('greenhouse_profile_url must name a candidate and an application');
  const person = {
    firstName: candidate.first_name,
    lastName: candidate.last_name,
    preferredName: candidate.preferred_name ?? null,
    email: candidate.email,
    profileUrl: candidate.greenhouse_profile_url,
  };
  const { id } = acts.send({ testId, candidate: person, sentBy: sent_by ?? null, callbackUrl: url ?? null });
  return c.json({ partner_interview_id: settings.numericIds ? Number(id) : id });
}

/** Some servers call nobody but Greenhouse, so that they cannot be sent anywhere. @throws BadRequest */
function checkCallback({ settings }: PartnerWorld, url: string | null): void {
  if (url === null && settings.callbackRequired) throw new BadRequest('url is missing');
  if (url === null || !settings.greenhouseCallbackOnly) return;
  const { protocol, host } = new URL(url);
  if (protocol !== 'https:' || host !== 'app.greenhouse.io') throw new BadRequest('url must lead to app.greenhouse.io');
}

function tellStatus(c: Context<Env>, world: PartnerWorld): Response {
  refuseParameters(c, world, ['partner_interview_id']);
  const id = c.req.query('partner_interview_id');
  if (!id) throw new BadRequest('partner_interview_id is missing');
  return c.json(toStatus(world, interviewOf(world, id)));
}

/** The key as the user name, with a colon and no password. */
function authenticate(world: PartnerWorld) {
  return async (c: Context<Env>, next: () => Promise<void>) => {
    const { user = '', password = null } = readBasic(c.req.header('authorization')) ?? {};
    if (password !== '' || !isSameSecret(user, world.apiKey)) return c.json({ error: 'invalid API key' }, 401);
    if (world.settings.account !== 'active') return c.json({ error: 'the integration is not part of your plan' }, 403);
    return next();
  };
}

/** @throws BadRequest */
function refuseParameters(c: Context<Env>, { settings }: PartnerWorld, known: readonly string[]): void {
  const unknown = Object.keys(c.req.query()).find((name) => !known.includes(name));
  if (unknown !== undefined && settings.unknownFields === 'refuse') throw new BadRequest(`unknown parameter ${unknown}`);
}

/** @throws BadRequest when it does not call itself JSON, SyntaxError when it is none */
async function readBody(c: Context<Env>): Promise<unknown> {
  if (!c.req.header('content-type')?.startsWith('application/json'))
    throw new BadRequest('content type must be application/json');
  return JSON.parse(await c.req.text());
}
