import { useState } from 'react';
import { DELIVERY_OUTCOMES } from '../../lib/contract/failures.ts';
import { t } from '../ui/t.ts';
import { Card } from './card.tsx';
import { MoreOf } from './failures-card.tsx';
import { QueryView } from './query-view.tsx';
import { ReceivedWebhook } from './received-webhook.tsx';
import { SelectField } from './select-field.tsx';
import { useDeliveries } from './use-failures.ts';

const PAGE = 20;

/** Webhooks as they came in, what became of each, and each once more. */
export function ReceivedWebhooksCard() {
  const [outcome, setOutcome] = useState('');
  const [limit, setLimit] = useState(PAGE);
  const received = useDeliveries(outcome, limit);
  const options = [
    { value: '', label: t('admin.failures.received.all') },
    ...DELIVERY_OUTCOMES.map((value) => ({ value, label: t(`admin.failures.received.${value}`) })),
  ];
  return (
    <Card title={t('admin.failures.received.title')}>
      <div className="max-w-64">
        <SelectField
          label={t('admin.failures.received.outcome')}
          value={outcome}
          options={options}
          onChange={(value) => {
            setOutcome(value);
            setLimit(PAGE);
          }}
        />
      </div>
      <QueryView query={received}>
        {({ items, next }) => (
          <>
            {items.length === 0 && (
              <p className="text-muted">
                {t(outcome === '' ? 'admin.failures.received.none' : 'admin.failures.received.noneOther')}
              </p>
            )}
            {items.length > 0 && (
              <ul className="grid grid-cols-1 divide-y divide-line">
                {items.map((webhook) => (
                  <ReceivedWebhook key={webhook.id} webhook={webhook} />
                ))}
              </ul>
            )}
            <MoreOf next={next} limit={limit} isBusy={received.isFetching} onMore={() => setLimit(limit + PAGE)} />
          </>
        )}
      </QueryView>
    </Card>
  );
}
