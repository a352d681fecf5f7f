import type { FormEvent } from 'react';
import type { OutcomeWords } from '../../lib/contract/outcome-words.ts';
import { PATHS } from '../../lib/contract/paths.ts';
import {
  type ConnectionSettings,
  type ConnectionView,
  connectionViewSchema,
  outcomeChoicesOf,
} from '../../lib/contract/settings.ts';
import { OUTCOME_NAMES, type OutcomeName } from '../../lib/domain/outcome.ts';
import { type TextKey, t } from '../ui/t.ts';
import { fillPath } from './admin-api.ts';
import { useAdmin } from './admin-context.ts';
import { Card } from './card.tsx';
import { brandNameOf } from './connection-fields.ts';
import { SaveBar } from './save-bar.tsx';
import { SelectField } from './select-field.tsx';
import { useDraft } from './use-draft.ts';
import { useSave } from './use-save.ts';
import { choicesWith } from './write-back-values.ts';

/** What became of candidates, in the vendor's own words; only for a vendor that takes any. */
export function OutcomeWordsCard({ connection }: { connection: ConnectionView }) {
  const { settings } = connection;
  const choices = outcomeChoicesOf(settings);
  return choices && 'outcomeWords' in settings ? (
    <OutcomeWordsForm id={connection.id} settings={settings} choices={choices} />
  ) : null;
}

interface OutcomeWordsFormProps {
  id: string;
  settings: Extract<ConnectionSettings, { outcomeWords?: unknown }>;
  choices: readonly string[];
}

const LABELS: Record<OutcomeName, TextKey> = {
  pending: 'admin.outcomes.pending',
  advanced: 'admin.outcomes.advanced',
  rejected: 'admin.outcomes.rejected',
  withdrew: 'admin.outcomes.withdrew',
  'offer extended': 'admin.outcomes.offerExtended',
  'offer accepted': 'admin.outcomes.offerAccepted',
  'offer declined': 'admin.outcomes.offerDeclined',
};

type Values = Record<OutcomeName, string>;

function OutcomeWordsForm({ id, settings, choices }: OutcomeWordsFormProps) {
  const { api } = useAdmin();
  const vendor = brandNameOf(settings);
  const draft = useDraft(toValues(settings.outcomeWords));
  const saving = useSave({
    // The other settings go along as they are: a change replaces them all.
    save: (values: Values) => {
      const changed = { ...settings, outcomeWords: toWords(values) };
      return api.write('PATCH', fillPath(PATHS.connection, { id }), { settings: changed }, connectionViewSchema);
    },
    said: t('admin.save.saved'),
  });
  const save = async (event: FormEvent) => {
    event.preventDefault();
    if (await saving.run(draft.values)) draft.reset();
  };
  const discard = () => {
    saving.forget();
    draft.reset();
  };
  const isSilent = Object.values(draft.values).every((word) => word === '');
  const options = choices.map((word) => ({ value: word, label: word }));
  return (
    <Card title={t('admin.outcomes.title', vendor)} text={t('admin.outcomes.text', vendor)}>
      <form noValidate onSubmit={(event) => void save(event)} className="grid grid-cols-1 gap-4">
        {isSilent && <p className="text-muted">{t('admin.outcomes.silent', vendor)}</p>}
        <div className="grid grid-cols-1 items-start gap-4 md:grid-cols-2">
          {OUTCOME_NAMES.map((name) => (
            <SelectField
              key={name}
              label={t(LABELS[name])}
              value={draft.values[name]}
              options={choicesWith(draft.values[name], options, t('admin.outcomes.nothing'))}
              onChange={(word) => draft.set({ [name]: word })}
            />
          ))}
        </div>
        <SaveBar
          changed={draft.changed.map((name) => t(LABELS[name]))}
          isBusy={saving.isBusy}
          failure={saving.failure}
          isDone={saving.isDone}
          onDiscard={discard}
        />
      </form>
    </Card>
  );
}

function toValues(words: OutcomeWords | undefined): Values {
  return {
    pending: words?.pending ?? '',
    advanced: words?.advanced ?? '',
    rejected: words?.rejected ?? '',
    withdrew: words?.withdrew ?? '',
    'offer extended': words?.['offer extended'] ?? '',
    'offer accepted': words?.['offer accepted'] ?? '',
    'offer declined': words?.['offer declined'] ?? '',
  };
}

/** Only the chosen ones: without a word nothing is told. */
function toWords(values: Values): OutcomeWords {
  return Object.fromEntries(Object.entries(values).filter(([, word]) => word !== ''));
}
