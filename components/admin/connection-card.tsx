import type { FormEvent } from 'react';
import { PATHS } from '../../lib/contract/paths.ts';
import { type ConnectionView, connectionViewSchema } from '../../lib/contract/settings.ts';
import { type TextKey, t } from '../ui/t.ts';
import { AccessCard } from './access-card.tsx';
import { fillPath } from './admin-api.ts';
import { useAdmin } from './admin-context.ts';
import { Card } from './card.tsx';
import { ConnectionCheck, useConnectionCheck } from './connection-check.tsx';
import { ConnectionEnd } from './connection-end.tsx';
import { CONNECTION_FIELDS, type ConnectionValues, toSecrets, toSettings, toValues } from './connection-fields.ts';
import { ConnectionFormFields } from './connection-form-fields.tsx';
import { ConsentCard } from './consent-card.tsx';
import { focusFirstProblem } from './focus-first-problem.ts';
import { OutcomeWordsCard } from './outcome-words-card.tsx';
import { RetiredApi } from './retired-api.tsx';
import { SaveBar } from './save-bar.tsx';
import { SetUpKeyCard } from './set-up-key-card.tsx';
import { StateBadge } from './state-badge.tsx';
import { Troubles } from './troubles.tsx';
import { TryEndpoint } from './try-endpoint.tsx';
import { useConnectionForm } from './use-connection-form.ts';
import { useSave } from './use-save.ts';
import { WebhooksCard } from './webhooks-card.tsx';
import { WriteBackCard } from './write-back-card.tsx';

export interface ConnectionCardProps {
  connection: ConnectionView;
  publicUrl: string | null;
}

/** One account: whether it works, its settings, its webhooks, and how to switch it off or take it away. */
export function ConnectionCard({ connection, publicUrl }: ConnectionCardProps) {
  const { api } = useAdmin();
  const { id, kind, name, settings, state, troubles, notes } = connection;
  const check = useConnectionCheck(connection);
  // What the check beside it says already is not said twice.
  const otherTroubles = troubles.filter((text) => text !== check.answer?.message);
  const lastFour = Object.fromEntries(connection.secrets.map((secret) => [secret.name, secret.lastFour]));
  const saving = useSave({
    save: (values: ConnectionValues) => {
      const body = { name: values.name, settings: toSettings(kind, values, settings), secrets: toSecrets(kind, values) };
      return api.write('PATCH', fillPath(PATHS.connection, { id }), body, connectionViewSchema);
    },
    said: t('admin.save.saved'),
  });
  const form = useConnectionForm({ kind, saved: toValues(name, settings), lastFour, failure: saving.failure });

  const save = async (event: FormEvent<HTMLElement>) => {
    event.preventDefault();
    if (!form.check()) return focusFirstProblem(event.currentTarget);
    if (await saving.run(form.values)) form.reset();
  };
  const discard = () => {
    saving.forget();
    form.reset();
  };
  return (
    <>
      <Card title={name} aside={<StateBadge state={state} />}>
        {connection.enabled && <Troubles texts={otherTroubles} />}
        {connection.enabled &&
          notes.map((text) => (
            <p key={text} className="text-muted">
              {text}
            </p>
          ))}
        {!connection.enabled && <p className="text-muted">{t('admin.connection.isOff')}</p>}
        <ConnectionCheck connection={connection} check={check} />
        <RetiredApi settings={settings} values={form.values} onChange={form.set} />
        <form noValidate onSubmit={(event) => void save(event)} className="grid grid-cols-1 gap-4 border-t border-line pt-4">
          <ConnectionFormFields
            kind={kind}
            values={form.values}
            onChange={form.set}
            version={form.version}
            problems={form.problems}
            lastFour={lastFour}
          />
          <SaveBar
            changed={form.changed.map((field) => t(labelOf(connection, field)))}
            isBusy={saving.isBusy}
            failure={saving.failure}
            isDone={saving.isDone}
            onDiscard={discard}
          />
        </form>
      </Card>
      {connection.secrets.some((secret) => secret.name === 'setupKey') && <SetUpKeyCard connection={connection} />}
      {connection.consent !== null && <ConsentCard connection={connection} publicUrl={publicUrl} />}
      {connection.webhooks.length > 0 && <WebhooksCard connection={connection} publicUrl={publicUrl} />}
      {connection.side === 'vendor' && <OutcomeWordsCard connection={connection} />}
      {connection.side === 'ats' && <WriteBackCard connection={connection} />}
      {connection.side === 'ats' && <AccessCard connection={connection} />}
      {settings.kind === 'coderbyte' && (
        <TryEndpoint connection={connection} map={settings.map} isUnsaved={form.changed.includes('map')} />
      )}
      <ConnectionEnd connection={connection} />
    </>
  );
}

function labelOf({ kind }: ConnectionView, name: string): TextKey {
  return CONNECTION_FIELDS[kind].find((field) => field.name === name)?.label ?? 'admin.field.name';
}
