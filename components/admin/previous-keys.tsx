import { KeyRound } from 'lucide-react';
import type { WebhookView } from '../../lib/contract/settings.ts';
import { Button } from '../ui/button.tsx';
import { Notice } from '../ui/notice.tsx';
import { t } from '../ui/t.ts';
import { useAdmin } from './admin-context.ts';
import { useSave } from './use-save.ts';
import { removeSecret } from './webhook-secrets.ts';

/** After a new API key: until when webhooks that the previous one signed are accepted, and a way to end that. Nothing where there is none. */
export function PreviousKeys({ webhooks }: { webhooks: readonly WebhookView[] }) {
  const endings = [...new Set(webhooks.flatMap(({ previous }) => previous.filter(isAccepted).map(({ lastFour }) => lastFour)))];
  return endings.map((lastFour) => <PreviousKey key={lastFour} lastFour={lastFour} webhooks={webhooks} />);
}

function PreviousKey({ lastFour, webhooks }: { lastFour: string; webhooks: readonly WebhookView[] }) {
  const { api } = useAdmin();
  const own = webhooks.flatMap(({ id, previous }) =>
    previous.filter((one) => one.lastFour === lastFour && isAccepted(one)).map((one) => ({ ...one, webhookId: id })),
  );
  const removing = useSave({
    save: async () => {
      for (const { webhookId, id } of own) await removeSecret(api, webhookId, id);
    },
    said: t('admin.webhooks.previousKeyEnded'),
  });
  const until = own
    .map(({ acceptedUntil }) => acceptedUntil)
    .toSorted()
    .at(-1);
  if (!until) return null;
  const day = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium' }).format(new Date(until));
  return (
    <div className="grid grid-cols-1 gap-2">
      <p className="flex flex-wrap items-center gap-x-3 gap-y-1">
        <span className="inline-flex items-center gap-1.5">
          <KeyRound aria-hidden size={14} className="text-muted" />
          {t('admin.webhooks.previousKey', lastFour, day)}
        </span>
        <Button look="quiet" isBusy={removing.isBusy} onClick={() => void removing.run(undefined)}>
          {t('admin.webhooks.previousKeyEnd')}
        </Button>
      </p>
      {removing.failure && (
        <Notice tone="bad" isUrgent>
          {removing.failure.message}
        </Notice>
      )}
    </div>
  );
}

function isAccepted({ acceptedUntil }: { acceptedUntil: string }): boolean {
  return Date.parse(acceptedUntil) > Date.now();
}
