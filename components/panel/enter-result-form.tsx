import { type FormEvent, useState } from 'react';
import type { InvitationView } from '../../lib/contract/panel.ts';
import { RATINGS } from '../../lib/domain/result.ts';
import { Button } from '../ui/button.tsx';
import { Field, INPUT_LOOK } from '../ui/field.tsx';
import { t } from '../ui/t.ts';
import { draftProblems, EMPTY_DRAFT, type ResultDraft, toEnteredResult } from './entered-result.ts';
import { usePanel } from './panel-context.ts';
import { SkillRows } from './skill-rows.tsx';

export interface EnterResultFormProps {
  invitation: InvitationView;
  onDone(): void;
}

/** For vendors that report nothing: a person reads the vendor's page and enters what came out. */
export function EnterResultForm({ invitation, onDone }: EnterResultFormProps) {
  const { commands } = usePanel();
  const [draft, setDraft] = useState<ResultDraft>(EMPTY_DRAFT);
  const [wasTried, setWasTried] = useState(false);
  const problems = wasTried ? draftProblems(draft) : {};
  const set = (part: Partial<ResultDraft>) => setDraft({ ...draft, ...part });

  const save = async (event: FormEvent) => {
    event.preventDefault();
    setWasTried(true);
    if (Object.keys(draftProblems(draft)).length > 0) return;
    if (await commands.enterResult(invitation.id, toEnteredResult(draft))) onDone();
  };

  return (
    <form noValidate onSubmit={(event) => void save(event)} className="grid grid-cols-1 gap-3 rounded-md border border-line p-3">
      <p className="font-medium">{t('panel.enterResult.title', invitation.vendorName)}</p>
      <Field label={t('panel.enterResult.rating')}>
        {(control) => (
          <select
            {...control}
            value={draft.rating}
            onChange={(event) => set({ rating: event.target.value })}
            className={`${INPUT_LOOK} h-8`}
          >
            <option value="">{t('panel.enterResult.noRating')}</option>
            {RATINGS.map((rating) => (
              <option key={rating}>{rating}</option>
            ))}
          </select>
        )}
      </Field>
      <div className="grid grid-cols-3 items-start gap-2">
        <Field label={t('panel.enterResult.score')} problem={problems.value && t('panel.enterResult.notNumber')}>
          {(control) => (
            <input
              {...control}
              inputMode="decimal"
              value={draft.value}
              onChange={(event) => set({ value: event.target.value })}
              className={`${INPUT_LOOK} h-8`}
            />
          )}
        </Field>
        <Field label={t('panel.enterResult.max')} problem={problems.max && t('panel.enterResult.notPositive')}>
          {(control) => (
            <input
              {...control}
              inputMode="decimal"
              value={draft.max}
              onChange={(event) => set({ max: event.target.value })}
              className={`${INPUT_LOOK} h-8`}
            />
          )}
        </Field>
        <Field label={t('panel.enterResult.verdict')}>
          {(control) => (
            <select
              {...control}
              value={draft.verdict}
              onChange={(event) => set({ verdict: toVerdict(event.target.value) })}
              className={`${INPUT_LOOK} h-8`}
            >
              <option value="">{t('panel.enterResult.noVerdict')}</option>
              <option value="up">{t('panel.enterResult.up')}</option>
              <option value="down">{t('panel.enterResult.down')}</option>
            </select>
          )}
        </Field>
      </div>
      <SkillRows skills={draft.skills} onChange={(skills) => set({ skills })} />
      <Field label={t('panel.enterResult.notes')}>
        {(control) => (
          <textarea
            {...control}
            dir="auto"
            rows={3}
            maxLength={10_000}
            value={draft.notes}
            onChange={(event) => set({ notes: event.target.value })}
            className={INPUT_LOOK}
          />
        )}
      </Field>
      <Field label={t('panel.enterResult.reportUrl')} problem={problems.reportUrl && t('panel.enterResult.notHttps')}>
        {(control) => (
          <input
            {...control}
            type="url"
            dir="ltr"
            placeholder="https://"
            value={draft.reportUrl}
            onChange={(event) => set({ reportUrl: event.target.value })}
            className={`${INPUT_LOOK} h-8`}
          />
        )}
      </Field>
      {problems.nothing && (
        <p role="alert" className="text-bad">
          {t('panel.enterResult.nothing')}
        </p>
      )}
      <div className="flex gap-2">
        <Button look="primary" type="submit" isBusy={commands.busy === `enter-result:${invitation.id}`}>
          {t('panel.enterResult.save')}
        </Button>
        <Button onClick={onDone}>{t('common.cancel')}</Button>
      </div>
    </form>
  );
}

function toVerdict(text: string): ResultDraft['verdict'] {
  return text === 'up' || text === 'down' ? text : '';
}
