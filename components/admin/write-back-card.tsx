import type { FormEvent } from 'react';
import { PATHS } from '../../lib/contract/paths.ts';
import {
  type ConnectionSettings,
  type ConnectionView,
  connectionViewSchema,
  type WriteBack,
  writableThings,
} from '../../lib/contract/settings.ts';
import { t } from '../ui/t.ts';
import { fillPath } from './admin-api.ts';
import { useAdmin } from './admin-context.ts';
import { Card } from './card.tsx';
import { KIND_NAMES } from './connection-fields.ts';
import { FeedbackFormFields } from './feedback-form-fields.tsx';
import { SaveBar } from './save-bar.tsx';
import { SwitchRow } from './switch-row.tsx';
import { useDraft } from './use-draft.ts';
import { useSave } from './use-save.ts';
import { toWriteBack, toWriteBackValues, type WriteBackValues, writeBackLabel } from './write-back-values.ts';
import { WrittenFields } from './written-fields.tsx';

/** What is written in the ATS besides tags and notes, as far as this connection can write it. */
export function WriteBackCard({ connection }: { connection: ConnectionView }) {
  const { settings } = connection;
  return 'writeBack' in settings ? <WriteBackForm connection={connection} settings={settings} /> : null;
}

type WritingSettings = Extract<ConnectionSettings, { writeBack: WriteBack }>;

function WriteBackForm({ connection: { id, kind }, settings }: { connection: ConnectionView; settings: WritingSettings }) {
  const { api } = useAdmin();
  const can = writableThings(settings);
  const ats = KIND_NAMES[kind];
  const draft = useDraft(toWriteBackValues(settings.writeBack));
  const saving = useSave({
    // The other settings go along as they are: a change replaces them all.
    save: (values: WriteBackValues) => {
      const changed = { ...settings, writeBack: toWriteBack(values) };
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
  const { values, set } = draft;
  return (
    <Card title={t('admin.writeBack.title', ats)} text={t('admin.writeBack.text', ats)}>
      <form noValidate onSubmit={(event) => void save(event)} className="grid grid-cols-1 gap-4">
        {can.fields && <WrittenFields id={id} ats={ats} values={values} onChange={set} />}
        {can.reportLink && (
          <SwitchRow
            label={t('admin.writeBack.link')}
            hint={t('admin.writeBack.linkHint')}
            isOn={values.reportLink}
            onChange={(reportLink) => set({ reportLink })}
          />
        )}
        {can.reportFile && (
          <SwitchRow
            label={t('admin.writeBack.file')}
            hint={t('admin.writeBack.fileHint')}
            isOn={values.reportFile}
            onChange={(reportFile) => set({ reportFile })}
          />
        )}
        {can.reportFile && values.reportFile && !hasAuthor(settings) && (
          <p className="max-w-[68ch] font-medium text-warn">{t('admin.writeBack.fileNoAuthor', ats)}</p>
        )}
        {can.feedback && <FeedbackFormFields id={id} ats={ats} hasAuthor={hasAuthor(settings)} values={values} onChange={set} />}
        <SaveBar
          changed={draft.changed.map(writeBackLabel)}
          isBusy={saving.isBusy}
          failure={saving.failure}
          isDone={saving.isDone}
          onDiscard={discard}
        />
      </form>
    </Card>
  );
}

function hasAuthor(settings: WritingSettings): boolean {
  return settings.kind !== 'lever' || settings.performAs !== '';
}
