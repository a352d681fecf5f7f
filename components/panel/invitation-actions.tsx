import { type ReactNode, useRef, useState } from 'react';
import type { InvitationView } from '../../lib/contract/panel.ts';
import { Button, type ButtonProps } from '../ui/button.tsx';
import { t } from '../ui/t.ts';
import { CancelQuestion } from './cancel-question.tsx';
import { CopiedLink } from './copied-link.tsx';
import { EnterResultForm } from './enter-result-form.tsx';
import { FollowUpForm } from './follow-up-form.tsx';
import { FollowUpMenu } from './follow-up-menu.tsx';
import { type FollowUp, isFollowUp } from './follow-ups.ts';
import { OutsideSearch } from './outside-search.tsx';
import { usePanel } from './panel-context.ts';
import type { PrimaryAction } from './primary-action.ts';
import { ReportLink } from './report-link.tsx';

type Action = Exclude<InvitationView['actions'][number], FollowUp | 'undo' | 'close-review'>;

/** The order in which they are offered; the primary one comes first. */
const ORDER: Action[] = ['send-again', 'mark-sent', 'copy-link', 'enter-result', 'retake', 'cancel'];

export interface InvitationActionsProps {
  invitation: InvitationView;
  primary: PrimaryAction;
  moveButton?: ReactNode;
  /** Absent where the send form stands open anyway. */
  onRetake?: (assessmentId: string) => void;
}

/** What may be done with this invitation; the server's list decides, so that no button is shown that cannot work. */
export function InvitationActions({ invitation, primary, moveButton, onRetake }: InvitationActionsProps) {
  const { commands, isOffline } = usePanel();
  const [unfolded, setUnfolded] = useState<'cancel' | 'enter-result' | FollowUp | null>(null);
  const menu = useRef<HTMLButtonElement>(null);
  const mend = useRef<HTMLButtonElement>(null);
  const [link, setLink] = useState<string | null>(null);
  const { id, actions, result, assessmentId, assessmentName, vendorName } = invitation;
  const isPrimary = (action: Action) => primary?.kind === action && primary.invitationId === id;
  const offered = ORDER.filter((action) => actions.includes(action) && (action !== 'retake' || onRetake));
  // Without the server there is nobody to ask whether it can be done.
  const followUps = isOffline ? [] : actions.filter(isFollowUp);
  const isMendable = invitation.isAddressRefused === true && followUps.includes('correct-email');
  const isOutside = invitation.isInvitedOutside === true && offered.includes('send-again') && !isOffline;
  const inMenu = followUps.filter((action) => action !== 'correct-email' || !isMendable);
  const fold = () => setUnfolded(null);
  const foldMenu = () => {
    fold();
    // Drawn again only after this.
    requestAnimationFrame(() => (menu.current ?? mend.current)?.focus({ preventScroll: true }));
  };

  if (unfolded === 'cancel' && offered.includes('cancel')) return <CancelQuestion invitation={invitation} onKeep={fold} />;
  if (unfolded === 'enter-result' && offered.includes('enter-result'))
    return <EnterResultForm invitation={invitation} onDone={fold} />;
  if (unfolded && isFollowUp(unfolded) && followUps.includes(unfolded))
    return <FollowUpForm key={unfolded} invitation={invitation} action={unfolded} onClose={foldMenu} />;
  if (offered.length === 0 && followUps.length === 0 && !result?.reportUrl && !moveButton) return null;

  const clicks: Record<Action, () => void> = {
    'send-again': () => commands.sendAgain(id),
    'mark-sent': () => commands.markSent(id),
    'copy-link': () => void commands.copyLink(id).then(setLink),
    'enter-result': () => setUnfolded('enter-result'),
    retake: () => onRetake?.(invitation.assessmentId),
    cancel: () => setUnfolded('cancel'),
  };
  const lookOf = (action: Action): ButtonProps['look'] => {
    if (isPrimary(action)) return 'primary';
    // Both ways out of the doubt weigh the same.
    return invitation.state === 'unconfirmed' && action !== 'cancel' ? 'secondary' : 'quiet';
  };

  return (
    <div className="grid grid-cols-1 gap-2">
      {isOutside && (
        <OutsideSearch
          choice={{ id: assessmentId, name: assessmentName, vendorName }}
          label={t('panel.outside.find', vendorName)}
          look={primary === null ? 'primary' : 'secondary'}
        />
      )}
      <div className="flex flex-wrap items-center gap-x-4 gap-y-1.5">
        <ReportLink url={result?.reportUrl ?? null} />
        {isMendable && (
          <Button ref={mend} look={primary === null ? 'primary' : 'secondary'} onClick={() => setUnfolded('correct-email')}>
            {t('panel.followUp.correctEmail')}
          </Button>
        )}
        {offered
          .toSorted((a, b) => Number(isPrimary(b)) - Number(isPrimary(a)))
          .map((action) => (
            <Button key={action} look={lookOf(action)} isBusy={commands.busy === `${action}:${id}`} onClick={clicks[action]}>
              {labelOf(action, result !== null)}
            </Button>
          ))}
        {(moveButton || inMenu.length > 0) && (
          <div className="ms-auto flex items-center gap-2">
            {moveButton}
            {inMenu.length > 0 && (
              <FollowUpMenu ref={menu} offered={inMenu} assessmentName={assessmentName} onOpen={setUnfolded} />
            )}
          </div>
        )}
      </div>
      {link && <CopiedLink link={link} onClose={() => setLink(null)} />}
    </div>
  );
}

function labelOf(action: Action, hasResult: boolean): string {
  switch (action) {
    case 'send-again':
      return t('panel.action.sendAgain');
    case 'mark-sent':
      return t('panel.action.markSent');
    case 'copy-link':
      return t('panel.action.copyLink');
    case 'enter-result':
      return hasResult ? t('panel.action.changeResult') : t('panel.action.enterResult');
    case 'retake':
      return t('panel.action.retake');
    case 'cancel':
      return t('panel.action.cancel');
  }
}
