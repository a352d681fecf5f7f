import { Search } from 'lucide-react';
import { type FormEvent, useState } from 'react';
import {
  ERASE_WORD,
  type Erase,
  type ErasePreview,
  erasePreviewSchema,
  erasureSchema,
  type RemovedConnection,
} from '../../lib/contract/erasure.ts';
import { PATHS } from '../../lib/contract/paths.ts';
import { Button } from '../ui/button.tsx';
import { Notice } from '../ui/notice.tsx';
import { t, tCount } from '../ui/t.ts';
import { useAdmin } from './admin-context.ts';
import { problemsByPath } from './api-failure.ts';
import { Question } from './ask-first.tsx';
import { Card } from './card.tsx';
import { EmptyCard } from './empty-card.tsx';
import { focusFirstProblem } from './focus-first-problem.ts';
import { SelectField } from './select-field.tsx';
import { TextField } from './text-field.tsx';
import { useSave } from './use-save.ts';

const KINDS = ['page', 'candidate', 'application'] as const;
type Kind = (typeof KINDS)[number];

export interface EraseFormProps {
  /** The ATSs. */
  connections: readonly { id: string; name: string }[];
  /** Those that were removed, of whose candidates something is kept still. */
  removed: readonly RemovedConnection[];
}

/** Finds the candidate first, shows whom it found, and erases only after a word was typed: an id is soon mistyped, and nothing comes back. */
export function EraseForm({ connections, removed }: EraseFormProps) {
  const { api } = useAdmin();
  const [chosenId, setChosenId] = useState('');
  const [kind, setKind] = useState<Kind>('page');
  const [text, setText] = useState('');
  const [isTried, setIsTried] = useState(false);
  const options = [
    ...connections.map(({ id, name }) => ({ value: id, label: name })),
    ...removed.map(({ id, name, removedAt }) => ({
      value: id,
      label: t('admin.erasure.removedOn', name, whenExactly(removedAt)),
    })),
  ];
  const connectionId = (options.find(({ value }) => value === chosenId) ?? options[0])?.value ?? '';
  const finding = useSave({
    // What is erased is what was asked for here: the list of the ATSs may change meanwhile, and the same id elsewhere be somebody else's.
    save: async (wanted: Erase) => ({
      wanted,
      preview: await api.write('POST', PATHS.erasures, wanted, erasePreviewSchema),
    }),
    said: ({ preview: { candidateName } }) => t('admin.erasure.found', candidateName ?? t('admin.erasure.noName')),
  });
  const refused = problemsByPath(finding.failure);
  const refusedHere = refused['candidate.url'] ?? refused['candidate.id'] ?? null;
  const problem = isTried && text.trim() === '' ? t('admin.erasure.needed') : refusedHere;
  const find = async (event: FormEvent<HTMLElement>) => {
    event.preventDefault();
    setIsTried(true);
    if (text.trim() === '') return focusFirstProblem(event.currentTarget);
    await finding.run({ connectionId, candidate: kind === 'page' ? { kind, url: text.trim() } : { kind, id: text.trim() } });
  };
  /** What was found belongs to what was typed. */
  const changed = <T,>(set: (value: T) => void) => {
    return (value: T) => {
      finding.forget();
      set(value);
    };
  };
  const done = () => {
    finding.forget();
    setText('');
    setIsTried(false);
  };
  if (options.length === 0) return <EmptyCard icon={Search} text={t('admin.erasure.noAts')} door="greenhouse" />;
  return (
    <Card title={t('admin.erasure.title')} text={t('admin.erasure.text')}>
      <form noValidate onSubmit={(event) => void find(event)} className="grid grid-cols-1 items-start gap-3 sm:grid-cols-2">
        {(options.length > 1 || removed.length > 0) && (
          <SelectField
            label={t('admin.erasure.ats')}
            hint={removed.length > 0 ? t('admin.erasure.removedToo') : undefined}
            value={connectionId}
            options={options}
            onChange={changed(setChosenId)}
          />
        )}
        <SelectField
          label={t('admin.erasure.kind')}
          value={kind}
          options={KINDS.map((value) => ({ value, label: t(`admin.erasure.kinds.${value}`) }))}
          onChange={changed((value: string) => setKind(KINDS.find((one) => one === value) ?? kind))}
        />
        <div className="sm:col-span-2">
          <TextField
            label={t(`admin.erasure.kinds.${kind}`)}
            problem={problem}
            dir="ltr"
            maxLength={2000}
            value={text}
            onChange={changed(setText)}
          />
        </div>
        <Button type="submit" icon={Search} className="justify-self-start sm:col-span-2" isBusy={finding.isBusy}>
          {t('admin.erasure.find')}
        </Button>
      </form>
      {finding.failure && !refusedHere && (
        <Notice tone="bad" isUrgent>
          {finding.failure.message}
        </Notice>
      )}
      {finding.answer && <Confirm {...finding.answer} onDone={done} onKeep={finding.forget} />}
    </Card>
  );
}

/** With the time: two of one name may have been removed on one day. */
function whenExactly(at: string): string {
  return new Intl.DateTimeFormat(undefined, { dateStyle: 'medium', timeStyle: 'short' }).format(new Date(at));
}

interface ConfirmProps {
  preview: ErasePreview;
  wanted: Erase;
  onDone(): void;
  onKeep(): void;
}

function Confirm({ preview, wanted, onDone, onKeep }: ConfirmProps) {
  const { api } = useAdmin();
  const [word, setWord] = useState('');
  const [isTried, setIsTried] = useState(false);
  const erasing = useSave({
    save: () => api.write('POST', PATHS.erasures, { ...wanted, confirmation: ERASE_WORD }, erasureSchema),
    said: t('admin.erasure.begun'),
  });
  const isTyped = word.trim().toLowerCase() === ERASE_WORD;
  const confirm = async () => {
    setIsTried(true);
    if (isTyped && (await erasing.run(undefined))) onDone();
  };
  const name = preview.candidateName ?? t('admin.erasure.noName');
  const jobs = preview.applications.flatMap(({ jobName }) => jobName ?? []);
  return (
    <Question
      label={t('admin.erasure.title')}
      confirm={t('admin.erasure.erase')}
      failure={erasing.failure}
      isBusy={erasing.isBusy}
      onConfirm={() => void confirm()}
      onKeep={onKeep}
    >
      <p>
        <bdi className="font-medium">{name}</bdi>
        <span className="ms-2 text-muted">
          {tCount('admin.erasure.applications', preview.applications.length)}
          {jobs.length > 0 && ` · ${jobs.join(', ')}`}
        </span>
      </p>
      <p className="mt-2">{t('admin.erasure.means')}</p>
      {preview.openInvitations > 0 && <p className="mt-2">{tCount('admin.erasure.open', preview.openInvitations)}</p>}
      <div className="mt-3 max-w-xs">
        <TextField
          label={t('admin.erasure.type', ERASE_WORD)}
          autoFocus
          problem={isTried && !isTyped ? t('admin.erasure.typeNeeded', ERASE_WORD) : null}
          value={word}
          onChange={setWord}
        />
      </div>
    </Question>
  );
}
