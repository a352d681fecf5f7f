import { Wrench } from 'lucide-react';
import { PATHS } from '../../lib/contract/paths.ts';
import { arrangedWebhooksSchema, type ConnectionView } from '../../lib/contract/settings.ts';
import { Button } from '../ui/button.tsx';
import { Notice } from '../ui/notice.tsx';
import { t } from '../ui/t.ts';
import { fillPath } from './admin-api.ts';
import { useAdmin } from './admin-context.ts';
import { KIND_NAMES } from './connection-fields.ts';
import { useSave } from './use-save.ts';

const DID = {
  created: 'admin.managed.created',
  kept: 'admin.managed.kept',
  repaired: 'admin.managed.repaired',
  removed: 'admin.managed.removed',
  'by-hand': 'admin.managed.byHand',
} as const;

/** Makes and repairs the webhooks through the ATS's API, for those who do not want to copy addresses and tokens by hand. */
export function ManagedWebhooks({ connection: { id, kind } }: { connection: ConnectionView }) {
  const { api } = useAdmin();
  const name = KIND_NAMES[kind];
  const arranging = useSave({
    save: (method: 'POST' | 'DELETE') =>
      api.write(method, fillPath(PATHS.managedWebhooks, { id }), undefined, arrangedWebhooksSchema),
    said: t('admin.managed.done'),
  });
  const { answer, failure } = arranging;
  return (
    <div className="grid grid-cols-1 gap-2">
      <div className="flex flex-wrap gap-2">
        <Button icon={Wrench} isBusy={arranging.isBusy} onClick={() => void arranging.run('POST')}>
          {t('admin.managed.arrange', name)}
        </Button>
        <Button look="quiet" isBusy={arranging.isBusy} onClick={() => void arranging.run('DELETE')}>
          {t('admin.managed.remove', name)}
        </Button>
      </div>
      {failure && (
        <Notice tone="bad" isUrgent>
          {failure.message}
        </Notice>
      )}
      {answer?.reminder && <Notice>{answer.reminder}</Notice>}
      {answer && (
        <ul className="grid gap-0.5 text-xs">
          {answer.webhooks.map(({ event, did }, index) => (
            <li key={`${index}-${event}`}>
              <span className="font-mono">{event}</span>: {t(DID[did])}
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}
