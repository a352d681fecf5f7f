import { KeyRound } from 'lucide-react';
import { useState } from 'react';
import type { ConnectionView, WebhookView } from '../../lib/contract/settings.ts';
import { Button } from '../ui/button.tsx';
import { Notice } from '../ui/notice.tsx';
import { RelativeTime } from '../ui/relative-time.tsx';
import { t } from '../ui/t.ts';
import { useAdmin } from './admin-context.ts';
import { AskFirst } from './ask-first.tsx';
import { KIND_NAMES } from './connection-fields.ts';
import { CopyField } from './copy-field.tsx';
import { useSave } from './use-save.ts';
import { addSecret, removeSecret, type SharedSecret, sharedSecrets } from './webhook-secrets.ts';

/**
 * The secret that we make and the admin pastes into every webhook on the other side. A new one is accepted beside the old ones
 * until those are removed, so that nothing is lost while it is pasted everywhere.
 */
export function OwnSecrets({ connection: { kind, webhooks } }: { connection: ConnectionView }) {
  const { api } = useAdmin();
  const [shown, setShown] = useState<string | null>(null);
  const secrets = sharedSecrets(webhooks);
  const name = KIND_NAMES[kind];
  const making = useSave({
    save: async () => {
      const [first, ...rest] = webhooks;
      const secret = first ? await addSecret(api, first.id) : null;
      if (secret === null) return;
      setShown(secret);
      for (const webhook of rest) await addSecret(api, webhook.id, secret);
    },
    said: t('admin.webhooks.secretMade'),
  });
  const without = webhooks.filter((webhook) => webhook.secrets.length === 0);
  return (
    <div className="grid grid-cols-1 gap-3">
      {secrets.map((secret) => (
        <AcceptedSecret key={secret.lastFour} secret={secret} webhooks={webhooks} isLast={secrets.length === 1} />
      ))}
      {shown && (
        <div className="grid grid-cols-1 gap-2 rounded-md border border-accent p-3">
          <p>{t('admin.webhooks.secretOnce', name)}</p>
          <CopyField label={t('admin.webhooks.secret')} text={shown} />
          <Button look="quiet" className="justify-self-start" onClick={() => setShown(null)}>
            {t('admin.webhooks.secretPasted')}
          </Button>
        </div>
      )}
      {making.failure && (
        <Notice tone="bad" isUrgent>
          {making.failure.message}
          {shown !== null && without.length > 0 && ` ${t('admin.webhooks.secretPartly')}`}
        </Notice>
      )}
      {!shown && (
        <Button
          icon={KeyRound}
          className="justify-self-start"
          look={secrets.length === 0 ? 'primary' : 'secondary'}
          isBusy={making.isBusy}
          onClick={() => void making.run(undefined)}
        >
          {secrets.length === 0 ? t('admin.webhooks.makeSecret') : t('admin.webhooks.makeAnother')}
        </Button>
      )}
    </div>
  );
}

interface AcceptedSecretProps {
  secret: SharedSecret;
  webhooks: readonly WebhookView[];
  isLast: boolean;
}

function AcceptedSecret({ secret, webhooks, isLast }: AcceptedSecretProps) {
  const { api } = useAdmin();
  const removing = useSave({
    save: async () => {
      for (const { webhookId, secretId } of secret.at) await removeSecret(api, webhookId, secretId);
    },
    said: t('admin.webhooks.secretRemoved', secret.lastFour),
  });
  return (
    <div className="flex flex-wrap items-center gap-x-3 gap-y-1">
      <span className="inline-flex items-center gap-1.5">
        <KeyRound aria-hidden size={14} className="text-muted" />
        {t('admin.webhooks.secretAccepted', secret.lastFour)}
      </span>
      <span className="text-xs text-muted">
        {secret.at.length < webhooks.length && `${t('admin.webhooks.secretAt', secret.at.length, webhooks.length)} · `}
        {t('admin.webhooks.since')} <RelativeTime at={secret.addedAt} />
      </span>
      <AskFirst
        label={t('admin.webhooks.removeSecret')}
        accessibleName={t('admin.webhooks.removeSecretNamed', secret.lastFour)}
        look="quiet"
        confirm={t('admin.webhooks.removeSecretNamed', secret.lastFour)}
        isBusy={removing.isBusy}
        failure={removing.failure}
        onConfirm={() => void removing.run(undefined)}
      >
        {isLast ? t('admin.webhooks.removeLast') : t('admin.webhooks.removeOld')}
      </AskFirst>
    </div>
  );
}
