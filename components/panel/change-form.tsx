import { type FormEvent, type KeyboardEvent, useEffect, useRef, useState } from 'react';
import type { ChangeChoices, ChangeCommand } from '../../lib/contract/panel.ts';
import type { ChangeKind } from '../../lib/domain/application-change.ts';
import { Button } from '../ui/button.tsx';
import { Combobox } from '../ui/combobox.tsx';
import { Skeleton } from '../ui/skeleton.tsx';
import { t } from '../ui/t.ts';
import { changeWord } from './change-words.ts';
import type { ApplicationView } from './panel-commands.ts';
import { usePanel } from './panel-context.ts';
import { useChangeChoices } from './use-change-choices.ts';

export interface ChangeFormProps {
  view: ApplicationView;
  kind: ChangeKind;
  onClose(): void;
}

/** The question before a change is made, with what there is to choose. It names the person; Escape says no. */
export function ChangeForm({ view, kind, onClose }: ChangeFormProps) {
  const { commands } = usePanel();
  const box = useRef<HTMLFormElement>(null);
  const picker = useRef<HTMLInputElement>(null);
  const [picked, setPicked] = useState<string | null>(null);
  const [wasTried, setWasTried] = useState(false);
  const asked = useChangeChoices(view.key, kind);
  const choices = typeof asked.answer === 'object' ? asked.answer : null;
  const chosenId = picked ?? onlyOne(choices);
  const change = choices === null && asked.isNeeded ? null : toChange(kind, choices, chosenId);
  const word = changeWord(kind, view);

  useEffect(() => box.current?.focus({ preventScroll: true }), []);
  // Only from where the focus was put: whoever has gone on meanwhile is left there.
  useEffect(() => {
    if (choices && document.activeElement === box.current) picker.current?.focus({ preventScroll: true });
  }, [choices]);

  const confirm = async (event: FormEvent) => {
    event.preventDefault();
    setWasTried(true);
    if (change && (await commands.change(change))) onClose();
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key !== 'Escape') return;
    event.stopPropagation();
    onClose();
  };

  return (
    <form
      ref={box}
      noValidate
      tabIndex={-1}
      aria-label={titleOf(word, view)}
      onSubmit={(event) => void confirm(event)}
      onKeyDown={onKeyDown}
      className="mx-3 mb-3 grid grid-cols-1 gap-2 rounded-md border border-line p-3"
    >
      <p className="font-medium break-words">{titleOf(word, view)}</p>
      {asked.isNeeded && (
        <Choice asked={asked} choices={choices} view={view} chosenId={chosenId} onPick={setPicked} ref={picker} />
      )}
      {wasTried && !change && choices && choices.choices.length > 0 && (
        <p role="alert" className="text-xs text-bad">
          {t('panel.change.chooseFirst')}
        </p>
      )}
      {hasText(word) && <p className="text-xs text-muted">{t(`panel.change.${word}Text`)}</p>}
      <div className="flex flex-wrap gap-2">
        <Button
          type="submit"
          look={kind === 'reject' ? 'danger' : 'primary'}
          isBusy={commands.busy === 'change'}
          disabled={asked.isNeeded && (!choices || (choices.isNeeded && choices.choices.length === 0))}
        >
          {t(`panel.change.confirm.${word}`)}
        </Button>
        <Button onClick={onClose}>{t('common.cancel')}</Button>
      </div>
    </form>
  );
}

interface ChoiceProps {
  asked: ReturnType<typeof useChangeChoices>;
  choices: ChangeChoices | null;
  view: ApplicationView;
  chosenId: string | null;
  onPick(id: string): void;
  ref: React.Ref<HTMLInputElement>;
}

/** Being asked for, not to be had, none there, or a list. */
function Choice({ asked, choices, view, chosenId, onPick, ref }: ChoiceProps) {
  if (typeof asked.answer === 'string')
    return (
      <div role="alert" className="grid grid-cols-1 justify-items-start gap-1">
        <p className="text-bad">{asked.answer}</p>
        <Button look="quiet" onClick={asked.again}>
          {t('panel.change.again')}
        </Button>
      </div>
    );
  if (!choices)
    return (
      <div role="status" className="grid grid-cols-1 gap-2 py-1">
        <span className="text-xs text-muted">{t('panel.change.loading', view.atsName)}</span>
        <Skeleton className="w-3/4" />
      </div>
    );
  if (choices.choices.length === 0)
    return choices.isNeeded ? <p className="text-muted">{t('panel.change.none', view.atsName)}</p> : null;
  return (
    <Combobox
      ref={ref}
      label={t(`panel.change.${choices.of}`)}
      options={choices.choices.map(({ id, name }) => ({ id, label: name }))}
      value={chosenId}
      onChange={onPick}
      placeholder={t('panel.change.choose')}
      emptyText={t('panel.change.noMatch')}
    />
  );
}

type Word = ReturnType<typeof changeWord>;

function titleOf(word: Word, { candidateName, stageName, nextStageName }: ApplicationView): string {
  const name = candidateName ?? t('panel.change.thisCandidate');
  if (word === 'advance' && nextStageName) return t('panel.change.title.advanceTo', name, nextStageName);
  if (word === 'advance' && stageName) return t('panel.change.title.advanceFrom', name, stageName);
  return t(`panel.change.title.${word}`, name);
}

function hasText(word: Word): word is 'transfer' | 'reject' | 'archive' | 'unreject' {
  return word !== 'advance' && word !== 'hire';
}

/** A reason is a judgement, so one alone is not chosen beforehand; of openings and of reasons for a hire there is nothing to judge. */
function onlyOne(choices: ChangeChoices | null): string | null {
  const [first, second] = choices?.choices ?? [];
  return choices?.of === 'opening' && first && !second ? first.id : null;
}

function toChange(kind: ChangeKind, choices: ChangeChoices | null, chosenId: string | null): ChangeCommand['change'] | null {
  if (kind === 'advance' || kind === 'unreject') return { kind };
  if (kind === 'hire') {
    if (chosenId === null) return choices?.isNeeded ? null : { kind };
    return choices?.of === 'reason' ? { kind, reasonId: chosenId } : { kind, openingId: chosenId };
  }
  if (chosenId === null) return null;
  return kind === 'transfer' ? { kind, jobId: chosenId } : { kind, reasonId: chosenId };
}
