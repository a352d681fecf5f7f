import type { PanelState } from '../../lib/contract/messages.ts';
import { Button } from '../ui/button.tsx';
import { Notice } from '../ui/notice.tsx';
import { t } from '../ui/t.ts';
import { MendButton } from './mend-button.tsx';
import { OutboxList } from './outbox-list.tsx';
import { usePanel } from './panel-context.ts';

/** What could not be done just now, and what waits for the server. */
export function NoticeStack({ state: { trouble, outbox } }: { state: PanelState }) {
  const { commands } = usePanel();
  const { notice } = commands;
  return (
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
      <OutboxList items={outbox} />
      {trouble && trouble.code !== 'revoked' && trouble.text !== notice?.text && <Notice tone="warn">{trouble.text}</Notice>}
    </>
  );
}
