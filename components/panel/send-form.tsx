import { type FormEvent, type Ref, useId, useState } from 'react';
import type { AssessmentChoice } from '../../lib/contract/panel.ts';
import { Button } from '../ui/button.tsx';
import { DisclosureButton } from '../ui/disclosure-button.tsx';
import { Field, INPUT_LOOK } from '../ui/field.tsx';
import { Notice } from '../ui/notice.tsx';
import { t } from '../ui/t.ts';
import { AssessmentPicker } from './assessment-picker.tsx';
import { OutsideSearch } from './outside-search.tsx';
import type { ApplicationView } from './panel-commands.ts';
import { usePanel } from './panel-context.ts';
import { type SendDraft, sendProblems, toSendChoice } from './send-draft.ts';
import { SendOptions } from './send-options.tsx';
import { SendSummary } from './send-summary.tsx';

export interface SendFormProps {
  view: ApplicationView;
  draft: SendDraft;
  onChange(part: Partial<SendDraft>): void;
  onSent(): void;
  /** Named on the button; null where the page's address tells who is shown. */
  person: string | null;
  isLoud: boolean;
  pickerRef: Ref<HTMLInputElement>;
  emailRef: Ref<HTMLInputElement>;
}

/** Pick, see to whom and until when, send. */
export function SendForm({ view, draft, onChange, onSent, person, isLoud, pickerRef, emailRef }: SendFormProps) {
  const { commands, isOffline } = usePanel();
  const [isUnfolded, setIsUnfolded] = useState(false);
  const optionsId = useId();
  const [wasTried, setWasTried] = useState(false);
  const choice = view.assessments.find((each) => each.id === draft.assessmentId) ?? null;
  const problems = sendProblems({ draft, choice, emails: view.emails });
  const shown = wasTried ? problems : {};

  const send = (onlyTag: boolean) => {
    // A tag needs no address and no deadline.
    const isReady = onlyTag ? !problems.assessment : Object.keys(problems).length === 0;
    setWasTried(!isReady);
    if (problems.deadlineDays) setIsUnfolded(true);
    if (!isReady || !choice) return;
    if (commands.send(toSendChoice({ draft, choice, onlyTag }))) onSent();
  };
  // Several tags ask which of them; the answer may be: each.
  const tagged = view.assessments.filter(({ onCandidate, unusableBecause }) => onCandidate && unusableBecause === null);
  // Until one is picked, each is what the tags ask for.
  const sendsTagged = tagged.length > 1 && choice === null;
  const sendTagged = () => {
    const { assessment: _, ...others } = problems;
    const isReady = Object.keys(others).length === 0;
    setWasTried(!isReady);
    if (others.deadlineDays) setIsUnfolded(true);
    if (!isReady) return;
    if (commands.sendAll(tagged.map((one) => toSendChoice({ draft, choice: one, onlyTag: false })))) onSent();
  };
  const submit = (event: FormEvent) => {
    event.preventDefault();
    send(false);
  };

  return (
    <form noValidate onSubmit={submit} className="grid grid-cols-1 gap-2">
      <AssessmentPicker
        ref={pickerRef}
        choices={view.assessments}
        defaultId={view.defaultAssessmentId}
        value={draft.assessmentId}
        onChange={(assessmentId) => onChange({ assessmentId })}
      />
      {shown.assessment && (
        <p role="alert" className="text-xs text-bad">
          {t('panel.send.chooseFirst')}
        </p>
      )}
      {isLoud && <TaggedButUnusable choices={view.assessments} />}
      {view.emails.length === 0 && (
        <Field
          label={t('panel.send.noEmail')}
          hint={t('panel.send.emailHint', view.atsName)}
          problem={shown.email && t('panel.send.emailProblem')}
        >
          {(control) => (
            <input
              {...control}
              ref={emailRef}
              type="email"
              dir="ltr"
              autoComplete="off"
              value={draft.email}
              onChange={(event) => onChange({ email: event.target.value })}
              className={`${INPUT_LOOK} h-9`}
            />
          )}
        </Field>
      )}
      <SendSummary view={view} draft={draft} choice={choice} />
      {sendsTagged && (
        <p className="break-words text-muted">{t('panel.send.taggedWith', tagged.map(({ name }) => name).join(', '))}</p>
      )}
      <div className="flex flex-wrap items-center gap-x-4 gap-y-1 pt-1">
        <Button type="submit" look={isLoud && !sendsTagged ? 'primary' : 'secondary'} isBusy={commands.busy === 'send'}>
          {sendLabel({ isLink: choice?.handover === 'copy link', isRetake: choice?.isRetake ?? false, person })}
        </Button>
        {tagged.length > 1 && (
          <Button
            look={isLoud && sendsTagged ? 'primary' : 'secondary'}
            isBusy={commands.busy === 'send-all'}
            onClick={sendTagged}
          >
            {tagged.length === 2 ? t('panel.send.both') : t('panel.send.all', tagged.length)}
          </Button>
        )}
        <Button look="quiet" isBusy={commands.busy === 'only-tag'} onClick={() => send(true)}>
          {t('panel.send.onlyTag')}
        </Button>
        <DisclosureButton label={t('panel.send.more')} isOpen={isUnfolded} controls={optionsId} onToggle={setIsUnfolded} />
      </div>
      {isOffline && <p className="text-xs text-muted">{t('panel.send.offline')}</p>}
      {isUnfolded && (
        <div id={optionsId} className="grid grid-cols-1 gap-3">
          <SendOptions
            draft={draft}
            choice={choice}
            emails={view.emails}
            hasDeadlineProblem={problems.deadlineDays ?? false}
            onChange={onChange}
          />
          {choice && !isOffline && <OutsideSearch choice={choice} label={t('panel.outside.search', choice.vendorName)} />}
        </div>
      )}
    </form>
  );
}

/** The tag names an assessment that cannot be sent: said at once, since nobody looks for the reason inside the list. */
function TaggedButUnusable({ choices }: { choices: AssessmentChoice[] }) {
  return choices
    .filter(({ onCandidate, unusableBecause }) => onCandidate && unusableBecause)
    .map(({ id, unusableBecause }) => (
      <Notice key={id} tone="info">
        {unusableBecause}
      </Notice>
    ));
}

interface SendLabelInput {
  isLink: boolean;
  isRetake: boolean;
  person: string | null;
}

function sendLabel({ isLink, isRetake, person }: SendLabelInput): string {
  if (person) return isLink ? t('panel.send.linkFor', person) : t('panel.send.toPerson', person);
  if (isLink) return t('panel.send.link');
  return isRetake ? t('panel.send.retake') : t('panel.send.button');
}
