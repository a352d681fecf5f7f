import { createRoute, type z } from '@hono/zod-openapi';
import {
  changeChoicesSchema,
  changeCommandSchema,
  type changeSchema,
  choicesQuerySchema,
  commandAnswerSchema,
} from '../../lib/contract/panel.ts';
import { PATHS } from '../../lib/contract/paths.ts';
import type { Snapshot } from '../../lib/domain/application.ts';
import type { ApplicationChange, ChangeKind } from '../../lib/domain/application-change.ts';
import { ATS_NAMES } from '../../lib/domain/ats.ts';
import type { LaneParts } from '../jobs/lane.ts';
import { say } from '../say.ts';
import { loadCase } from '../storage/load-case.ts';
import type { Input } from '../workflow/input.ts';
import { json, jsonBody, refusals } from './answers.ts';
import { ApiError } from './api-error.ts';
import type { App } from './app-env.ts';
import { type ChangeChooser, type ChoosingKind, createChangeChooser, withChosen } from './change-choices.ts';
import { byMember, giveCommand, isGiven, repeatCommand } from './give-command.ts';
import { needs } from './needs.ts';
import { ensureConnectionOn, ensurePageAgrees, referenceOf } from './page-agreement.ts';
import { ensureSees } from './sight.ts';

const choices = createRoute({
  method: 'get',
  path: PATHS.choices,
  summary: 'Jobs, reasons or openings to choose from, as the ATS has them now',
  ...needs('recruiter'),
  request: { query: choicesQuerySchema },
  responses: { 200: json(changeChoicesSchema, 'By name; remembered for a minute'), ...refusals },
});

const change = createRoute({
  method: 'post',
  path: PATHS.commands.change,
  summary: 'Next stage, another job, reject or archive, bring back, hire',
  ...needs('recruiter'),
  request: { body: jsonBody(changeCommandSchema) },
  responses: { 200: json(commandAnswerSchema, 'What was decided, in words, and the view after it'), ...refusals },
});

/** What a recruiter can do with the application itself. Nothing here happens by a rule. */
export function addChangeRoutes(app: App, parts: LaneParts): void {
  const { services, connector } = parts;
  const chooser = createChangeChooser({ connector, clock: services.clock });

  app.openapi(choices, async (c) => {
    const { applicationKey: key, change: kind } = c.req.valid('query');
    if (!(await referenceOf(services, key))) throw new ApiError('not-found');
    await ensureSees(services, c.get('member'), key);
    await ensureConnectionOn(services, key);
    const snapshot = await snapshotOf(parts, key);
    await ensureCan(parts, snapshot, kind);
    return c.json(await chooser.choicesFor(kind, snapshot), 200);
  });

  app.openapi(change, async (c) => {
    const { applicationKey: key, actionId, page, shown, change: wanted } = c.req.valid('json');
    const member = c.get('member');
    await ensurePageAgrees(services, { page, key, member });
    // The same click again gets its first answer, whatever the ATS lists or shows by now.
    if (await isGiven(parts, actionId)) return c.json(await repeatCommand(parts, { key, actionId, member }), 200);
    await ensureConnectionOn(services, key);
    const snapshot = await snapshotOf(parts, key);
    await ensureCan(parts, snapshot, wanted.kind);
    if (wanted.kind === 'advance') await ensureNext(parts, snapshot, shown.stageId);
    const input: Input = {
      kind: 'change',
      actionId,
      by: byMember(member),
      change: await named(chooser, wanted, snapshot),
      fromStageId: shown.stageId,
      fromStageName: snapshot.stage?.id === shown.stageId ? (snapshot.stage?.name ?? null) : null,
    };
    return c.json(await giveCommand(parts, { key, actionId, input, member }), 200);
  });
}

async function snapshotOf({ services }: LaneParts, key: string): Promise<Snapshot> {
  const current = await loadCase(services.db, key);
  const snapshot = current?.state.vanished ? null : current?.row.snapshot;
  if (!snapshot) throw new ApiError('ats-not-visible', { values: { ats: 'The ATS' } });
  return snapshot;
}

/** Refuses what this ATS, or this kind of credential, has no call for. */
async function ensureCan({ connector }: LaneParts, { connectionId, ats }: Snapshot, kind: ChangeKind): Promise<void> {
  const adapter = await connector.ats(connectionId);
  if (adapter.ok && !adapter.value.operations[kind])
    throw new ApiError('ats-refused', { message: say('server.change.cannot', { ats: ATS_NAMES[ats] }) });
}

/** Only when what the recruiter saw is what is: otherwise the answer is that somebody moved the candidate. */
async function ensureNext(
  { findNextStage }: LaneParts,
  { connectionId, job, stage, status }: Snapshot,
  shownStageId: string | null,
) {
  if (status !== 'active' || !stage || stage.id !== shownStageId) return;
  const next = await findNextStage({ connectionId, jobId: job?.id ?? null, stageId: stage.id });
  if (next === 'last') throw new ApiError('unknown-to-ats', { message: say('server.change.last-stage') });
}

/** An id from a browser is never more than a pick from what the ATS lists. @throws ApiError `unknown-to-ats` */
async function named(chooser: ChangeChooser, wanted: Wanted, snapshot: Snapshot): Promise<ApplicationChange> {
  if (wanted.kind === 'advance' || wanted.kind === 'unreject') return wanted;
  const chosenId = idIn(wanted);
  const isNamed = chosenId !== null;
  const heard = withChosen(wanted.kind, await chooser.choicesFor(wanted.kind, snapshot), chosenId);
  // Made a moment ago, perhaps.
  const found = heard ?? withChosen(wanted.kind, await chooser.choicesFor(wanted.kind, snapshot, true), chosenId);
  if (!found)
    throw new ApiError('unknown-to-ats', {
      message: isNamed
        ? say(`server.change.${GONE[wanted.kind]}`, { ats: ATS_NAMES[snapshot.ats] })
        : say(snapshot.ats === 'lever' ? 'server.change.choose-reason' : 'server.change.choose-opening'),
    });
  return found;
}

const GONE = { transfer: 'job-gone', reject: 'reason-gone', hire: 'opening-gone' } as const;

type Wanted = z.infer<typeof changeSchema>;

function idIn(wanted: Extract<Wanted, { kind: ChoosingKind }>): string | null {
  if (wanted.kind === 'transfer') return wanted.jobId;
  return wanted.kind === 'reject' ? wanted.reasonId : (wanted.openingId ?? wanted.reasonId);
}
