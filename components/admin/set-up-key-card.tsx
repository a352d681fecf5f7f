import { KeyRound } from 'lucide-react';
import { PATHS } from '../../lib/contract/paths.ts';
import { type ConnectionView, setUpKeyAnswerSchema } from '../../lib/contract/settings.ts';
import { Button } from '../ui/button.tsx';
import { Notice } from '../ui/notice.tsx';
import { t } from '../ui/t.ts';
import { fillPath } from './admin-api.ts';
import { useAdmin } from './admin-context.ts';
import { Card } from './card.tsx';
import { KIND_NAMES } from './connection-fields.ts';
import { useSave } from './use-save.ts';

/** The clean-up after the set-up: the wider key is revoked at the ATS, and we see for ourselves that it is dead. */
export function SetUpKeyCard({ connection: { id, kind } }: { connection: ConnectionView }) {
  const { api } = useAdmin();
  const name = KIND_NAMES[kind];
  const forgetting = useSave({
    save: () => api.write('DELETE', fillPath(PATHS.setUpKey, { id }), undefined, setUpKeyAnswerSchema),
    said: ({ message }) => message,
  });
  return (
    <Card title={t('admin.setUpKey.title')} text={t('admin.setUpKey.text', name)}>
      {forgetting.answer?.dead === false && <Notice tone="bad">{forgetting.answer.message}</Notice>}
      {forgetting.failure && (
        <Notice tone="bad" isUrgent>
          {forgetting.failure.message}
        </Notice>
      )}
      <Button
        icon={KeyRound}
        className="justify-self-start"
        isBusy={forgetting.isBusy}
        onClick={() => void forgetting.run(undefined)}
      >
        {t('admin.setUpKey.forget')}
      </Button>
    </Card>
  );
}
