import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import type { Waiting } from '../../lib/contract/panel.ts';
import { Button } from '../ui/button.tsx';
import { useClock } from '../ui/clock.ts';
import { LiveRegion } from '../ui/live-region.tsx';
import { Notice } from '../ui/notice.tsx';
import { t, tCount } from '../ui/t.ts';
import type { PopupBackend } from './backend.ts';
import { WaitingItem } from './waiting-item.tsx';

/** Held ones go out within seconds: often enough to see them go. */
const REFRESH_MS = 3000;

/** The invitations that wait for somebody: held ones with their Undo first, then what failed or is not certain. */
export function WaitingList({ backend }: { backend: PopupBackend }) {
  const clock = useClock();
  const [said, setSaid] = useState('');
  const { data, error, refetch, isFetching } = useQuery({
    queryKey: ['waiting'],
    refetchInterval: REFRESH_MS,
    queryFn: async () => {
      const answer = await backend.getWaiting();
      if ('refused' in answer) throw new Error(answer.message);
      return { ...answer, serverLeadMs: Date.parse(answer.serverTime) - clock.now() };
    },
  });
  const items = inOrder(data?.items ?? []);
  return (
    <section aria-labelledby="waiting" className="grid grid-cols-1">
      <h2 id="waiting" className="px-3 pt-3 pb-1 text-xs font-medium text-muted">
        {t('popup.waiting.title')}
      </h2>
      {error && (
        <div className="px-3 pb-2">
          <Notice
            tone="warn"
            actions={
              <Button look="quiet" isBusy={isFetching} onClick={() => void refetch()}>
                {t('common.tryAgain')}
              </Button>
            }
          >
            {error.message}
          </Notice>
        </div>
      )}
      {(data?.failures ?? 0) > 0 && (
        <div className="px-3 pb-2">
          <Notice
            tone="warn"
            actions={
              <Button look="quiet" onClick={() => void backend.openOptions({ section: 'failures' })}>
                {t('popup.failures.open')}
              </Button>
            }
          >
            {tCount('popup.failures.text', data?.failures ?? 0)}
          </Notice>
        </div>
      )}
      {data && items.length === 0 && !data.failures && <p className="px-3 pb-4">{t('popup.waiting.none')}</p>}
      {items.length > 0 && (
        <ul aria-labelledby="waiting" className="grid grid-cols-1 divide-y divide-line px-3">
          {items.map((item) => (
            <WaitingItem
              key={item.held?.invitationId ?? `${item.key} ${item.at} ${item.text}`}
              item={item}
              serverLeadMs={data?.serverLeadMs ?? 0}
              undo={backend.undoFromPopup}
              onDone={(text) => {
                setSaid(text);
                void refetch();
              }}
            />
          ))}
        </ul>
      )}
      <LiveRegion text={said} />
    </section>
  );
}

/** Those that can still be stopped come first, the next to go out at the top. */
function inOrder(items: Waiting['items']): Waiting['items'] {
  return items.toSorted((a, b) => {
    if (a.held && b.held) return a.held.dueAt.localeCompare(b.held.dueAt);
    if (a.held || b.held) return a.held ? -1 : 1;
    return b.at.localeCompare(a.at);
  });
}
