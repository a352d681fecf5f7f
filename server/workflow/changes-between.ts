import type { Invitation } from '../../lib/domain/invitation.ts';
import type { Effect } from './effect.ts';
import type { WorkflowEvent } from './event.ts';
import type { ApplicationState } from './state.ts';

/** What one decision changed, small enough to be kept for ever: only what differs, and no link. */
export interface Changes {
  before: Record<string, unknown>;
  after: Record<string, unknown>;
}

/** Pure. `asked`, in `after`, are the kinds of what is now to be done outside. */
export function changesBetween(
  event: WorkflowEvent,
  { before, after, effects }: { before: ApplicationState; after: ApplicationState; effects: readonly Effect[] },
): Changes {
  const changes: Changes = { before: {}, after: {} };
  const note = (name: string, old: unknown, fresh: unknown) => {
    if (JSON.stringify(old) === JSON.stringify(fresh)) return;
    if (old !== undefined) changes.before[name] = old;
    if (fresh !== undefined) changes.after[name] = fresh;
  };
  if (event.type === 'stage.entered') changes.after.stage = event.entry.stageName ?? event.entry.stageId;
  note('outcome', before.outcome, after.outcome);
  note('leaving', before.leaving?.how ?? null, after.leaving?.how ?? null);
  note('closed', before.closed, after.closed);
  note('visible', !before.vanished, !after.vanished);
  note('deleted', before.deleted, after.deleted);
  const known = new Map(before.invitations.map((invitation) => [invitation.id, invitation]));
  const changed = after.invitations.filter((invitation) => known.get(invitation.id) !== invitation);
  const pairs = changed.map((invitation) => differing(known.get(invitation.id), invitation));
  const olds = pairs.flatMap(({ old }) => (old ? [old] : []));
  if (olds.length > 0) changes.before.invitations = olds;
  if (pairs.length > 0) changes.after.invitations = pairs.map(({ fresh }) => fresh);
  if (effects.length > 0) changes.after.asked = effects.map(({ kind }) => kind);
  return changes;
}

/** Of two states of one invitation, what differs; the assessment says which one it is. */
function differing(old: Invitation | undefined, fresh: Invitation) {
  const earlier = old && toNoted(old);
  const later = toNoted(fresh);
  const names = NOTED.filter((name) => JSON.stringify(earlier?.[name]) !== JSON.stringify(later[name]));
  const pick = (from: Noted) => ({
    assessment: fresh.assessmentName,
    ...Object.fromEntries(
      names.filter((name) => from[name] !== null && from[name] !== undefined).map((name) => [name, from[name]]),
    ),
  });
  return { old: earlier && pick(earlier), fresh: pick(later) };
}

const NOTED = ['state', 'attempt', 'email', 'expiresAt', 'result', 'isReviewed'] as const;
type Noted = Record<(typeof NOTED)[number], unknown>;

function toNoted({ state, attempt, email, expiresAt, result, review }: Invitation): Noted {
  return {
    state,
    attempt,
    email,
    expiresAt,
    result: result && { version: result.version, score: result.score, rating: result.rating, verdict: result.verdict },
    isReviewed: review === undefined ? undefined : review === null,
  };
}
