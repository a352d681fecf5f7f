import type { ReactNode } from 'react';
import type { ConnectionKind, WebhookView } from '../../lib/contract/settings.ts';
import { RelativeTime } from '../ui/relative-time.tsx';
import { StatusDot, type Tone } from '../ui/status-dot.tsx';
import { t } from '../ui/t.ts';
import { CopyField } from './copy-field.tsx';
import { SigningToken } from './signing-token.tsx';

export interface WebhookRowProps {
  webhook: WebhookView;
  kind: ConnectionKind;
}

/** One event: its address to copy, its signing token where the other side makes it, and what arrived. */
export function WebhookRow({ webhook, kind }: WebhookRowProps) {
  const { event, purpose, required, url, secretFrom } = webhook;
  return (
    <li className="grid grid-cols-1 gap-2 py-3">
      <div className="flex flex-wrap items-baseline gap-x-3 gap-y-0.5">
        <h3 className="font-mono text-xs font-medium">{event}</h3>
        <span className="text-xs text-muted">{required ? t('admin.webhooks.needed') : t('admin.webhooks.useful')}</span>
      </div>
      <p className="max-w-[68ch] text-xs text-muted">{purpose}</p>
      {url && secretFrom !== 'sent' && <CopyField label={t('admin.webhooks.address', event)} text={url} />}
      {secretFrom === 'theirs' && <SigningToken webhook={webhook} kind={kind} />}
      <Arrivals webhook={webhook} />
    </li>
  );
}

function Arrivals({ webhook: { lastSeenAt, lastTestAt, lastRefusedAt, lastRefusedBecause } }: { webhook: WebhookView }) {
  const isRefusedLast = lastRefusedAt !== null && lastRefusedAt > (lastSeenAt ?? '') && lastRefusedAt > (lastTestAt ?? '');
  if (!lastSeenAt && !lastTestAt && !lastRefusedAt) return <Line tone="neutral">{t('admin.webhooks.nothing')}</Line>;
  return (
    <div className="grid gap-0.5">
      {lastSeenAt && (
        <Line tone="good">
          {t('admin.webhooks.seen')} <RelativeTime at={lastSeenAt} />
        </Line>
      )}
      {lastTestAt && (
        <Line tone="good">
          {t('admin.webhooks.test')} <RelativeTime at={lastTestAt} />
        </Line>
      )}
      {lastRefusedAt && (
        <Line tone={isRefusedLast ? 'bad' : 'neutral'}>
          {t('admin.webhooks.refused')} <RelativeTime at={lastRefusedAt} />
          {lastRefusedBecause && `: ${lastRefusedBecause}`}
        </Line>
      )}
    </div>
  );
}

function Line({ tone, children }: { tone: Tone; children: ReactNode }) {
  return (
    <p className="flex items-baseline gap-1.5 text-xs text-muted">
      <StatusDot tone={tone} />
      <span>{children}</span>
    </p>
  );
}
