import { createRoute, z } from '@hono/zod-openapi';
import {
  commandAnswerSchema,
  enterResultCommandSchema,
  invitationCommandSchema,
  moveCommandSchema,
  sendCommandSchema,
  takeBackCommandSchema,
} from '../../lib/contract/panel.ts';
import { PATHS } from '../../lib/contract/paths.ts';
import { isOpen } from '../../lib/domain/invitation.ts';
import type { VendorResult } from '../../lib/domain/result.ts';
import type { LaneParts } from '../jobs/lane.ts';
import { say } from '../say.ts';
import { loadCase } from '../storage/load-case.ts';
import { loadPolicy } from '../storage/load-policy.ts';
import { SEALED_FOR } from '../storage/seal-contexts.ts';
import type { Input } from '../workflow/input.ts';
import { json, jsonBody, refusals } from './answers.ts';
import { ApiError } from './api-error.ts';
import type { App } from './app-env.ts';
import { auditAct } from './audited.ts';
import { byMember, giveCommand, isGiven, repeatCommand, undoHeld } from './give-command.ts';
import { needs } from './needs.ts';
import { ensureConnectionOn, ensurePageAgrees } from './page-agreement.ts';
import { findInvitationRow } from './panel-view.ts';
import { takeBack } from './take-back.ts';

const answers = { 200: json(commandAnswerSchema, 'What was decided, in words, and the view after it'), ...refusals };

function command<Schema extends z.ZodType>(path: string, summary: string, schema: Schema) {
  return createRoute({
    method: 'post',
    path,
    summary,
    ...needs('recruiter'),
    request: { body: jsonBody(schema) },
    responses: answers,
  });
}

const send = command(PATHS.commands.send, 'Send an assessment, or only add its tag', sendCommandSchema);
const undo = command(PATHS.commands.undo, 'Take back an invitation that has not gone out yet', invitationCommandSchema);
const takeBackSend = command(PATHS.commands.takeBack, 'Take back a send, whether or not it has come', takeBackCommandSchema);
const cancel = command(PATHS.commands.cancel, 'Cancel an invitation', invitationCommandSchema);
const sendAgain = command(PATHS.commands.sendAgain, 'Send again what failed or is unconfirmed', invitationCommandSchema);
const markSent = command(PATHS.commands.markSent, 'Say that an unconfirmed invitation did go out', invitationCommandSchema);
const closeReview = command(
  PATHS.commands.closeReview,
  'Say that somebody has looked at what was done by itself on an older result',
  invitationCommandSchema,
);
const enterResult = command(PATHS.commands.enterResult, 'Enter a result by hand', enterResultCommandSchema);
const move = command(PATHS.commands.move, 'Move the candidate on', moveCommandSchema);
const copyLink = createRoute({
  method: 'post',
  path: PATHS.commands.copyLink,
  summary: "The candidate's personal link",
  ...needs('recruiter'),
  request: { body: jsonBody(invitationCommandSchema) },
  responses: { 200: json(z.object({ link: z.string() }), 'To be handed over, not kept'), ...refusals },
});

/** A click that waited offline for longer asks again before it counts. */
const LATE_MS = 60 * 60_000;

