import { t } from '../ui/t.ts';
import { Card } from './card.tsx';
import { EraseForm } from './erase-form.tsx';
import { ErasureItem } from './erasure-item.tsx';
import { Pane } from './pane.tsx';
import { QueryView } from './query-view.tsx';
import { useConnections, useErasures } from './use-settings.ts';

/** Forgetting a candidate, and what was forgotten: without names, for there are none any more. */
export function ErasurePane() {
  const connections = useConnections();
  const erasures = useErasures();
  // Where these cannot be read, which is said below, the others can be erased all the same.
  const removed = erasures.data?.removedConnections ?? [];
  return (
    <Pane title={t('admin.section.erasure')} intro={t('admin.erasure.intro')}>
      <QueryView query={connections}>
        {(data) => {
          const connected = data.connections.filter(({ kind }) => kind === 'greenhouse' || kind === 'lever');
          // Whether there is one at all is not known yet.
          if (connected.length === 0 && erasures.isPending) return null;
          return <EraseForm connections={connected} removed={removed} />;
        }}
      </QueryView>
      <QueryView query={erasures}>
        {(data) => (
          <Card title={t('admin.erasure.past')} text={t('admin.erasure.pastText')}>
            {data.erasures.length === 0 ? (
              <p className="text-muted">{t('admin.erasure.none')}</p>
            ) : (
              <ul className="-my-1 grid grid-cols-1 divide-y divide-line">
                {data.erasures.map((erasure) => (
                  <ErasureItem key={erasure.id} erasure={erasure} />
                ))}
              </ul>
            )}
            {data.more && <p className="text-xs text-muted">{t('admin.failures.shownMost', String(data.erasures.length))}</p>}
          </Card>
        )}
      </QueryView>
    </Pane>
  );
}
