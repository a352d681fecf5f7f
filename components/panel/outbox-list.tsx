import type { OutboxItem } from '../../lib/contract/messages.ts';
import { Button } from '../ui/button.tsx';
import { Notice } from '../ui/notice.tsx';
import { RelativeTime } from '../ui/relative-time.tsx';
import { t } from '../ui/t.ts';
import { usePanel } from './panel-context.ts';

/** Clicks made while the server could not be reached: kept, and asked about again when they are over an hour old. A way back never asks. */
export function OutboxList({ items }: { items: OutboxItem[] }) {
  const { commands } = usePanel();
  return items.map(({ actionId, kind, text, clickedAt, needsConfirmation }) => {
    const isBusy = commands.busy === `outbox:${actionId}`;
    const isWayBack = kind === 'way back';
    return (
      <Notice
        key={actionId}
        tone={needsConfirmation ? 'warn' : 'info'}
        actions={
          <>
            {needsConfirmation && (
              <Button look="quiet" isBusy={isBusy} onClick={() => commands.resolveOutbox(actionId, 'send')}>
                {isWayBack ? t('common.tryAgain') : t('panel.outbox.send')}
              </Button>
            )}
            {(!isWayBack || needsConfirmation) && (
              <Button look="quiet" isBusy={isBusy} onClick={() => commands.resolveOutbox(actionId, 'discard')}>
                {isWayBack ? t('common.dismiss') : t('panel.outbox.discard')}
              </Button>
            )}
            <span className="ms-auto text-xs text-muted">
              <RelativeTime at={clickedAt} />
            </span>
          </>
        }
      >
        <p>
          <bdi className="font-medium">{text}</bdi>
        </p>
        {isWayBack ? (
          !needsConfirmation && <p>{t('panel.outbox.undoSaved')}</p>
        ) : (
          <p>{needsConfirmation ? t('panel.outbox.stillWanted') : t('panel.outbox.saved')}</p>
        )}
      </Notice>
    );
  });
}
