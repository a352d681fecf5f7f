import type { InvitationView } from '../../lib/contract/panel.ts';
import { Notice } from '../ui/notice.tsx';
import { t } from '../ui/t.ts';

/** Why an invitation failed, or that nobody knows whether it went out, and what to do then. */
export function Trouble({ invitation: { state, trouble } }: { invitation: InvitationView }) {
  if (state === 'unconfirmed') return <Notice tone="warn">{trouble ?? t('panel.unconfirmed')}</Notice>;
  if (!trouble) return null;
  return <Notice tone={state === 'failed' ? 'bad' : 'warn'}>{trouble}</Notice>;
}
