import type { AssessmentChoice } from '../../lib/contract/panel.ts';
import { Field, INPUT_LOOK } from '../ui/field.tsx';
import { t } from '../ui/t.ts';
import { MAX_DEADLINE_DAYS, type SendDraft } from './send-draft.ts';

export interface SendOptionsProps {
  draft: SendDraft;
  choice: AssessmentChoice | null;
  emails: string[];
  hasDeadlineProblem: boolean;
  onChange(part: Partial<SendDraft>): void;
}

/** What is seldom needed: another of the candidate's addresses, a message, another deadline. */
export function SendOptions({ draft, choice, emails, hasDeadlineProblem, onChange }: SendOptionsProps) {
  return (
    <div className="grid grid-cols-1 gap-3">
      {emails.length > 1 && (
        <Field label={t('panel.send.address')}>
          {(control) => (
            <select
              {...control}
              value={draft.email || emails[0]}
              onChange={(event) => onChange({ email: event.target.value })}
              className={`${INPUT_LOOK} h-8`}
            >
              {emails.map((email) => (
                <option key={email}>{email}</option>
              ))}
            </select>
          )}
        </Field>
      )}
      <Field
        label={t('panel.send.deadline')}
        problem={hasDeadlineProblem ? t('panel.send.deadlineProblem', MAX_DEADLINE_DAYS) : null}
      >
        {(control) => (
          <input
            {...control}
            inputMode="numeric"
            placeholder={choice ? String(choice.deadlineDays) : undefined}
            value={draft.deadlineDays}
            onChange={(event) => onChange({ deadlineDays: event.target.value })}
            className={`${INPUT_LOOK} h-8 max-w-24`}
          />
        )}
      </Field>
      <Field label={t('panel.send.message')}>
        {(control) => (
          <textarea
            {...control}
            dir="auto"
            rows={3}
            maxLength={2000}
            value={draft.message}
            onChange={(event) => onChange({ message: event.target.value })}
            className={INPUT_LOOK}
          />
        )}
      </Field>
    </div>
  );
}
