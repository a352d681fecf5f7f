import type { Hono } from 'hono';
import { z } from 'zod';
import type { HackerrankActs } from './acts.ts';
import { BadRequest, type Env, readJson, refuseParameters } from './call.ts';
import { toPage } from './list.ts';
import { toInterview } from './to-json.ts';
import { type HackerrankInterview, INTERVIEW_STATUSES } from './types.ts';
import { type HackerrankWorld, interviewOf } from './world.ts';

const INTERVIEW = '/interviews/:interview';

const changeable = z.strictObject({
  from: z.string().nullable().optional(),
  to: z.string().nullable().optional(),
  title: z.string().min(1),
  notes: z.string().nullable().optional(),
  resume_url: z.url().nullable().optional(),
  result_url: z
    .url({ protocol: /^https?$/ })
    .nullable()
    .optional(),
  candidate: z.strictObject({ name: z.string().optional(), email: z.email() }).nullable().optional(),
  send_email: z.boolean().optional(),
  metadata: z.record(z.string(), z.unknown()).optional(),
  interview_template_id: z.number().int().nullable().optional(),
});
const interviewer = z.union([z.email(), z.strictObject({ email: z.email(), name: z.string().optional() })]);
const createSchema = changeable.extend({ interviewers: z.array(interviewer).optional() });

export function addInterviewRoutes(app: Hono<Env>, world: HackerrankWorld, acts: HackerrankActs): void {
  const show = (interview: HackerrankInterview) => toInterview(world, interview);
  app.get('/interviews', (c) => {
    const status = c.req.query('status');
    if (status !== undefined && !/^[0-3]$/.test(status)) throw new BadRequest('status can be 0, 1, 2 or 3');
    const wanted = status === undefined ? undefined : INTERVIEW_STATUSES[Number(status)];
    const found = world.interviews.filter((one) => wanted === undefined || one.status === wanted);
    return c.json(toPage(c, { rows: found.toReversed().map(show), filters: [] }, ['status']));
  });
  app.post('/interviews', async (c) => {
    refuseParameters(c);
    const { send_email, interviewers = [], ...body } = createSchema.parse(await readJson(c));
    const interview = acts.createInterview({ ...toFields(body), title: body.title, interviewers });
    if (send_email) acts.mailInterview(interview);
    return c.json(show(interview), 201);
  });
  app.get(INTERVIEW, (c) => c.json(show(interviewOf(world, c.req.param('interview')))));
  app.put(INTERVIEW, async (c) => {
    const interview = interviewOf(world, c.req.param('interview'));
    const { send_email, ...body } = changeable.partial().parse(await readJson(c));
    Object.assign(interview, toFields(body), { updatedAt: world.now() });
    if (send_email) acts.mailInterview(interview);
    return c.json(show(interview));
  });
  app.delete(INTERVIEW, (c) => {
    world.interviews.splice(world.interviews.indexOf(interviewOf(world, c.req.param('interview'))), 1);
    return c.body(null, 204);
  });
  app.get(`${INTERVIEW}/transcript`, (c) => {
    const { id, candidate } = interviewOf(world, c.req.param('interview'));
    const text = 'I would start with a hash map.';
    const message = { author: candidate?.name ?? 'Candidate', timestamp: world.now().getTime(), text, candidate: true };
    return c.json({ messages: [{ ...message, messageId: `4:0:${id}`, email: candidate?.email ?? '' }] });
  });
}

/** The body's words into ours, without those that were not said. */
function toFields({ resume_url, result_url, interview_template_id, ...rest }: Partial<z.output<typeof changeable>>) {
  const fields = { ...rest, resumeUrl: resume_url, resultUrl: result_url, templateId: interview_template_id };
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined));
}
