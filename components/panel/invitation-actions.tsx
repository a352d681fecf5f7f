import { type ReactNode, useState } from 'react';
import type { InvitationView } from '../../lib/contract/panel.ts';
import { Button } from '../ui/button.tsx';
import { t } from '../ui/t.ts';
import { CancelQuestion } from './cancel-question.tsx';
import { CopiedLink } from './copied-link.tsx';
import { EnterResultForm } from './enter-result-form.tsx';
import { usePanel } from './panel-context.ts';
import type { PrimaryAction } from './primary-action.ts';
import { ReportLink } from './report-link.tsx';

type Unfolded = 'cancel' | 'enter-result' | null;

export interface InvitationActionsProps {
  invitation: InvitationView;
  primary: PrimaryAction;
  moveButton?: ReactNode;
  onRetake(assessmentId: string): void;
}

/** What may be done with this invitation; the server's list decides, so that no button is shown that cannot work. */
export function InvitationActions({ invitation, primary, moveButton, onRetake }: InvitationActionsProps) {
  const { commands } = usePanel();
  const [unfolded, setUnfolded] = useState<Unfolded>(null);
  const [link, setLink] = useState<string | null>(null);
  const { id, actions } = invitation;
  const may = (action: InvitationView['actions'][number]) => actions.includes(action);
  const isDoubtful = invitation.state === 'unconfirmed';
  const lookOf = (kind: 'send-again' | 'copy-link' | 'enter-result') =>
    primary?.kind === kind && primary.invitationId === id ? 'primary' : isDoubtful ? 'secondary' : 'quiet';
  const copy = async () => setLink(await commands.copyLink(id));
  const fold = () => setUnfolded(null);

  if (unfolded === 'cancel' && may('cancel')) return <CancelQuestion invitation={invitation} onKeep={fold} />;
  if (unfolded === 'enter-result' && may('enter-result')) return <EnterResultForm invitation={invitation} onDone={fold} />;
  const hasAny = actions.some((action) => action !== 'undo') || invitation.result?.reportUrl || moveButton;
  if (!hasAny) return null;

  return (
    <div className="grid gap-2">
      <div className="flex flex-wrap items-center gap-x-4 gap-y-1.5">
        <ReportLink url={invitation.result?.reportUrl ?? null} />
        {may('send-again') && (
          <Button
            look={lookOf('send-again')}
            isBusy={commands.busy === `send-again:${id}`}
            onClick={() => commands.sendAgain(id)}
          >
            {t('panel.action.sendAgain')}
          </Button>
        )}
        {may('mark-sent') && (
          <Button
            look={isDoubtful ? 'secondary' : 'quiet'}
            isBusy={commands.busy === `mark-sent:${id}`}
            onClick={() => commands.markSent(id)}
          >
            {t('panel.action.markSent')}
          </Button>
        )}
        {may('copy-link') && (
          <Button look={lookOf('copy-link')} isBusy={commands.busy === `copy-link:${id}`} onClick={() => void copy()}>
            {t('panel.action.copyLink')}
          </Button>
        )}
        {may('enter-result') && (
          <Button look={lookOf('enter-result')} onClick={() => setUnfolded('enter-result')}>
            {invitation.result ? t('panel.action.changeResult') : t('panel.action.enterResult')}
          </Button>
        )}
        {may('retake') && (
          <Button look="quiet" onClick={() => onRetake(invitation.assessmentId)}>
            {t('panel.action.retake')}
          </Button>
        )}
        {may('cancel') && (
          <Button look="quiet" isBusy={commands.busy === `cancel:${id}`} onClick={() => setUnfolded('cancel')}>
            {t('panel.action.cancel')}
          </Button>
        )}
        {moveButton && <div className="ms-auto">{moveButton}</div>}
      </div>
      {link && <CopiedLink link={link} onClose={() => setLink(null)} />}
    </div>
  );
}
