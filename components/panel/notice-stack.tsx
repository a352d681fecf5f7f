import { createPortal } from 'react-dom';
import type { OutboxItem, PanelState } from '../../lib/contract/messages.ts';
import { Button } from '../ui/button.tsx';
import { Notice } from '../ui/notice.tsx';
import { t } from '../ui/t.ts';
import { MendButton } from './mend-button.tsx';
import { OutboxList } from './outbox-list.tsx';
import type { ApplicationView, PanelNotice } from './panel-commands.ts';
import { usePanel } from './panel-context.ts';

export interface NoticeStackProps {
  state: PanelState;
  /** What is wrong for this candidate. */
  troubles?: ApplicationView['troubles'];
}

/**
 * What could not be done just now, what waits for the server, and what is wrong. It stands at the foot of the panel, below everything
 * else, because it comes by itself, and nothing may push away a button that somebody is about to press.
 */
export function NoticeStack({ state: { trouble, outbox }, troubles = [] }: NoticeStackProps) {
  const { commands, foot } = usePanel();
  const { notice } = commands;
  if (!foot) return null;
  return createPortal(
    <>
      {notice && (
        <Notice
          tone={notice.tone}
          isUrgent
          actions={
            <>
              {notice.mend && <MendButton mend={notice.mend} />}
              {notice.retry && (
                <Button look="quiet" onClick={notice.retry}>
                  {t('common.tryAgain')}
                </Button>
              )}
              <Button look="quiet" onClick={commands.dismissNotice}>
                {t('common.dismiss')}
              </Button>
            </>
          }
        >
          {notice.text}
        </Notice>
      )}
      <OutboxList items={outbox.filter((item) => !isSaid(item, notice))} />
      {trouble && trouble.code !== 'revoked' && trouble.text !== notice?.text && <Notice tone="warn">{trouble.text}</Notice>}
      {troubles.map(({ text, mend }) => (
        <Notice key={text} tone="warn" actions={mend && <MendButton mend={mend} />}>
          {text}
        </Notice>
      ))}
    </>,
    foot,
  );
}

function isSaid({ actionId, needsConfirmation }: OutboxItem, notice: PanelNotice | null): boolean {
  return notice?.says?.actionId === actionId && notice.says.needsConfirmation === needsConfirmation;
}
