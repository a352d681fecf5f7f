import { Power, Trash2 } from 'lucide-react';
import { PATHS } from '../../lib/contract/paths.ts';
import { type ConnectionView, connectionViewSchema } from '../../lib/contract/settings.ts';
import { Button } from '../ui/button.tsx';
import { Notice } from '../ui/notice.tsx';
import { t } from '../ui/t.ts';
import { fillPath } from './admin-api.ts';
import { useAdmin } from './admin-context.ts';
import { AskFirst } from './ask-first.tsx';
import { Card } from './card.tsx';
import { KIND_NAMES } from './connection-fields.ts';
import { useSave } from './use-save.ts';

/** Off for a while, or away for good. Both say beforehand what becomes of the candidates. */
export function ConnectionEnd({ connection }: { connection: ConnectionView }) {
  const { api } = useAdmin();
  const { id, kind, side, name, enabled } = connection;
  const path = fillPath(PATHS.connection, { id });
  const switching = useSave({
    save: (isOn: boolean) => api.write('PATCH', path, { enabled: isOn }, connectionViewSchema),
    said: ({ enabled: isOn }) => (isOn ? t('admin.connection.switchedOn', name) : t('admin.connection.switchedOff', name)),
  });
  const removing = useSave({ save: () => api.remove(path), said: t('admin.connection.removed', name) });
  return (
    <Card title={t('admin.connection.end', name)}>
      <div className="flex flex-wrap items-start gap-2">
        {enabled ? (
          <AskFirst
            label={t('admin.connection.switchOff')}
            icon={Power}
            confirm={t('admin.connection.switchOff')}
            isBusy={switching.isBusy}
            failure={switching.failure}
            onConfirm={() => void switching.run(false)}
          >
            {side === 'ats' ? t('admin.connection.offMeansAts', KIND_NAMES[kind]) : t('admin.connection.offMeansVendor', name)}
          </AskFirst>
        ) : (
          <Button icon={Power} isBusy={switching.isBusy} onClick={() => void switching.run(true)}>
            {t('admin.connection.switchOn')}
          </Button>
        )}
        <AskFirst
          label={t('admin.connection.remove')}
          icon={Trash2}
          look="danger"
          confirm={t('admin.connection.removeNamed', name)}
          isBusy={removing.isBusy}
          failure={removing.failure}
          onConfirm={() => void removing.run(undefined)}
        >
          {side === 'ats'
            ? t('admin.connection.removeMeansAts', KIND_NAMES[kind])
            : t('admin.connection.removeMeansVendor', name)}
        </AskFirst>
      </div>
      {!enabled && switching.failure && (
        <Notice tone="bad" isUrgent>
          {switching.failure.message}
        </Notice>
      )}
      {!enabled && <p className="max-w-[68ch] text-muted">{t('admin.connection.onMeans')}</p>}
    </Card>
  );
}
