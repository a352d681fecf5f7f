import { KeyRound } from 'lucide-react';
import { type FormEvent, useState } from 'react';
import type { ConnectionKind, WebhookView } from '../../lib/contract/settings.ts';
import { Button } from '../ui/button.tsx';
import { Notice } from '../ui/notice.tsx';
import { RelativeTime } from '../ui/relative-time.tsx';
import { t } from '../ui/t.ts';
import { useAdmin } from './admin-context.ts';
import { AskFirst } from './ask-first.tsx';
import { KIND_NAMES } from './connection-fields.ts';
import { TextField } from './text-field.tsx';
import { useSave } from './use-save.ts';
import { useUnsaved } from './use-unsaved.ts';
import { addSecret, removeSecret } from './webhook-secrets.ts';

/** For a webhook whose signing token the other side makes: paste it once; a new one is accepted beside the old ones until they are removed. */
export function SigningToken({ webhook, kind }: { webhook: WebhookView; kind: ConnectionKind }) {
  const { api } = useAdmin();
  const [token, setToken] = useState('');
  const [isAdding, setIsAdding] = useState(false);
  useUnsaved(token !== '');
  const { event, secrets } = webhook;
  const adding = useSave({ save: () => addSecret(api, webhook.id, token.trim()), said: t('admin.webhooks.tokenSaved', event) });
  const save = async (submit: FormEvent) => {
    submit.preventDefault();
    if (!token.trim()) return;
    if (!(await adding.run(undefined))) return;
    setToken('');
    setIsAdding(false);
  };
  return (
    <div className="grid grid-cols-1 gap-2">
      {secrets.map(({ id, lastFour, addedAt }) => (
        <StoredToken key={id} webhook={webhook} id={id} lastFour={lastFour} addedAt={addedAt} />
      ))}
      {secrets.length === 0 || isAdding ? (
        <form onSubmit={(submit) => void save(submit)} className="flex max-w-xl items-start gap-2">
          <div className="min-w-0 flex-1">
            <TextField
              label={t('admin.webhooks.token')}
              hint={t('admin.webhooks.tokenHint', KIND_NAMES[kind])}
              type="password"
              autoComplete="new-password"
              dir="ltr"
              value={token}
              onChange={setToken}
            />
          </div>
          <Button
            type="submit"
            className="mt-5"
            aria-label={t('admin.webhooks.saveToken', event)}
            aria-disabled={!token.trim() || undefined}
            isBusy={adding.isBusy}
          >
            {t('admin.save.save')}
          </Button>
        </form>
      ) : (
        <Button
          look="quiet"
          className="justify-self-start"
          aria-label={t('admin.webhooks.newTokenNamed', event)}
          onClick={() => setIsAdding(true)}
        >
          {t('admin.webhooks.newToken')}
        </Button>
      )}
      {adding.failure && (
        <Notice tone="bad" isUrgent>
          {adding.failure.message}
        </Notice>
      )}
    </div>
  );
}

interface StoredTokenProps {
  webhook: WebhookView;
  id: string;
  lastFour: string;
  addedAt: string;
}

function StoredToken({ webhook, id, lastFour, addedAt }: StoredTokenProps) {
  const { api } = useAdmin();
  const removing = useSave({
    save: () => removeSecret(api, webhook.id, id),
    said: t('admin.webhooks.secretRemoved', lastFour),
  });
  return (
    <div className="flex flex-wrap items-center gap-x-3 gap-y-1">
      <span className="inline-flex items-center gap-1.5">
        <KeyRound aria-hidden size={14} className="text-muted" />
        {lastFour ? t('admin.webhooks.tokenStored', lastFour) : t('admin.webhooks.tokenStoredShort')}
      </span>
      <span className="text-xs text-muted">
        {t('admin.webhooks.since')} <RelativeTime at={addedAt} />
      </span>
      <AskFirst
        label={t('admin.webhooks.removeSecret')}
        accessibleName={t('admin.webhooks.removeTokenNamed', lastFour, webhook.event)}
        look="quiet"
        confirm={t('admin.webhooks.removeSecretNamed', lastFour)}
        isBusy={removing.isBusy}
        failure={removing.failure}
        onConfirm={() => void removing.run(undefined)}
      >
        {webhook.secrets.length === 1 ? t('admin.webhooks.removeLast') : t('admin.webhooks.removeOld')}
      </AskFirst>
    </div>
  );
}
