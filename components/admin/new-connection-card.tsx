import type { FormEvent } from 'react';
import { PATHS } from '../../lib/contract/paths.ts';
import { type ConnectionKind, connectionViewSchema } from '../../lib/contract/settings.ts';
import { Button } from '../ui/button.tsx';
import { Notice } from '../ui/notice.tsx';
import { t } from '../ui/t.ts';
import { useAdmin } from './admin-context.ts';
import { Card } from './card.tsx';
import { type Brand, type ConnectionValues, newValues, toSecrets, toSettings } from './connection-fields.ts';
import { ConnectionFormFields } from './connection-form-fields.tsx';
import { focusFirstProblem } from './focus-first-problem.ts';
import { HowToConnect } from './how-to-connect.tsx';
import { useConnectionForm } from './use-connection-form.ts';
import { useSave } from './use-save.ts';

export interface NewConnectionCardProps {
  kind: ConnectionKind;
  brand: Brand;
  onDone(): void;
  /** Null: there is nothing to go back to. */
  onCancel: (() => void) | null;
}

const NOTHING_STORED = {};

/** Where to get the credential, and where to paste it. */
export function NewConnectionCard({ kind, brand: name, onDone, onCancel }: NewConnectionCardProps) {
  const { api } = useAdmin();
  const saving = useSave({
    save: async (values: ConnectionValues) => {
      const body = { name: values.name, settings: toSettings(kind, values), secrets: toSecrets(kind, values) };
      const made = await api.write('POST', PATHS.connections, body, connectionViewSchema);
      return made;
    },
    said: t('admin.connection.added', name),
  });
  const form = useConnectionForm({ kind, saved: newValues(kind, name), lastFour: NOTHING_STORED, failure: saving.failure });

  const save = async (event: FormEvent<HTMLElement>) => {
    event.preventDefault();
    if (!form.check()) return focusFirstProblem(event.currentTarget);
    if (await saving.run(form.values)) onDone();
  };
  return (
    <Card title={t('admin.connection.connect', name)}>
      <HowToConnect kind={kind} />
      <form noValidate onSubmit={(event) => void save(event)} className="grid grid-cols-1 gap-4">
        <ConnectionFormFields
          kind={kind}
          values={form.values}
          onChange={form.set}
          version={form.version}
          problems={form.problems}
          lastFour={NOTHING_STORED}
        />
        {saving.failure && (
          <Notice tone="bad" isUrgent>
            {saving.failure.message}
          </Notice>
        )}
        <div className="flex gap-2">
          <Button look="primary" type="submit" isBusy={saving.isBusy}>
            {t('admin.connection.connect', name)}
          </Button>
          {onCancel && <Button onClick={onCancel}>{t('common.cancel')}</Button>}
        </div>
      </form>
    </Card>
  );
}
