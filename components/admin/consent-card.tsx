import { ExternalLink, Unplug } from 'lucide-react';
import { PATHS } from '../../lib/contract/paths.ts';
import { type ConnectionView, consentAddressSchema } from '../../lib/contract/settings.ts';
import { Button } from '../ui/button.tsx';
import { Notice } from '../ui/notice.tsx';
import { t } from '../ui/t.ts';
import { fillPath } from './admin-api.ts';
import { useAdmin } from './admin-context.ts';
import { AskFirst } from './ask-first.tsx';
import { Card } from './card.tsx';
import { KIND_NAMES } from './connection-fields.ts';
import { CopyField } from './copy-field.tsx';
import { useSave } from './use-save.ts';

export interface ConsentCardProps {
  connection: ConnectionView;
  publicUrl: string | null;
}

/** Consent of a Super Admin at the ATS, for connections by OAuth. The address is shown too: that person may sit elsewhere. */
export function ConsentCard({ connection: { id, kind, consent }, publicUrl }: ConsentCardProps) {
  const { api } = useAdmin();
  const path = fillPath(PATHS.connectionConsent, { id });
  const name = KIND_NAMES[kind];
  const asking = useSave({
    save: () => api.write('POST', path, undefined, consentAddressSchema),
    said: t('admin.consent.ready'),
  });
  const forgetting = useSave({ save: () => api.remove(path), said: t('admin.consent.forgotten') });
  return (
    <Card title={t('admin.consent.title', name)} text={t('admin.consent.text', name)}>
      {publicUrl === null ? (
        <Notice>{t('admin.consent.unreachable')}</Notice>
      ) : (
        <CopyField label={t('admin.consent.callback')} text={`${publicUrl}${PATHS.leverCallback}`} />
      )}
      {asking.answer && (
        <>
          <CopyField label={t('admin.consent.address', name)} text={asking.answer.url} />
          <a
            className="inline-flex items-center gap-1.5 justify-self-start rounded-sm font-medium text-accent hover:underline"
            href={asking.answer.url}
            target="_blank"
            rel="noreferrer"
          >
            <ExternalLink aria-hidden size={14} />
            {t('admin.consent.open', name)}
          </a>
        </>
      )}
      {asking.failure && (
        <Notice tone="bad" isUrgent>
          {asking.failure.message}
        </Notice>
      )}
      <div className="flex flex-wrap items-start gap-2">
        <Button
          look={consent === 'given' ? 'secondary' : 'primary'}
          isBusy={asking.isBusy}
          disabled={publicUrl === null}
          onClick={() => void asking.run(undefined)}
        >
          {consent === 'given' ? t('admin.consent.again', name) : t('admin.consent.give', name)}
        </Button>
        {consent === 'given' && (
          <AskFirst
            label={t('admin.consent.forget')}
            icon={Unplug}
            look="danger"
            confirm={t('admin.consent.forget')}
            isBusy={forgetting.isBusy}
            failure={forgetting.failure}
            onConfirm={() => void forgetting.run(undefined)}
          >
            {t('admin.consent.forgetMeans', name)}
          </AskFirst>
        )}
      </div>
    </Card>
  );
}
