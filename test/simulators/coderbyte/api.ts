import { timingSafeEqual } from 'node:crypto';
import type { HttpBindings } from '@hono/node-server';
import { type Context, Hono } from 'hono';
import { z } from 'zod';
import type { Failures } from '../frame/failures.ts';
import type { CoderbyteActs } from './acts.ts';
import { toInterviewReport, toReport } from './to-report.ts';
import type { CoderbyteInvitation } from './types.ts';
import { assessmentOf, type CoderbyteWorld, invitationOf, linkOf, NotThere, Refused } from './world.ts';

type Env = { Bindings: Partial<HttpBindings>; Variables: { lost?: boolean } };

const ORGANIZATION = '/v1/organizations/:organization';
const ASSESSMENT = `${ORGANIZATION}/assessments/:assessment`;

const inviteSchema = z.strictObject({
  email: z.email(),
  name: z.string().max(200).nullable().optional(),
  reference: z.string().max(200).nullable().optional(),
  message: z.string().max(5000).nullable().optional(),
  expires_at: z.iso.datetime().nullable().optional(),
});

const extendSchema = z.strictObject({ expires_at: z.iso.datetime() });

/**
 * PATHS, PARAMETERS AND ERROR BODIES OF THIS API ARE AN INVENTION OF THIS SIMULATOR. Coderbyte's REST documentation is not public;
 * known are only that there are an invitation, "Get report data" and "Interview report data", that the API is a paid add-on, and the
 * words of the report (Coderbyte's own gists). It stands in for any API that an endpoint map can describe: see preset-map.ts.
 */
export function createApi(world: CoderbyteWorld, acts: CoderbyteActs, failures: Failures): Hono {
  const app = new Hono<Env>();
  app.onError((error, c) => {
    if (error instanceof NotThere) return c.json({ error: error.message }, 404);
    if (error instanceof Refused) return c.json({ error: error.message }, 409);
    if (error instanceof z.ZodError) return c.json({ error: z.prettifyError(error) }, 422);
    if (error instanceof SyntaxError) return c.json({ error: 'body is not JSON' }, 400);
    return c.json({ error: String(error) }, 500);
  });
  app.use(writeJournal(world), failures.middleware, authenticate(world), refuseParameters);
  addInvitationRoutes(app, world, acts);
  addReportRoutes(app, world);
  const whole = new Hono();
  whole.notFound((c) => c.json({ error: `${c.req.method} ${c.req.path} does not exist` }, 404));
  return whole.route('/', app);
}

function addInvitationRoutes(app: Hono<Env>, world: CoderbyteWorld, acts: CoderbyteActs): void {
  app.get(`${ORGANIZATION}/assessments`, (c) => {
    const assessments = [...world.assessments.values()].map(({ id, name, type, minutes, archived }) => {
      return { test_id: id, display_name: name, type, time_limit: minutes, archived };
    });
    return c.json({ assessments });
  });
  app.post(`${ASSESSMENT}/invitations`, async (c) => {
    const { expires_at, ...wanted } = inviteSchema.parse(JSON.parse(await c.req.text()));
    const assessmentId = assessmentOf(world, c.req.param('assessment')).id;
    const invitation = acts.invite({ ...wanted, assessmentId, via: 'api', expiresAt: expires_at ?? null });
    return c.json(toAnswer(world, invitation), 201);
  });
  app.post(`${ASSESSMENT}/candidates/:email/invitation/resend`, async (c) => {
    if ((await c.req.text()) !== '') throw new SyntaxError('no body is taken');
    acts.resend(personOf(c, world));
    return c.body(null, 204);
  });
  app.put(`${ASSESSMENT}/candidates/:email/invitation`, async (c) => {
    const { expires_at } = extendSchema.parse(JSON.parse(await c.req.text()));
    const invitation = personOf(c, world);
    acts.extend(invitation, expires_at);
    return c.json(toAnswer(world, invitation));
  });
  app.delete(`${ASSESSMENT}/candidates/:email/invitation`, (c) => {
    const invitation = personOf(c, world);
    if (invitation.state === 'cancelled') throw new NotThere('no open invitation');
    acts.cancel(invitation);
    return c.body(null, 204);
  });
}

function addReportRoutes(app: Hono<Env>, world: CoderbyteWorld): void {
  app.get(`${ASSESSMENT}/candidates/:email/report`, (c) => {
    const invitation = personOf(c, world);
    if (invitation.interviewId !== null) throw new NotThere('this is a live interview, ask for the interview report');
    if (invitation.state !== 'completed' && world.settings.notReady === 'refused') throw new Refused('report is not ready');
    return c.json(toReport(world, invitation));
  });
  app.get(`${ASSESSMENT}/candidates/:email/interview-report`, (c) => {
    const invitation = personOf(c, world);
    if (invitation.interviewId === null) throw new NotThere('this is not a live interview');
    return c.json(toInterviewReport(world, invitation));
  });
  app.get(`${ORGANIZATION}/interviews/:interview/report`, (c) => {
    const invitation = world.invitations.findLast((one) => one.interviewId === c.req.param('interview'));
    if (!invitation) throw new NotThere('interview not found');
    return c.json(toInterviewReport(world, invitation));
  });
}

function personOf(c: Context<Env>, world: CoderbyteWorld): CoderbyteInvitation {
  const assessmentId = assessmentOf(world, c.req.param('assessment') ?? '').id;
  return invitationOf(world, { assessmentId, email: c.req.param('email') ?? '' });
}

function toAnswer(world: CoderbyteWorld, invitation: CoderbyteInvitation): Record<string, unknown> {
  const { id, assessmentId: test_id, email, reference, interviewId, expiresAt: expires_at } = invitation;
  // The id by which the webhooks speak of it, where they name one.
  const link = linkOf(world, invitation);
  return { id: interviewId ?? id, test_id, email, reference, status: 'Invited', link, expires_at };
}

function writeJournal({ journal }: CoderbyteWorld) {
  return async (c: Context<Env>, next: () => Promise<void>) => {
    const text = c.req.method === 'GET' ? '' : await c.req.raw.clone().text();
    await next();
    // A lost answer has no status for the caller.
    const status = c.get('lost') ? null : c.res.status;
    journal.add({
      simulator: 'coderbyte',
      kind: 'api',
      what: `${c.req.method} ${c.req.path}`,
      status,
      detail: { body: text === '' ? null : toJson(text) },
    });
  };
}

function toJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

function authenticate(world: CoderbyteWorld) {
  return async (c: Context<Env>, next: () => Promise<void>) => {
    const given = Buffer.from(c.req.header('authorization') ?? '');
    const wanted = Buffer.from(`Bearer ${world.apiKey}`);
    if (given.length !== wanted.length || !timingSafeEqual(given, wanted)) return c.json({ error: 'invalid API key' }, 401);
    if (!world.settings.apiAddOn) return c.json({ error: 'the API add-on is not enabled for this organization' }, 403);
    const [, , , organization] = c.req.path.split('/');
    if (organization !== world.organizationId) return c.json({ error: 'organization not found' }, 404);
    return next();
  };
}

/** No path takes any. */
async function refuseParameters(c: Context<Env>, next: () => Promise<void>) {
  const [first] = Object.keys(c.req.query());
  return first === undefined ? next() : c.json({ error: `unknown parameter ${first}` }, 400);
}
