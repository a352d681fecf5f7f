import type { InvitationView } from '../../lib/contract/panel.ts';
import { Button } from '../ui/button.tsx';
import { Notice } from '../ui/notice.tsx';
import { t } from '../ui/t.ts';
import { usePanel } from './panel-context.ts';

/** Something was done by itself on a result that has changed since: a person looks and says so; nothing is undone by itself. */
export function ReviewNotice({ invitation: { id, review, actions } }: { invitation: InvitationView }) {
  const { commands } = usePanel();
  const button = (
    <Button look="secondary" isBusy={commands.busy === `close-review:${id}`} onClick={() => commands.closeReview(id)}>
      {t('panel.review.done')}
    </Button>
  );
  return (
    <Notice tone="warn" actions={actions.includes('close-review') && button}>
      {review}
    </Notice>
  );
}
