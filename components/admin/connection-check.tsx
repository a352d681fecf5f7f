import { CircleAlert, CircleCheck, PlugZap } from 'lucide-react';
import type { z } from 'zod';
import { PATHS } from '../../lib/contract/paths.ts';
import { type ConnectionView, checkAnswerSchema } from '../../lib/contract/settings.ts';
import { Button } from '../ui/button.tsx';
import { RelativeTime } from '../ui/relative-time.tsx';
import { t } from '../ui/t.ts';
import { fillPath } from './admin-api.ts';
import { useAdmin } from './admin-context.ts';
import { type Save, useSave } from './use-save.ts';

type Check = Save<void, z.infer<typeof checkAnswerSchema>>;

/** Asks the other side once and says what it answered. */
export function useConnectionCheck({ id }: ConnectionView): Check {
  const { api } = useAdmin();
  return useSave({
    save: () => api.write('POST', fillPath(PATHS.connectionCheck, { id }), undefined, checkAnswerSchema),
    said: ({ message }) => message,
  });
}

/** The button that asks, and what came of it. */
export function ConnectionCheck({ connection, check }: { connection: ConnectionView; check: Check }) {
  const { answer } = check;
  return (
    <div className="flex flex-wrap items-center gap-x-3 gap-y-2">
      <Button icon={PlugZap} isBusy={check.isBusy} onClick={() => void check.run()}>
        {check.isBusy ? t('admin.check.busy') : t('admin.check.button')}
      </Button>
      {check.failure ? (
        <Outcome isOk={false} text={check.failure.message} />
      ) : answer ? (
        <Outcome isOk={answer.ok} text={answer.message} />
      ) : (
        <LastCheck connection={connection} />
      )}
    </div>
  );
}

function Outcome({ isOk, text }: { isOk: boolean; text: string }) {
  const Icon = isOk ? CircleCheck : CircleAlert;
  return (
    <p className={`flex min-w-0 items-center gap-1.5 ${isOk ? 'text-good' : 'text-bad'}`}>
      <Icon aria-hidden size={16} className="shrink-0" />
      {text}
    </p>
  );
}

function LastCheck({ connection: { checkedAt, account } }: { connection: ConnectionView }) {
  if (!checkedAt) return <p className="text-muted">{t('admin.check.never')}</p>;
  return (
    <p className="text-muted">
      {account ? t('admin.check.lastAs', account) : t('admin.check.last')} <RelativeTime at={checkedAt} />
    </p>
  );
}
