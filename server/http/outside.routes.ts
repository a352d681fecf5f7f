import { createRoute } from '@hono/zod-openapi';
import { attachCommandSchema, commandAnswerSchema, findOutsideSchema, outsideFoundSchema } from '../../lib/contract/panel.ts';
import { PATHS } from '../../lib/contract/paths.ts';
import { vendorNameOfAssessment } from '../../lib/domain/assessment.ts';
import type { Member } from '../../lib/domain/member.ts';
import type { LaneParts } from '../jobs/lane.ts';
import { say } from '../say.ts';
import { loadCase } from '../storage/load-case.ts';
import { loadPolicy } from '../storage/load-policy.ts';
import type { Input } from '../workflow/input.ts';
import { json, jsonBody, refusals } from './answers.ts';
import { ApiError } from './api-error.ts';
import type { App } from './app-env.ts';
import { failureToError } from './describe-failure.ts';
import { findOutside } from './find-outside.ts';
import { byMember, giveCommand, isGiven, repeatCommand } from './give-command.ts';
import { needs } from './needs.ts';
import { ensureConnectionOn, ensurePageAgrees } from './page-agreement.ts';

const find = createRoute({
  method: 'post',
  path: PATHS.commands.findOutside,
  summary: 'Invitations of this candidate that were made at the vendor by hand',
  ...needs('recruiter'),
  request: { body: jsonBody(findOutsideSchema) },
  responses: { 200: json(outsideFoundSchema, 'Those that can be attached, and what is said about the others'), ...refusals },
});

const attach = createRoute({
  method: 'post',
  path: PATHS.commands.attach,
  summary: 'Take in an invitation that was made at the vendor by hand; nothing is sent',
  ...needs('recruiter'),
  request: { body: jsonBody(attachCommandSchema) },
  responses: { 200: json(commandAnswerSchema, 'What was decided, in words, and the view after it'), ...refusals },
});

/** Invitations that did not begin here. What the browser names is looked for again: nothing it says about them is believed. */
export function addOutsideRoutes(app: App, parts: LaneParts): void {
  const { services } = parts;

  app.openapi(find, async (c) => {
    const { applicationKey: key, page, assessmentId } = c.req.valid('json');
    const member = c.get('member');
    await ensurePageAgrees(services, { page, key, member });
    await ensureConnectionOn(services, key);
    const { outside, elsewhere } = await search(parts, { key, assessmentId, member });
    const found = outside.map(({ ref, email, invitedAt, expiresAt, report, trusted }) => {
      return { ref, email, invitedAt, expiresAt, state: report.state, trusted };
    });
    return c.json({ found, elsewhere }, 200);
  });

  app.openapi(attach, async (c) => {
    const { applicationKey: key, actionId, page, assessmentId, ref } = c.req.valid('json');
    const member = c.get('member');
    await ensurePageAgrees(services, { page, key, member });
    if (await isGiven(parts, actionId)) return c.json(await repeatCommand(parts, { key, actionId, member }), 200);
    await ensureConnectionOn(services, key);
    const { outside, elsewhere, vendorName } = await search(parts, { key, assessmentId, member });
    const one = outside.find((candidate) => candidate.ref === ref);
    if (!one) throw new ApiError('not-found', { message: elsewhere[0] ?? say('server.outside.gone') });
    const { externalId, email, invitedAt, expiresAt, report, trusted } = one;
    const input: Input = {
      kind: 'attach',
      actionId,
      by: byMember(member),
      assessmentId,
      externalId,
      email,
      invitedAt,
      expiresAt,
      vendor: vendorName,
      trusted,
      claim: report,
    };
    return c.json(await giveCommand(parts, { key, actionId, input, member }), 200);
  });
}

async function search(
  { services, connector }: LaneParts,
  { key, assessmentId, member }: { key: string; assessmentId: string; member: Member },
) {
  const current = await loadCase(services.db, key);
  const snapshot = current?.state.vanished ? null : current?.row.snapshot;
  if (!snapshot) throw new ApiError('ats-not-visible', { values: { ats: 'The ATS' } });
  const policy = await loadPolicy(services.db, snapshot.connectionId);
  const assessment = policy.assessments.find(({ id }) => id === assessmentId);
  if (!assessment) throw new ApiError('not-found');
  const vendorName = vendorNameOfAssessment(assessment);
  const vendor = await connector.vendor(assessment.vendorConnectionId);
  if (!vendor.ok) throw failureToError(vendor, { name: vendorName, side: 'vendor' });
  const found = await findOutside(services, { assessment, snapshot, applicationKey: key, member, vendor: vendor.value });
  return { ...found, vendorName };
}
