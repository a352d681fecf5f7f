import { type FormEvent, useState } from 'react';
import { memberRowSchema } from '../../lib/contract/pairing.ts';
import { PATHS } from '../../lib/contract/paths.ts';
import { MEMBER_ROLES } from '../../lib/domain/member.ts';
import { Button } from '../ui/button.tsx';
import { Notice } from '../ui/notice.tsx';
import { t } from '../ui/t.ts';
import { fillPath } from './admin-api.ts';
import { useAdmin } from './admin-context.ts';
import { AtsUserField } from './ats-user-field.tsx';
import { SelectField } from './select-field.tsx';
import { TextField } from './text-field.tsx';
import { useSave } from './use-save.ts';
import type { MemberRow } from './use-settings.ts';
import { useUnsaved } from './use-unsaved.ts';

/** A person's address and role, saved together, and who they are in each ATS, saved as it is chosen. */
export function MemberDetails({ member }: { member: MemberRow }) {
  return (
    <div className="grid max-w-xl grid-cols-1 gap-4 pt-1">
      <AddressAndRole member={member} />
      {member.atsUsers.map((atsUser) => (
        <AtsUserField key={atsUser.connectionId} memberId={member.id} atsUser={atsUser} />
      ))}
    </div>
  );
}

const ADDRESS = /^[^\s@]+@[^\s@]+\.[^\s@]+$/;

function AddressAndRole({ member: { id, name, email: savedEmail, role: savedRole } }: { member: MemberRow }) {
  const { api } = useAdmin();
  const [draft, setDraft] = useState<{ email?: string; role?: string }>({});
  const [isChecked, setIsChecked] = useState(false);
  const email = draft.email ?? savedEmail ?? '';
  const role = MEMBER_ROLES.find((known) => known === draft.role) ?? savedRole;
  const isChanged = email.trim().toLowerCase() !== (savedEmail ?? '') || role !== savedRole;
  useUnsaved(isChanged);
  const isAddress = email.trim() === '' || ADDRESS.test(email.trim());
  const problem = isChecked && !isAddress ? t('admin.problem.email') : null;
  const saving = useSave({
    save: () => api.write('PATCH', fillPath(PATHS.member, { id }), { email: email.trim() || null, role }, memberRowSchema),
    said: t('admin.people.saved', name),
  });
  const discard = () => {
    setDraft({});
    setIsChecked(false);
    saving.forget();
  };
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    setIsChecked(true);
    if (isAddress && (await saving.run(undefined))) setDraft({});
  };
  return (
    <form onSubmit={(event) => void submit(event)} className="grid grid-cols-1 gap-3">
      <div className="grid items-start gap-3 sm:grid-cols-[1fr_12rem]">
        <TextField
          label={t('admin.people.email')}
          hint={t('admin.people.emailHint')}
          problem={problem}
          inputMode="email"
          dir="ltr"
          maxLength={254}
          value={email}
          onChange={(value) => setDraft((before) => ({ ...before, email: value }))}
        />
        <SelectField
          label={t('admin.codes.role')}
          hint={t(`admin.role.${role}Hint`)}
          value={role}
          options={MEMBER_ROLES.map((value) => ({ value, label: t(`admin.role.${value}`) }))}
          onChange={(value) => setDraft((before) => ({ ...before, role: value }))}
        />
      </div>
      {saving.failure && (
        <Notice tone="bad" isUrgent>
          {saving.failure.message}
        </Notice>
      )}
      {isChanged && (
        <div className="flex flex-wrap gap-2">
          <Button look="primary" type="submit" isBusy={saving.isBusy}>
            {saving.isBusy ? t('admin.save.saving') : t('admin.save.save')}
          </Button>
          <Button onClick={discard} aria-disabled={saving.isBusy || undefined}>
            {t('admin.save.discard')}
          </Button>
        </div>
      )}
      {!isChanged && saving.isDone && <p className="text-xs text-good">{t('admin.save.saved')}</p>}
    </form>
  );
}