export function addCommandRoutes(app: App, parts: LaneParts): void {
  const { services } = parts;

  app.openapi(send, async (c) => {
    const body = c.req.valid('json');
    const key = body.applicationKey;
    const member = c.get('member');
    await ensurePageAgrees(services, { page: body.page, key, member });
    // The same click again gets its first answer, however late and whatever is switched off by now.
    if (await isGiven(parts, body.actionId))
      return c.json(await repeatCommand(parts, { key, actionId: body.actionId, member }), 200);
    const clickedAt = Date.parse(body.clickedAt);
    if (Number.isNaN(clickedAt)) throw new ApiError('invalid', { details: [{ path: 'clickedAt', message: 'not a time' }] });
    const late = services.clock.now().getTime() - clickedAt > LATE_MS;
    if (late && !body.confirmedLate) throw new ApiError('late-click');
    await ensureConnectionOn(services, key);
    const input = body.onlyTag ? await tagInput(parts, body, byMember(member)) : sendInput(body, byMember(member));
    return c.json(await giveCommand(parts, { key, actionId: body.actionId, input, member }), 200);
  });

  app.openapi(undo, async (c) => {
    const { applicationKey: key, actionId, invitationId, page } = c.req.valid('json');
    await ensurePageAgrees(services, { page, key, member: c.get('member') });
    await ensureInvitation(parts, key, invitationId);
    return c.json(await undoHeld(parts, { key, actionId, invitationId, member: c.get('member') }), 200);
  });

  app.openapi(takeBackSend, async (c) => {
    const { applicationKey: key, actionId, sendActionId, page } = c.req.valid('json');
    const member = c.get('member');
    await ensurePageAgrees(services, { page, key, member });
    // The same click again gets its first answer.
    if (await isGiven(parts, actionId)) return c.json(await repeatCommand(parts, { key, actionId, member }), 200);
    return c.json(await takeBack(parts, { key, actionId, sendActionId, member }), 200);
  });

  const onInvitation = (route: typeof cancel, toInput: (invitationId: string, by: ReturnType<typeof byMember>) => Input) =>
    app.openapi(route, async (c) => {
      const { applicationKey: key, actionId, invitationId, page } = c.req.valid('json');
      await ensurePageAgrees(services, { page, key, member: c.get('member') });
      await ensureInvitation(parts, key, invitationId);
      const member = c.get('member');
      return c.json(await giveCommand(parts, { key, actionId, input: toInput(invitationId, byMember(member)), member }), 200);
    });
  onInvitation(cancel, (invitationId, by) => ({ kind: 'cancel', invitationId, by }));
  onInvitation(closeReview, (invitationId, by) => ({ kind: 'close-review', invitationId, by }));
  onInvitation(sendAgain, (invitationId, by) => ({ kind: 'send-again', invitationId, by }));
  onInvitation(markSent, (invitationId, by) => ({ kind: 'mark-sent', invitationId, by, at: services.clock.now().toISOString() }));

  app.openapi(enterResult, async (c) => {
    const body = c.req.valid('json');
    const key = body.applicationKey;
    await ensurePageAgrees(services, { page: body.page, key, member: c.get('member') });
    await ensureInvitation(parts, key, body.invitationId);
    const member = c.get('member');
    const result = enteredResult(body, member.name, services.clock.now());
    const input: Input = { kind: 'enter-result', invitationId: body.invitationId, by: byMember(member), result };
    return c.json(await giveCommand(parts, { key, actionId: body.actionId, input, member }), 200);
  });

  app.openapi(move, async (c) => {
    const body = c.req.valid('json');
    const key = body.applicationKey;
    const member = c.get('member');
    await ensurePageAgrees(services, { page: body.page, key, member });
    if (await isGiven(parts, body.actionId))
      return c.json(await repeatCommand(parts, { key, actionId: body.actionId, member }), 200);
    await ensureConnectionOn(services, key);
    const current = await loadCase(services.db, key);
    const snapshot = current?.row.snapshot;
    if (!snapshot?.stage) throw new ApiError('ats-not-visible', { message: say('server.no-stage') });
    const policy = await loadPolicy(services.db, snapshot.connectionId);
    const target = await parts.findMoveTarget(snapshot.connectionId, snapshot.job?.id ?? null, policy.stageRoles);
    const toStageName = target !== 'unknown' && target?.stageId === body.toStageId ? target.name : null;
    const input: Input = {
      kind: 'move',
      actionId: body.actionId,
      by: byMember(member),
      toStageId: body.toStageId,
      toStageName,
      fromStageId: snapshot.stage.id,
    };
    return c.json(await giveCommand(parts, { key, actionId: body.actionId, input, member }), 200);
  });

  app.openapi(copyLink, async (c) => {
    const { applicationKey: key, invitationId, page } = c.req.valid('json');
    await ensurePageAgrees(services, { page, key, member: c.get('member') });
    await ensureInvitation(parts, key, invitationId);
    const row = await findInvitationRow(parts, invitationId);
    if (row?.applicationKey !== key || !row.sealedLink) throw new ApiError('not-found', { message: say('server.no-link') });
    // A panel may show what was: nobody is to take a test that was taken back, or by a link that went to a wrong address.
    if (!isOpen(row.invitation.state)) throw new ApiError('too-late', { message: say('server.follow-up.not-now') });
    const link = services.sealer.open(row.sealedLink, SEALED_FOR.invitationLink(invitationId));
    const detail = { after: { assessment: row.invitation.assessmentName } };
    await auditAct(services, c.get('member'), { action: 'link.copied', applicationKey: key, detail });
    return c.json({ link }, 200);
  });
}

type SendBody = z.infer<typeof sendCommandSchema>;

function sendInput(body: SendBody, by: ReturnType<typeof byMember>): Input {
  const { actionId, assessmentId, email, options, retake, clickedAt } = body;
  return { kind: 'send', actionId, by, assessmentId, email, options, retake, clickedAt };
}

async function tagInput({ services }: LaneParts, body: SendBody, by: ReturnType<typeof byMember>): Promise<Input> {
  const current = await loadCase(services.db, body.applicationKey);
  const policy = await loadPolicy(services.db, current?.row.connectionId ?? body.applicationKey);
  const assessment = policy.assessments.find((candidate) => candidate.id === body.assessmentId);
  if (!assessment) throw new ApiError('not-found');
  return { kind: 'add-tag', actionId: body.actionId, by, tag: assessment.tag };
}

async function ensureInvitation(parts: LaneParts, key: string, invitationId: string): Promise<void> {
  if (!z.uuid().safeParse(invitationId).success) throw new ApiError('not-found');
  const row = await findInvitationRow(parts, invitationId);
  if (row?.applicationKey !== key) throw new ApiError('not-found');
}

/** What a person enters is that person's word: final, and named in the note. */
function enteredResult(
  body: z.infer<typeof enterResultCommandSchema>,
  enteredBy: string,
  now: Date,
): Omit<VendorResult, 'version'> {
  return {
    status: 'final',
    verified: true,
    score: body.score,
    rating: body.rating,
    breakdown: body.skills.map(({ name, rating }) => ({ kind: 'skill', name, score: null, rating })),
    integrity: { status: 'not evaluated', signals: [] },
    verdict: body.verdict,
    notes: body.notes,
    reportUrl: body.reportUrl,
    timeExpired: false,
    reportedAt: now.toISOString(),
    enteredBy,
  };
}
