import { useState } from 'react';
import { PATHS } from '../../lib/contract/paths.ts';
import { Disclosure } from '../ui/disclosure.tsx';
import { RelativeTime } from '../ui/relative-time.tsx';
import { t } from '../ui/t.ts';
import { fillPath } from './admin-api.ts';
import { useAdmin } from './admin-context.ts';
import { AskFirst } from './ask-first.tsx';
import { atsUserWords } from './ats-user-words.ts';
import { MemberDetails } from './member-details.tsx';
import { StateBadge } from './state-badge.tsx';
import { useSave } from './use-save.ts';
import type { MemberRow } from './use-settings.ts';

/** One person: role, last seen, with which browser, who they are in the ATSs, and the way to show them out. */
export function MemberRowItem({ member }: { member: MemberRow }) {
  const { api } = useAdmin();
  const [isOpen, setIsOpen] = useState(false);
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
        <WhoTheyAre member={member} />
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
      {!revokedAt && (
        <div className="w-full">
          <Disclosure label={t('admin.people.details')} isOpen={isOpen} onToggle={setIsOpen}>
            <MemberDetails member={member} />
          </Disclosure>
        </div>
      )}
    </li>
  );
}

/** In one line each: the address, and the users in the ATSs, with what an admin has to mend. */
function WhoTheyAre({ member: { email, atsUsers } }: { member: MemberRow }) {
  return (
    <>
      {email && (
        <p className="truncate text-xs text-muted">
          <bdi>{email}</bdi>
        </p>
      )}
      {atsUsers.map((atsUser) => (
        <p key={atsUser.connectionId} className="flex flex-wrap items-center gap-x-2 text-xs text-muted">
          <span>
            <bdi>{atsUser.connectionName}</bdi>
            {': '}
            {atsUserWords(atsUser)}
          </span>
          {atsUser.isMissing && <StateBadge state="needs-you" />}
        </p>
      ))}
    </>
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
