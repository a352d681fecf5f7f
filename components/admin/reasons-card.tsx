import { Wand2 } from 'lucide-react';
import { type FormEvent, useId, useState } from 'react';
import { PATHS } from '../../lib/contract/paths.ts';
import { type ConnectionView, reasonsViewSchema } from '../../lib/contract/settings.ts';
import { DISPOSITION_MEANINGS, type DispositionMeaning } from '../../lib/domain/outcome.ts';
import { Button } from '../ui/button.tsx';
import { Disclosure } from '../ui/disclosure.tsx';
import { INPUT_LOOK } from '../ui/field.tsx';
import { t, tCount } from '../ui/t.ts';
import { fillPath } from './admin-api.ts';
import { useAdmin } from './admin-context.ts';
import { Card } from './card.tsx';
import { QueryView } from './query-view.tsx';
import { SaveBar } from './save-bar.tsx';
import { useDraft } from './use-draft.ts';
import { useSave } from './use-save.ts';
import { outsideKey, type ReasonsView, useReasons } from './use-settings.ts';

type Reason = ReasonsView['reasons'][number];
type MeaningById = Record<string, DispositionMeaning | ''>;

/** The disposition reasons of one ATS, each with what it says about the candidate. */
export function ReasonsCard({ connection }: { connection: ConnectionView }) {
  const reasons = useReasons(connection.id);
  return (
    <Card title={t('admin.reasons.title', connection.name)} text={t('admin.reasons.text')}>
      <QueryView query={reasons}>{(view) => <ReasonsForm connectionId={connection.id} reasons={view.reasons} />}</QueryView>
    </Card>
  );
}

function ReasonsForm({ connectionId, reasons }: { connectionId: string; reasons: readonly Reason[] }) {
  const { api } = useAdmin();
  const [isOpen, setIsOpen] = useState(false);
  const draft = useDraft<MeaningById>(Object.fromEntries(reasons.map(({ reasonId, meaning }) => [reasonId, meaning ?? ''])));
  const { values, set } = draft;
  const saving = useSave({
    save: () => {
      const path = fillPath(PATHS.reasonMeanings, { id: connectionId });
      return api.write('PUT', path, { meanings: toMeanings(reasons, values) }, reasonsViewSchema);
    },
    refresh: outsideKey(PATHS.reasons, connectionId),
    said: t('admin.save.saved'),
  });
  const open = reasons.filter(({ reasonId, suggested }) => suggested && !values[reasonId]);
  const useAll = () => set(Object.fromEntries(open.map(({ reasonId, suggested }) => [reasonId, suggested ?? ''])));
  const save = async (event: FormEvent) => {
    event.preventDefault();
    if (await saving.run(undefined)) draft.reset();
  };
  const discard = () => {
    saving.forget();
    draft.reset();
  };
  const line = (reason: Reason) => (
    <ReasonLine
      key={reason.reasonId}
      reason={reason}
      meaning={values[reason.reasonId] ?? ''}
      isChanged={draft.changed.includes(reason.reasonId)}
      onChange={(meaning) => set({ [reason.reasonId]: meaning })}
    />
  );
  if (reasons.length === 0) return <p className="text-muted">{t('admin.reasons.none')}</p>;
  const former = reasons.filter(({ active }) => !active);
  return (
    <form noValidate onSubmit={(event) => void save(event)} className="grid grid-cols-1 gap-3">
      {open.length > 0 && (
        <Button icon={Wand2} className="justify-self-start" onClick={useAll}>
          {tCount('admin.reasons.useAll', open.length)}
        </Button>
      )}
      <ul className="grid grid-cols-1 divide-y divide-line border-y border-line">
        {reasons.filter(({ active }) => active).map(line)}
      </ul>
      {former.length > 0 && (
        <Disclosure label={tCount('admin.reasons.former', former.length)} isOpen={isOpen} onToggle={setIsOpen}>
          <ul className="grid grid-cols-1 divide-y divide-line border-y border-line">{former.map(line)}</ul>
        </Disclosure>
      )}
      <SaveBar
        changed={reasons.filter(({ reasonId }) => draft.changed.includes(reasonId)).map(({ name }) => name)}
        isBusy={saving.isBusy}
        failure={saving.failure}
        isDone={saving.isDone}
        onDiscard={discard}
      />
    </form>
  );
}

function toMeanings(reasons: readonly Reason[], chosen: MeaningById) {
  return reasons.flatMap(({ reasonId, name }) => {
    const meaning = chosen[reasonId];
    return meaning ? [{ reasonId, reasonName: name.slice(0, 300), meaning }] : [];
  });
}

interface ReasonLineProps {
  reason: Reason;
  meaning: DispositionMeaning | '';
  isChanged: boolean;
  onChange(meaning: DispositionMeaning | ''): void;
}

function ReasonLine({ reason: { name, suggested }, meaning, isChanged, onChange }: ReasonLineProps) {
  const id = useId();
  return (
    <li className="grid grid-cols-1 items-center gap-x-3 gap-y-1 py-2 sm:grid-cols-[minmax(0,1fr)_auto_14rem]">
      <label htmlFor={id} dir="auto" className="min-w-0 font-medium">
        {name}
        {isChanged && <span className="ms-2 text-xs font-normal text-accent">{t('admin.save.unsaved')}</span>}
      </label>
      {suggested && !meaning && (
        <Button
          look="quiet"
          aria-label={t('admin.reasons.useNamed', meaningWord(suggested), name)}
          className="justify-self-start"
          onClick={() => onChange(suggested)}
        >
          {t('admin.reasons.use', meaningWord(suggested))}
        </Button>
      )}
      <select
        id={id}
        value={meaning}
        onChange={(event) => onChange(DISPOSITION_MEANINGS.find((it) => it === event.target.value) ?? '')}
        className={`${INPUT_LOOK} h-8 sm:col-start-3 ${meaning ? '' : 'text-muted'}`}
      >
        <option value="">{t('admin.reasons.meaning.none')}</option>
        {DISPOSITION_MEANINGS.map((value) => (
          <option key={value} value={value}>
            {meaningWord(value)}
          </option>
        ))}
      </select>
    </li>
  );
}

function meaningWord(meaning: DispositionMeaning): string {
  return meaning === 'not applicable' ? t('admin.reasons.meaning.notApplicable') : t(`admin.reasons.meaning.${meaning}`);
}
