import { useEffect, useRef } from 'react';
import type { InvitationView } from '../../lib/contract/panel.ts';
import { Button } from '../ui/button.tsx';
import { t } from '../ui/t.ts';
import { usePanel } from './panel-context.ts';

export interface CancelQuestionProps {
  invitation: InvitationView;
  onKeep(): void;
}

/** Says what cancelling does before it is done; a started test more so. */
export function CancelQuestion({ invitation, onKeep }: CancelQuestionProps) {
  const { commands } = usePanel();
  const keep = useRef<HTMLButtonElement>(null);
  useEffect(() => keep.current?.focus({ preventScroll: true }), []);
  const hasStarted = invitation.startedAt !== null;
  return (
    <fieldset className="grid grid-cols-1 gap-2 rounded-md border border-line p-2">
      <legend className="sr-only">{t('panel.action.cancel')}</legend>
      <p>{hasStarted ? t('panel.cancel.started') : t('panel.cancel.text')}</p>
      <div className="flex gap-2">
        <Button look="danger" isBusy={commands.busy === `cancel:${invitation.id}`} onClick={() => commands.cancel(invitation.id)}>
          {t('panel.cancel.confirm')}
        </Button>
        <Button ref={keep} onClick={onKeep}>
          {t('panel.cancel.keep')}
        </Button>
      </div>
    </fieldset>
  );
}
