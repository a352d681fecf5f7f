import type { AssessmentChoice } from '../../lib/contract/panel.ts';
import { formatDay, formatExact } from '../ui/format-time.ts';
import { t } from '../ui/t.ts';
import { useNow } from '../ui/use-now.ts';
import type { ApplicationView } from './panel-commands.ts';
import { usePanel } from './panel-context.ts';
import { addressOf, type SendDraft, toDays } from './send-draft.ts';

const DAY_MS = 86_400_000;
const REFRESH_MS = 60_000;

export interface SendSummaryProps {
  view: ApplicationView;
  draft: SendDraft;
  choice: AssessmentChoice | null;
}

/** To whom, until when, and what is unusual about it, before the click. */
export function SendSummary({ view, draft, choice }: SendSummaryProps) {
  const { serverLeadMs } = usePanel();
  const now = useNow(REFRESH_MS) + serverLeadMs;
  const address = addressOf(draft, view);
  const days = toDays(draft.deadlineDays) ?? choice?.deadlineDays;
  const dueMs = days === undefined ? null : now + days * DAY_MS;
  return (
    <div className="text-muted">
      <p className="break-words">
        {address && (
          <>
            {t('panel.send.to')} <bdi className="text-ink">{address}</bdi>
          </>
        )}
        {address && dueMs !== null && ' · '}
        {dueMs !== null && (
          <span className="whitespace-nowrap" title={formatExact(dueMs)}>
            {t(address ? 'panel.send.due' : 'panel.send.dueAlone', formatDay(dueMs, now))}
          </span>
        )}
      </p>
      {choice?.handover === 'copy link' && <p>{t('panel.send.youCopy')}</p>}
      {choice?.isRetake && <p>{t('panel.send.isRetake')}</p>}
    </div>
  );
}
