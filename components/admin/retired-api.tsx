import type { ConnectionSettings } from '../../lib/contract/settings.ts';
import { Button } from '../ui/button.tsx';
import { Notice } from '../ui/notice.tsx';
import { t } from '../ui/t.ts';
import { type ConnectionValues, newValues } from './connection-fields.ts';
import { HowToConnect } from './how-to-connect.tsx';

export interface RetiredApiProps {
  /** As they are saved. */
  settings: ConnectionSettings;
  /** As they are typed. */
  values: ConnectionValues;
  onChange(part: ConnectionValues): void;
}

/**
 * Says that a connection still uses Harvest v1 and leads to v3: the same connection gets another credential, so that roles, meanings,
 * webhooks and everything recorded stay as they are.
 */
export function RetiredApi({ settings, values, onChange }: RetiredApiProps) {
  if (settings.kind !== 'greenhouse' || settings.api !== 'v1') return null;
  if (values.api === 'v1') {
    const { apiUrl, authUrl } = newValues('greenhouse');
    const move = <Button onClick={() => onChange({ api: 'v3', apiUrl, authUrl })}>{t('admin.retired.move')}</Button>;
    return (
      <Notice tone="warn" actions={move}>
        {t('admin.retired.text')}
      </Notice>
    );
  }
  return (
    <>
      <Notice>{t('admin.retired.keeps')}</Notice>
      <HowToConnect kind="greenhouse" />
    </>
  );
}
