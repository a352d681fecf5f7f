import { type MemberAtsUser, memberRowSchema } from '../../lib/contract/pairing.ts';
import { PATHS } from '../../lib/contract/paths.ts';
import { Combobox } from '../ui/combobox.tsx';
import type { ComboboxOption } from '../ui/filter-options.ts';
import { Notice } from '../ui/notice.tsx';
import { t } from '../ui/t.ts';
import { fillPath } from './admin-api.ts';
import { useAdmin } from './admin-context.ts';
import { atsUserWords } from './ats-user-words.ts';
import { LoadFailure } from './query-view.tsx';
import { useSave } from './use-save.ts';
import { type AtsUserList, useAtsUsers } from './use-settings.ts';

const BY_EMAIL = 'by-email';
const NOBODY = 'nobody';
/** Users have ids of their own ATS, which must not be taken for one of the two words above. */
const USER = 'user:';

/** Who a member is in one ATS: as the e-mail says, one of its users, or nobody. */
export function AtsUserField({ memberId, atsUser }: { memberId: string; atsUser: MemberAtsUser }) {
  const { api } = useAdmin();
  const { connectionId, connectionName, how, user } = atsUser;
  const query = useAtsUsers(connectionId);
  const path = fillPath(PATHS.memberAtsUser, { id: memberId, connectionId });
  const saving = useSave({
    save: (choice: string) =>
      choice === BY_EMAIL
        ? api.write('DELETE', path, undefined, memberRowSchema)
        : api.write('PUT', path, { userId: choice === NOBODY ? null : choice.slice(USER.length) }, memberRowSchema),
    said: t('admin.people.mappingSaved', connectionName),
  });
  const { data, error, isFetching, refetch } = query;
  if (data === undefined && error) return <LoadFailure error={error} isBusy={isFetching} onRetry={() => void refetch()} />;
  const chosen = how === 'by-hand' ? (user ? `${USER}${user.userId}` : NOBODY) : BY_EMAIL;
  return (
    <div className="grid grid-cols-1 gap-1">
      <Combobox
        label={t('admin.people.userIn', connectionName)}
        placeholder={t('admin.people.chooseUser')}
        emptyText={t('admin.people.noSuchUser')}
        options={toOptions(data?.users ?? [])}
        value={chosen}
        onChange={(choice) => void saving.run(choice)}
      />
      <p className="text-xs text-muted">{data === undefined ? t('admin.people.readingUsers') : atsUserWords(atsUser)}</p>
      {data?.trouble && <Notice tone="warn">{data.trouble}</Notice>}
      {saving.failure && (
        <Notice tone="bad" isUrgent>
          {saving.failure.message}
        </Notice>
      )}
    </div>
  );
}

function toOptions(users: AtsUserList['users']): ComboboxOption[] {
  return [
    { id: BY_EMAIL, label: t('admin.people.byEmail') },
    { id: NOBODY, label: t('admin.people.nobody') },
    ...users.map(({ userId, name, emails, roleName, active }) => ({
      id: `${USER}${userId}`,
      label: name ?? emails[0] ?? userId,
      detail: [emails[0], roleName].filter(Boolean).join(' · '),
      unusableBecause: active ? null : t('admin.people.userDeactivated'),
    })),
  ];
}
