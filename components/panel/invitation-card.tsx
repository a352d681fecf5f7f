import type { ReactNode } from 'react';
import type { InvitationView } from '../../lib/contract/panel.ts';
import { RelativeTime } from '../ui/relative-time.tsx';
import { StatusDot } from '../ui/status-dot.tsx';
import { t } from '../ui/t.ts';
import { HeldRow } from './held-row.tsx';
import { InvitationActions } from './invitation-actions.tsx';
import { InvitationSteps } from './invitation-steps.tsx';
import { JUST_CLICKED_ID } from './just-clicked.ts';
import { usePanel } from './panel-context.ts';
import type { PrimaryAction } from './primary-action.ts';
import { ResultCard } from './result-card.tsx';
import { ReviewNotice } from './review-notice.tsx';
import { Section } from './section.tsx';
import { invitationTone } from './tab-status.ts';
import { Trouble } from './trouble.tsx';

export interface InvitationCardProps {
  invitation: InvitationView;
  holdSeconds: number;
  primary: PrimaryAction;
  /** "Move to ..." belongs to the result that it follows from. */
  moveButton?: ReactNode;
  /** Absent where the send form stands open anyway. */
  onRetake?: (assessmentId: string) => void;
}

/** One invitation: where it stands, what came out, what can be done with it. */
export function InvitationCard({ invitation, holdSeconds, primary, moveButton, onRetake }: InvitationCardProps) {
  const { commands } = usePanel();
  const isHeld = invitation.state === 'held';
  const isJustClicked = invitation.id === JUST_CLICKED_ID;
  // The server's own row may come before the answers to the send and to its "Undo".
  const isTakenBack =
    commands.justClicked?.wantsUndo === true && (isJustClicked || commands.justClicked.assessmentId === invitation.assessmentId);
  const undo = () => (isJustClicked ? commands.undoJustClicked() : commands.undo(invitation.id));
  return (
    <Section label={t('panel.invitation.label', invitation.assessmentName)} className="grid grid-cols-1 gap-2.5">
      {isHeld && invitation.dueAt ? (
        <HeldRow
          dueAt={invitation.dueAt}
          holdSeconds={holdSeconds}
          by={invitation.by}
          assessmentName={invitation.assessmentName}
          onUndo={invitation.actions.includes('undo') ? undo : undefined}
          isUndoing={isTakenBack || commands.busy === `undo:${invitation.id}`}
          isLoud={primary?.kind === 'undo'}
          takesFocus={isJustClicked}
        />
      ) : (
        <>
          <CardHeading invitation={invitation} />
          <InvitationSteps invitation={invitation} />
        </>
      )}
      <Trouble invitation={invitation} />
      {invitation.review && <ReviewNotice invitation={invitation} />}
      {invitation.result && <ResultCard result={invitation.result} vendorName={invitation.vendorName} />}
      <InvitationActions invitation={invitation} primary={primary} moveButton={moveButton} onRetake={onRetake} />
    </Section>
  );
}

function CardHeading({ invitation }: { invitation: InvitationView }) {
  const { assessmentName, vendorName, vendorSays, attempt, state, email, handover } = invitation;
  const at = lastChangeAt(invitation);
  const facts = [
    vendorSays ? t('panel.invitation.says', vendorName, vendorSays) : vendorName,
    attempt > 1 && t('panel.invitation.attempt', attempt),
    // Nobody's any more, where the candidate was anonymised.
    email !== '' && (handover === 'copy link' ? t('panel.invitation.byLink', email) : t('panel.invitation.to', email)),
  ].filter((fact) => typeof fact === 'string');
  return (
    <div>
      <div className="flex flex-wrap items-baseline gap-x-3">
        <h3 dir="auto" className="min-w-[40%] flex-1 truncate text-base font-semibold" title={assessmentName}>
          {assessmentName}
        </h3>
        <p className="flex items-center gap-1.5">
          <StatusDot tone={invitationTone(invitation)} />
          <span>
            {t(`panel.state.${state}`)}
            {at && (
              <span className="text-muted">
                {' '}
                <RelativeTime at={at} />
              </span>
            )}
          </span>
        </p>
      </div>
      <p className="break-words text-xs text-muted">
        <bdi>{facts.join(' · ')}</bdi>
        <Expiry invitation={invitation} />
        {invitation.unverified && !invitation.result && ` · ${t('panel.unverified', vendorName)}`}
      </p>
    </div>
  );
}

function Expiry({ invitation: { state, expiresAt } }: { invitation: InvitationView }) {
  if (!expiresAt || (state !== 'sent' && state !== 'started')) return null;
  return (
    <>
      {' · '}
      {t('panel.invitation.due')} <RelativeTime at={expiresAt} />
    </>
  );
}

function lastChangeAt({ state, sentAt, startedAt, submittedAt, closedAt, result }: InvitationView): string | null {
  switch (state) {
    case 'sent':
      return sentAt;
    case 'started':
      return startedAt;
    case 'submitted':
      return submittedAt;
    case 'scored':
      return result?.reportedAt ?? closedAt;
    default:
      return closedAt;
  }
}
