import { type FormEvent, useState } from 'react';
import { PATHS } from '../../lib/contract/paths.ts';
import { mailViewSchema } from '../../lib/contract/settings.ts';
import { Button } from '../ui/button.tsx';
import { t } from '../ui/t.ts';
import { useAdmin } from './admin-context.ts';
import { problemsByPath } from './api-failure.ts';
import { AskFirst } from './ask-first.tsx';
import { Card } from './card.tsx';
import { focusFirstProblem } from './focus-first-problem.ts';
import { checkMail, EMPTY_MAIL_SERVER, type MailValues, toSmtpUrl } from './mail-values.ts';
import { MailWordsCard } from './mail-words-card.tsx';
import { Pane } from './pane.tsx';
import { QueryView } from './query-view.tsx';
import { SaveBar } from './save-bar.tsx';
import { SelectField } from './select-field.tsx';
import { StateBadge } from './state-badge.tsx';
import { TextField } from './text-field.tsx';
import { useDraft } from './use-draft.ts';
import { useSave } from './use-save.ts';
import { type MailView, useMail } from './use-settings.ts';

/** The company's mail server, for assessments whose invitations go out by our e-mail. */
export function MailPane() {
  const mail = useMail();
  return (
    <Pane title={t('admin.section.mail')} intro={t('admin.mail.intro')}>
      <QueryView query={mail}>
        {(saved) => (
          <>
            <MailForm saved={saved} />
            <MailWordsCard saved={saved} />
          </>
        )}
      </QueryView>
    </Pane>
  );
}

function MailForm({ saved }: { saved: MailView }) {
  const { api } = useAdmin();
  const [isReplacing, setIsReplacing] = useState(false);
  const [wasTried, setWasTried] = useState(false);
  const draft = useDraft<MailValues>({ from: saved.from, bounce: saved.bounce, ...EMPTY_MAIL_SERVER });
  const { values, set, changed } = draft;
  const hasServerForm = saved.host === null || isReplacing;
  const put = (body: { from: string; smtpUrl?: string; bounce?: string }) => api.write('PUT', PATHS.mail, body, mailViewSchema);
  const saving = useSave({ save: put, said: t('admin.save.saved') });
  const forgetting = useSave({ save: () => put({ from: saved.from, smtpUrl: '' }), said: t('admin.mail.forgotten') });
  const all = checkMail(values, hasServerForm);
  const refused = problemsByPath(saving.failure);
  const problem = (name: keyof MailValues) => (wasTried || changed.includes(name) ? all[name] : undefined);

  const close = () => {
    saving.forget();
    setIsReplacing(false);
    setWasTried(false);
    draft.reset();
  };
  const save = async (event: FormEvent<HTMLElement>) => {
    event.preventDefault();
    setWasTried(true);
    if (Object.keys(all).length > 0) return focusFirstProblem(event.currentTarget);
    const from = values.from.trim();
    const bounce = values.bounce.trim();
    const sender = bounce === saved.bounce ? { from } : { from, bounce };
    if (await saving.run(hasServerForm ? { ...sender, smtpUrl: toSmtpUrl(values) } : sender)) close();
  };
  return (
    <Card title={t('admin.mail.title')} aside={<StateBadge state={saved.configured ? 'ready' : 'off'} />}>
      <form noValidate onSubmit={(event) => void save(event)} className="grid grid-cols-1 gap-4">
        <div className="grid max-w-xl grid-cols-1 gap-4">
          <TextField
            label={t('admin.mail.from')}
            hint={t('admin.mail.fromHint')}
            problem={problem('from') ?? refused.from}
            value={values.from}
            onChange={(from) => set({ from })}
          />
          <TextField
            label={t('admin.mail.bounce')}
            hint={t('admin.mail.bounceHint')}
            dir="ltr"
            problem={problem('bounce') ?? refused.bounce}
            value={values.bounce}
            onChange={(bounce) => set({ bounce })}
          />
          {hasServerForm ? (
            <MailServerFields
              values={values}
              set={set}
              problem={(name) => problem(name) ?? (name === 'host' ? refused.smtpUrl : undefined)}
            />
          ) : (
            <div className="flex flex-wrap items-center gap-3">
              <span>{t('admin.mail.server', saved.host ?? '')}</span>
              <Button look="quiet" onClick={() => setIsReplacing(true)}>
                {t('admin.mail.replace')}
              </Button>
            </div>
          )}
          {isReplacing && (
            <Button look="quiet" className="justify-self-start" onClick={close}>
              {t('admin.mail.keep')}
            </Button>
          )}
        </div>
        <SaveBar
          changed={changed.map((name) => t(`admin.mail.${name}`))}
          isBusy={saving.isBusy}
          failure={saving.failure}
          isDone={saving.isDone}
          onDiscard={close}
        />
      </form>
      {saved.host !== null && (
        <div className="flex border-t border-line pt-4">
          <AskFirst
            label={t('admin.mail.forget')}
            look="danger"
            confirm={t('admin.mail.forget')}
            isBusy={forgetting.isBusy}
            failure={forgetting.failure}
            onConfirm={() => void forgetting.run(undefined)}
          >
            {t('admin.mail.forgetMeans')}
          </AskFirst>
        </div>
      )}
    </Card>
  );
}

interface MailServerFieldsProps {
  values: MailValues;
  set(part: Partial<MailValues>): void;
  problem(name: keyof MailValues): string | undefined;
}

function MailServerFields({ values, set, problem }: MailServerFieldsProps) {
  const encryptions = [
    { value: 'starttls', label: t('admin.mail.starttls') },
    { value: 'tls', label: t('admin.mail.tls') },
  ];
  return (
    <>
      <div className="grid gap-4 sm:grid-cols-[1fr_6rem]">
        <TextField
          label={t('admin.mail.host')}
          dir="ltr"
          placeholder="smtp.example.com"
          problem={problem('host')}
          value={values.host}
          onChange={(host) => set({ host })}
        />
        <TextField
          label={t('admin.mail.port')}
          inputMode="numeric"
          placeholder={values.encryption === 'tls' ? '465' : '587'}
          problem={problem('port')}
          value={values.port}
          onChange={(port) => set({ port })}
        />
      </div>
      <SelectField
        label={t('admin.mail.encryption')}
        value={values.encryption}
        options={encryptions}
        onChange={(encryption) => set({ encryption })}
      />
      <div className="grid gap-4 sm:grid-cols-2">
        <TextField label={t('admin.mail.user')} dir="ltr" value={values.user} onChange={(user) => set({ user })} />
        <TextField
          label={t('admin.mail.password')}
          type="password"
          autoComplete="new-password"
          dir="ltr"
          problem={problem('password')}
          value={values.password}
          onChange={(password) => set({ password })}
        />
      </div>
    </>
  );
}
