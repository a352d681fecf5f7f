import type { Context, Hono } from 'hono';
import type { z } from 'zod';
import { NotThere, Refused } from '../frame/problems.ts';
import type { HackerrankActs } from './acts.ts';
import { BadRequest, type Env, readJson, refuseParameters, toErrorBody } from './call.ts';
import { inviteSchema, toChangeable, updateSchema } from './invite-schema.ts';
import { readAdditional, readFields, toPage } from './list.ts';
import { ADDITIONAL_CANDIDATE_FIELDS, toCandidate } from './to-json.ts';
import { candidateOf, type HackerrankWorld, linkOf, reportUrlOf, testOf } from './world.ts';

const CANDIDATES = '/tests/:test/candidates';
const CANDIDATE = `${CANDIDATES}/:candidate`;
const FILTERS = ['email', 'full_name', 'status', 'ats_state', 'invite_valid'];

export function addCandidateRoutes(app: Hono<Env>, world: HackerrankWorld, acts: HackerrankActs): void {
  const rowsOf = (c: Context<Env>) => {
    const { id } = testOf(world, c.req.param('test') ?? '');
    if (world.settings.search === 'late') return [];
    const shown = world.candidates.filter(
      (one) => one.testId === id && !(one.isCancelled && world.settings.cancelled === 'gone'),
    );
    return shown.toReversed().map((candidate) => toCandidate(world, candidate));
  };
  const personOf = (c: Context<Env>) => {
    const { id } = testOf(world, c.req.param('test') ?? '');
    return candidateOf(world, c.req.param('candidate') ?? '', id);
  };

  app.get(CANDIDATES, (c) => c.json(toPage(c, { rows: rowsOf(c), filters: FILTERS })));
  app.get(`${CANDIDATES}/search`, (c) => {
    const wanted = (c.req.query('search') ?? '').toLowerCase();
    if (wanted === '') throw new BadRequest('search is missing');
    const isFound = (value: unknown) => typeof value === 'string' && value.toLowerCase().includes(wanted);
    const rows = rowsOf(c).filter(({ email, full_name }) => isFound(email) || isFound(full_name));
    return c.json(toPage(c, { rows, filters: [] }, ['search']));
  });
  app.post(CANDIDATES, async (c) => {
    refuseParameters(c);
    const test = testOf(world, c.req.param('test'));
    const body = inviteSchema.parse(await readJson(c));
    requireAuthentication(body, null);
    requireOrder(body);
    const candidate = acts.invite(test, {
      ...toChangeable(body),
      email: body.email,
      via: 'api',
      sendEmail: body.send_email ?? false,
      subject: body.subject,
      message: body.message,
      force: body.force ?? false,
      forceReattempt: body.force_reattempt ?? false,
    });
    return c.json({ test_link: linkOf(world, candidate), email: candidate.email, id: candidate.id });
  });
  app.get(CANDIDATE, (c) => {
    const additional = readAdditional(c, ADDITIONAL_CANDIDATE_FIELDS);
    return c.json(readFields(c, toCandidate(world, personOf(c), additional)));
  });
  app.put(CANDIDATE, async (c) => {
    refuseParameters(c);
    const candidate = personOf(c);
    const body = updateSchema.parse(await readJson(c));
    requireAuthentication(body, candidate.authentication);
    requireOrder(body);
    const change = Object.entries(toChangeable(body)).filter(([, value]) => value !== undefined);
    acts.update(candidate, Object.fromEntries(change));
    return c.json(toCandidate(world, candidate));
  });
  app.delete(`${CANDIDATE}/invite`, (c) => {
    acts.cancel(personOf(c));
    return c.body(null, 204);
  });
  app.delete(`${CANDIDATE}/report`, (c) => {
    acts.deleteReport(personOf(c));
    return c.body(null, 204);
  });
  app.get(`${CANDIDATE}/pdf`, (c) => {
    const candidate = personOf(c);
    const format = c.req.query('format');
    if (format !== undefined && format !== 'url') throw new BadRequest('format can be url');
    if (candidate.state !== 'scored' || candidate.isReportDeleted) throw new NotThere('report does not exist');
    candidate.pdfCalls += 1;
    if (candidate.pdfCalls <= world.settings.pdfNotReady) return c.json(toErrorBody('The report is being generated'), 503);
    if (format === 'url') return c.json({ url: `${reportUrlOf(world, candidate)}.pdf?signature=${candidate.authKey}` });
    return c.body('%PDF-1.4\n%%EOF\n', 200, { 'content-type': 'application/pdf' });
  });
}

/** "Required when test_result_url is provided." @throws Refused */
function requireAuthentication(
  { test_result_url, webhook_authentication }: z.output<typeof updateSchema>,
  before: unknown,
): void {
  if (!test_result_url || webhook_authentication || (before && webhook_authentication === undefined)) return;
  throw new Refused('webhook_authentication is required when test_result_url is provided');
}

/** @throws Refused */
function requireOrder({ invite_valid_from, invite_valid_to }: z.output<typeof updateSchema>): void {
  if (!invite_valid_from || !invite_valid_to || invite_valid_from < invite_valid_to) return;
  throw new Refused('invite_valid_to must be after invite_valid_from');
}
