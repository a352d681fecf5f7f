import { t } from '../ui/t.ts';
import { FailuresCard } from './failures-card.tsx';
import { Pane } from './pane.tsx';
import { ReceivedWebhooksCard } from './received-webhooks-card.tsx';

/** What failed and waits for somebody, and the webhooks as they came in. */
export function FailuresPane() {
  return (
    <Pane title={t('admin.section.failures')} intro={t('admin.failures.intro')}>
      <FailuresCard />
      <ReceivedWebhooksCard />
    </Pane>
  );
}
