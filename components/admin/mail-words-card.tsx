import { type FormEvent, useState } from 'react';
import { PATHS } from '../../lib/contract/paths.ts';
import { mailViewSchema, testMailAnswerSchema } from '../../lib/contract/settings.ts';
import {
  checkMailTemplate,
  fillMailTemplate,
  MAIL_GAPS,
  type MailTemplate,
  SUBJECT_GAPS,
  wordsOf,
} from '../../lib/domain/mail-template.ts';
import { Button } from '../ui/button.tsx';
import { Field, INPUT_LOOK } from '../ui/field.tsx';
import { Notice } from '../ui/notice.tsx';
import { t } from '../ui/t.ts';
import { useAdmin } from './admin-context.ts';
import { problemsByPath } from './api-failure.ts';
import { Card } from './card.tsx';
import { focusFirstProblem } from './focus-first-problem.ts';
import { SaveBar } from './save-bar.tsx';
import { SwitchRow } from './switch-row.tsx';
import { TextField } from './text-field.tsx';
import { useDraft } from './use-draft.ts';
import { useSave } from './use-save.ts';
import type { MailView } from './use-settings.ts';

type Words = MailTemplate & { isOwn: boolean };

/** The company's own words for invitations by e-mail, with what a candidate would read, and a test by e-mail. */
export function MailWordsCard({ saved }: { saved: MailView }) {
  const { api } = useAdmin();
  const sample = { subject: t('admin.mail.sampleSubject'), text: t('admin.mail.sampleText') };
  const draft = useDraft<Words>({ isOwn: saved.template !== null, ...(saved.template ?? sample) });
  const { values, set, changed } = draft;
  const put = (template: MailTemplate | null) => api.write('PUT', PATHS.mail, { from: saved.from, template }, mailViewSchema);
  const saving = useSave({ save: put, said: t('admin.save.saved') });
  const problem = values.isOwn ? problemOf(values) : {};
  const refused = problemsByPath(saving.failure);
  const save = async (event: FormEvent<HTMLElement>) => {
    event.preventDefault();
    if (Object.keys(problem).length > 0) return focusFirstProblem(event.currentTarget);
    const { subject, text, isOwn } = values;
    if (await saving.run(isOwn ? { subject, text } : null)) draft.reset();
  };
  return (
    <Card title={t('admin.mail.words')}>
      <form noValidate onSubmit={(event) => void save(event)} className="grid grid-cols-1 gap-4">
        <SwitchRow
          label={t('admin.mail.ownWords')}
          hint={t('admin.mail.ownWordsHint')}
          isOn={values.isOwn}
          onChange={(isOwn) => set({ isOwn })}
        />
        {values.isOwn && (
          <div className="grid max-w-2xl grid-cols-1 gap-4">
            <TextField
              label={t('admin.mail.subject')}
              hint={t('admin.mail.subjectHint', inBraces(SUBJECT_GAPS))}
              maxLength={200}
              problem={problem.subject ?? refused['template.subject']}
              value={values.subject}
              onChange={(subject) => set({ subject })}
            />
            <Field
              label={t('admin.mail.text')}
              hint={t('admin.mail.textHint', inBraces(MAIL_GAPS), '{link}')}
              problem={problem.text ?? refused['template.text']}
            >
              {(control) => (
                <textarea
                  {...control}
                  dir="auto"
                  rows={12}
                  maxLength={10_000}
                  value={values.text}
                  onChange={(event) => set({ text: event.target.value })}
                  className={INPUT_LOOK}
                />
              )}
            </Field>
            <Preview template={values} />
          </div>
        )}
        <SaveBar
          changed={changed.map((name) => t(LABELS[name]))}
          isBusy={saving.isBusy}
          failure={saving.failure}
          isDone={saving.isDone}
          onDiscard={draft.reset}
        />
      </form>
      {saved.configured && <TestMail />}
    </Card>
  );
}

const LABELS = { isOwn: 'admin.mail.ownWords', subject: 'admin.mail.subject', text: 'admin.mail.text' } as const;

function inBraces(gaps: readonly string[]): string {
  return gaps.map((gap) => `{${gap}}`).join(', ');
}

function problemOf(template: MailTemplate): Partial<Record<keyof MailTemplate, string>> {
  const problem = checkMailTemplate(template);
  switch (problem?.kind) {
    case undefined:
      return {};
    case 'empty':
      return { [problem.field]: t('admin.problem.needed') };
    case 'unknown-gap':
      return { [problem.field]: t('admin.mail.wrongGap', problem.gap) };
    case 'no-link':
      return { [problem.field]: t('admin.mail.noLink', '{link}') };
  }
}

/** As a candidate reads it, with an example in each gap. */
function Preview({ template }: { template: MailTemplate }) {
  const { subject, paragraphs } = fillMailTemplate(template, {
    name: t('admin.mail.sample.name'),
    company: t('admin.mail.sample.company'),
    assessment: t('admin.mail.sample.assessment'),
    deadline: t('admin.mail.sample.deadline'),
    message: t('admin.mail.sample.message'),
    link: 'https://example.com/your-link',
  });
  return (
    <section aria-label={t('admin.mail.preview')} className="grid gap-2 rounded-md border border-line p-3">
      <p className="text-xs font-medium text-muted">{t('admin.mail.preview')}</p>
      <p className="font-medium">
        <bdi>{subject}</bdi>
      </p>
      <div className="max-w-[68ch] whitespace-pre-wrap" dir="auto">
        {paragraphs.map(wordsOf).join('\n\n')}
      </div>
    </section>
  );
}

function TestMail() {
  const { api } = useAdmin();
  const [to, setTo] = useState('');
  const testing = useSave({
    save: () => api.write('POST', PATHS.mailTest, to.trim() ? { to: to.trim() } : {}, testMailAnswerSchema),
    said: ({ message }) => message,
  });
  return (
    <form
      noValidate
      className="grid max-w-xl grid-cols-1 gap-3 border-t border-line pt-4"
      onSubmit={(event) => {
        event.preventDefault();
        void testing.run(undefined);
      }}
    >
      <TextField
        label={t('admin.mail.testTo')}
        hint={t('admin.mail.testHint')}
        type="email"
        dir="ltr"
        problem={testing.failure?.message}
        value={to}
        onChange={setTo}
      />
      <div className="flex">
        <Button type="submit" isBusy={testing.isBusy}>
          {t('admin.mail.test')}
        </Button>
      </div>
      {testing.answer && <Notice tone={testing.answer.ok ? 'info' : 'bad'}>{testing.answer.message}</Notice>}
    </form>
  );
}
