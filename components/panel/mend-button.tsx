import { Button } from '../ui/button.tsx';
import { t } from '../ui/t.ts';
import type { Mend } from './panel-commands.ts';
import { usePanel } from './panel-context.ts';

/** What the reader can do about it, as one button; settings only for those who may change them. */
export function MendButton({ mend, look = 'quiet' }: { mend: Mend; look?: 'quiet' | 'primary' | 'secondary' }) {
  const { commands, mayAdminister, sendNow, prepareSend, openChange } = usePanel();
  const buttonFor = (label: string, onClick: () => void) => (
    <Button look={look} onClick={onClick} isBusy={commands.busy === 'check-again' && mend.kind === 'check-again'}>
      {label}
    </Button>
  );
  switch (mend.kind) {
    case 'send-now':
      return buttonFor(t('panel.mend.sendNow'), () => sendNow(mend.assessmentId ?? null));
    case 'enter-email':
      return buttonFor(t('panel.mend.enterEmail'), () => prepareSend(mend.assessmentId ?? null, 'email'));
    case 'send-again':
      return buttonFor(t('panel.mend.sendAgain'), () => commands.sendAgain(mend.invitationId));
    case 'change-again':
      return buttonFor(t('panel.mend.changeAgain'), () => openChange(mend.change));
    case 'check-again':
      return buttonFor(t('panel.mend.checkAgain'), commands.checkAgain);
    case 'open-settings':
      if (!mayAdminister) return <span className="text-muted">{t('panel.mend.askAdmin')}</span>;
      return buttonFor(t(`panel.mend.settings.${mend.section}`), () => commands.openOptions(mend.section));
  }
}
