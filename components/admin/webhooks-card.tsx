import { useState } from 'react';
import type { ConnectionView } from '../../lib/contract/settings.ts';
import { Disclosure } from '../ui/disclosure.tsx';
import { Notice } from '../ui/notice.tsx';
import { type TextKey, t, tCount } from '../ui/t.ts';
import { Card } from './card.tsx';
import { brandNameOf } from './connection-fields.ts';
import { ManagedWebhooks } from './managed-webhooks.tsx';
import { OwnSecrets } from './own-secrets.tsx';
import { PreviousKeys } from './previous-keys.tsx';
import { WebhookRow } from './webhook-row.tsx';

export interface WebhooksCardProps {
  connection: ConnectionView;
  publicUrl: string | null;
}

const HOW: Partial<Record<ConnectionView['kind'], TextKey>> = {
  greenhouse: 'admin.webhooks.greenhouse',
  lever: 'admin.webhooks.lever',
  coderbyte: 'admin.webhooks.coderbyte',
  byteboard: 'admin.webhooks.byteboard',
  hackerrank: 'admin.webhooks.hackerrank',
  codesignal: 'admin.webhooks.codesignal',
};

/** The addresses at which the other side tells us what happened, one for each event, and what arrived there. */
export function WebhooksCard({ connection, publicUrl }: WebhooksCardProps) {
  const [isOpen, setIsOpen] = useState(false);
  const { kind, webhooks } = connection;
  const how = HOW[kind];
  const needed = webhooks.filter(({ required }) => required);
  const shown = needed.length > 0 ? needed : webhooks;
  const others = webhooks.filter((webhook) => !shown.includes(webhook));
  const title = t('admin.webhooks.title', brandNameOf(connection.settings));
  if (publicUrl === null) {
    return (
      <Card title={title}>
        <Notice>{t('admin.webhooks.unreachable')}</Notice>
      </Card>
    );
  }
  return (
    <Card title={title} text={how ? t(how) : ''}>
      {webhooks[0]?.secretFrom === 'ours' && <OwnSecrets connection={connection} />}
      {kind === 'lever' && <ManagedWebhooks connection={connection} />}
      <PreviousKeys webhooks={webhooks} />
      <ul className="grid grid-cols-1 divide-y divide-line border-y border-line">
        {shown.map((webhook) => (
          <WebhookRow key={webhook.id} webhook={webhook} kind={kind} />
        ))}
      </ul>
      {others.length > 0 && (
        <Disclosure label={tCount('admin.webhooks.more', others.length)} isOpen={isOpen} onToggle={setIsOpen}>
          <ul className="grid grid-cols-1 divide-y divide-line border-y border-line">
            {others.map((webhook) => (
              <WebhookRow key={webhook.id} webhook={webhook} kind={kind} />
            ))}
          </ul>
        </Disclosure>
      )}
    </Card>
  );
}
