import { type FormEvent, useState } from 'react';
import { codeSchema } from '../../lib/contract/pairing.ts';
import { PATHS } from '../../lib/contract/paths.ts';
import { MEMBER_ROLES, type MemberRole } from '../../lib/domain/member.ts';
import { Button } from '../ui/button.tsx';
import { Disclosure } from '../ui/disclosure.tsx';
import { Notice } from '../ui/notice.tsx';
import { RelativeTime } from '../ui/relative-time.tsx';
import { t, tCount } from '../ui/t.ts';
import { fillPath } from './admin-api.ts';
import { useAdmin } from './admin-context.ts';
import { AskFirst } from './ask-first.tsx';
import { Card } from './card.tsx';
import { CopyField } from './copy-field.tsx';
import { SelectField } from './select-field.tsx';
import { TextField } from './text-field.tsx';
import { useSave } from './use-save.ts';
import type { Code } from './use-settings.ts';

/** Codes for others: make one, copy it, see what became of the earlier ones. */
export function CodesCard({ codes }: { codes: readonly Code[] }) {
  const [isOpen, setIsOpen] = useState(false);
  const waiting = codes.filter(({ state }) => state === 'waiting');
  const over = codes.filter(({ state }) => state !== 'waiting');
  return (
    <Card title={t('admin.codes.title')} text={t('admin.codes.text')}>
      <NewCode />
      {waiting.length > 0 && (
        <ul className="grid grid-cols-1 divide-y divide-line border-t border-line">
          {waiting.map((code) => (
            <WaitingCode key={code.id} code={code} />
          ))}
        </ul>
      )}
      {over.length > 0 && (
        <Disclosure label={tCount('admin.codes.over', over.length)} isOpen={isOpen} onToggle={setIsOpen}>
          <ul className="grid gap-1 text-xs text-muted">
            {over.map((code) => (
              <li key={code.id}>
                {t(`admin.role.${code.role}`)}
                {code.note && (
                  <>
                    {' · '}
                    <bdi>{code.note}</bdi>
                  </>
                )}
                {' · '}
                {code.usedBy ? t('admin.codes.usedBy', code.usedBy) : t(`admin.codes.state.${code.state}`)}
                {' · '}
                <RelativeTime at={code.createdAt} />
              </li>
            ))}
          </ul>
        </Disclosure>
      )}
    </Card>
  );
}

function NewCode() {
  const { api } = useAdmin();
  const [role, setRole] = useState<MemberRole>('recruiter');
  const [note, setNote] = useState('');
  const [email, setEmail] = useState('');
  const making = useSave({
    save: () => api.write('POST', PATHS.codes, { role, note, ...(email.trim() ? { email: email.trim() } : {}) }, codeSchema),
    said: ({ code }) => t('admin.codes.made', code ?? ''),
  });
  const make = async (event: FormEvent) => {
    event.preventDefault();
    if (!(await making.run(undefined))) return;
    setNote('');
    setEmail('');
  };
  const made = making.answer;
  return (
    <>
      <form onSubmit={(event) => void make(event)} className="grid items-start gap-3 sm:grid-cols-[10rem_1fr_1fr_auto]">
        <SelectField
          label={t('admin.codes.role')}
          hint={t(`admin.role.${role}Hint`)}
          value={role}
          options={MEMBER_ROLES.map((value) => ({ value, label: t(`admin.role.${value}`) }))}
          onChange={(value) => setRole(MEMBER_ROLES.find((it) => it === value) ?? role)}
        />
        <TextField
          label={t('admin.codes.note')}
          hint={t('admin.codes.noteHint')}
          maxLength={120}
          value={note}
          onChange={setNote}
        />
        <TextField
          label={t('admin.people.email')}
          hint={t('admin.codes.emailHint')}
          type="email"
          dir="ltr"
          maxLength={254}
          value={email}
          onChange={setEmail}
        />
        <Button type="submit" look="primary" className="justify-self-start sm:mt-5" isBusy={making.isBusy}>
          {t('admin.codes.make')}
        </Button>
      </form>
      {making.failure && (
        <Notice tone="bad" isUrgent>
          {making.failure.message}
        </Notice>
      )}
      {made?.code && (
        <div className="grid max-w-xl grid-cols-1 gap-2 rounded-md border border-accent p-3">
          <p>{t('admin.codes.once', t(`admin.role.${made.role}`))}</p>
          <CopyField label={t('admin.codes.code')} text={made.code} />
        </div>
      )}
    </>
  );
}

function WaitingCode({ code: { id, role, note, expiresAt } }: { code: Code }) {
  const { api } = useAdmin();
  const ending = useSave({ save: () => api.remove(fillPath(PATHS.code, { id })), said: t('admin.codes.ended') });
  const name = note || t(`admin.role.${role}`);
  return (
    <li className="flex flex-wrap items-center gap-x-3 gap-y-2 py-2">
      <p className="min-w-48 flex-1">
        <bdi>{name}</bdi>
        <span className="ms-2 text-xs text-muted">
          {note && `${t(`admin.role.${role}`)} · `}
          {t('admin.codes.expires')} <RelativeTime at={expiresAt} />
        </span>
      </p>
      <AskFirst
        label={t('admin.codes.end')}
        accessibleName={t('admin.codes.endNamed', name)}
        look="quiet"
        confirm={t('admin.codes.end')}
        isBusy={ending.isBusy}
        failure={ending.failure}
        onConfirm={() => void ending.run(undefined)}
      >
        {t('admin.codes.endMeans')}
      </AskFirst>
    </li>
  );
}
