import { PATHS } from '../../lib/contract/paths.ts';
import { RelativeTime } from '../ui/relative-time.tsx';
import { t } from '../ui/t.ts';
import { fillPath } from './admin-api.ts';
import { useAdmin } from './admin-context.ts';
import { AskFirst } from './ask-first.tsx';
import { useSave } from './use-save.ts';
import type { MemberRow } from './use-settings.ts';

/** One person: role, last seen, with which browser, and the way to show them out. */
export function MemberRowItem({ member }: { member: MemberRow }) {
  const { api } = useAdmin();
  const { id, name, role, device, lastSeenAt, revokedAt, isYou } = member;
  const revoking = useSave({
    save: () => api.remove(fillPath(PATHS.member, { id })),
    said: t('admin.people.revoked', name),
  });
  return (
    <li className="flex flex-wrap items-center gap-x-3 gap-y-2 py-3">
      <div className="grid min-w-48 flex-1 gap-0.5">
        <p className={revokedAt ? 'text-muted' : 'font-medium'}>
          <bdi>{name}</bdi>
          {isYou && <span className="ms-2 text-xs font-normal text-muted">{t('admin.people.you')}</span>}
        </p>
        <p className="text-xs text-muted">
          {t(`admin.role.${role}`)}
          {device && ` · ${device}`}
          {' · '}
          <Seen lastSeenAt={lastSeenAt} revokedAt={revokedAt} />
        </p>
      </div>
      {!revokedAt && !isYou && (
        <AskFirst
          label={t('admin.people.revoke')}
          accessibleName={t('admin.people.revokeNamed', name)}
          look="danger"
          confirm={t('admin.people.revokeNamed', name)}
          isBusy={revoking.isBusy}
          failure={revoking.failure}
          onConfirm={() => void revoking.run(undefined)}
        >
          {t('admin.people.revokeMeans', name)}
        </AskFirst>
      )}
    </li>
  );
}

function Seen({ lastSeenAt, revokedAt }: Pick<MemberRow, 'lastSeenAt' | 'revokedAt'>) {
  if (revokedAt) {
    return (
      <>
        {t('admin.people.endedAt')} <RelativeTime at={revokedAt} />
      </>
    );
  }
  if (!lastSeenAt) return t('admin.people.neverSeen');
  return (
    <>
      {t('admin.people.seenAt')} <RelativeTime at={lastSeenAt} />
    </>
  );
}
