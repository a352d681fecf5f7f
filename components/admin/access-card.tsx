import { ShieldCheck } from 'lucide-react';
import type { ConnectionView } from '../../lib/contract/settings.ts';
import { Button } from '../ui/button.tsx';
import { Notice } from '../ui/notice.tsx';
import { RelativeTime } from '../ui/relative-time.tsx';
import { t } from '../ui/t.ts';
import { AccessFindings } from './access-findings.tsx';
import type { AccessTrialKind } from './access-trial.tsx';
import { Card } from './card.tsx';
import { KIND_NAMES } from './connection-fields.ts';
import { QueryView } from './query-view.tsx';
import { useAccessCheck, useLastAccess } from './use-access.ts';

/** What the credential of one ATS connection may do, right by right, and a look at it on request. */
export function AccessCard({ connection: { id, kind, settings } }: { connection: ConnectionView }) {
  const last = useLastAccess(id);
  const check = useAccessCheck(id);
  const name = KIND_NAMES[kind];
  return (
    <Card title={t('admin.access.title')} text={t('admin.access.text', name)}>
      <QueryView query={last}>
        {({ report }) => (
          <>
            <div className="flex flex-wrap items-center gap-x-3 gap-y-2">
              <Button icon={ShieldCheck} isBusy={check.isBusy} onClick={() => void check.run({})}>
                {check.isBusy ? t('admin.access.busy') : t('admin.access.button')}
              </Button>
              <p className="text-muted">
                {report ? (
                  <>
                    {t('admin.access.at')} <RelativeTime at={report.examinedAt} />
                  </>
                ) : (
                  t('admin.access.never')
                )}
              </p>
            </div>
            {check.failure && (
              <Notice tone="bad" isUrgent>
                {check.failure.message}
              </Notice>
            )}
            {report && <AccessFindings report={report} name={name} trial={trialOf(settings)} check={check} />}
          </>
        )}
      </QueryView>
    </Card>
  );
}

/** With a key alone rights show by trying; what the v1 of Greenhouse writes could not be taken back. */
function trialOf(settings: ConnectionView['settings']): AccessTrialKind {
  if (settings.kind === 'lever') return settings.auth === 'key' ? 'made' : 'none';
  return settings.kind === 'greenhouse' && settings.api === 'v1' ? 'incomplete' : 'none';
}
