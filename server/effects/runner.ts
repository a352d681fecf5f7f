import type { Snapshot } from '../../lib/domain/application.ts';
import type { Assessment } from '../../lib/domain/assessment.ts';
import type { Invitation } from '../../lib/domain/invitation.ts';
import type { WriteTarget } from '../ats/port.ts';
import type { Connector } from '../jobs/connector.ts';
import type { Mailer } from '../outbound/mailer.ts';
import type { CallResult } from '../outbound/outcome.ts';
import type { Services } from '../services.ts';
import type { InvitationReceipt } from '../vendors/port.ts';
import type { Effect, EffectKind } from '../workflow/effect.ts';
import type { EffectReport } from '../workflow/input.ts';

/** What an effect may use. The rows are as of now, not as of the decision. */
export interface EffectContext {
  services: Services;
  connector: Connector;
  mailer: () => Promise<CallResult<Mailer>>;
  connectionId: string;
  target: WriteTarget;
  snapshot: Snapshot | null;
  /** False while the ATS does not show the application to us. */
  visible: boolean;
  invitation: Invitation | null;
  assessment: Assessment | null;
  /** What the ATS calls our last note about this invitation's result; null when there is none, or nobody told its id. */
  resultNoteId: string | null;
  /** What the vendor has made already, for an e-mail of ours that is still to go out. */
  keptReceipt: InvitationReceipt | null;
  /** Remembers it; from then on the vendor is not asked for another one. */
  keepReceipt: (receipt: InvitationReceipt) => Promise<void>;
  /**
   * What may be there already is looked for before it is made: it ran before (and then surely did nothing, or a person has looked since and
   * found nothing), or what we have was restored from a backup, and the server before may have done it.
   */
  looksFirst: boolean;
  /** It was still to be done in the backup that this database was filled from: the server before may have done it, any time since. */
  isFromBackup: boolean;
  /**
   * Whether the vendor may have this invitation although it is asked for now: a sending before ended in doubt, or it stood in the backup
   * that this database was filled from, and the server before may have sent it since.
   */
  mayBeThere: () => Promise<boolean>;
  /** When it was asked for. */
  askedAt: Date;
}

/** What the other side called what was made, so that it can be changed later. */
export interface EffectMade {
  noteId: string;
}

/**
 * What came of one run.
 * again: surely not done, or (`mayHaveHappened`) perhaps done and to be looked for before the next try.
 * failed: not done, by this run; `certain`: nor by an earlier one, of which nobody heard.
 * unconfirmed: perhaps done, and nobody can be asked. Final: never repeated by itself.
 */
export type EffectOutcome =
  | { kind: 'done'; report: EffectReport; link?: string | null; made?: EffectMade }
  | { kind: 'failed'; report: EffectReport; why: string; certain?: true }
  | { kind: 'unconfirmed'; report: EffectReport; why: string }
  | { kind: 'again'; afterMs: number | null; why: string; mayHaveHappened: boolean };

/** How one kind of effect is carried out. Its file begins with the story of how it is safe to repeat. */
export interface EffectRunner<Kind extends EffectKind> {
  /** `interrupted`: an earlier run was cut off after it may have called; the answer is unknown. */
  run(effect: Extract<Effect, { kind: Kind }>, context: EffectContext, interrupted: boolean): Promise<EffectOutcome>;
  /** After a day of trying: what is told then. `mayHaveHappened`: the last try left that open. */
  giveUp(
    effect: Extract<Effect, { kind: Kind }>,
    context: EffectContext,
    gave: { why: string; mayHaveHappened: boolean },
  ): EffectReport;
}
