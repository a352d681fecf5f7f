import { CircleAlert, CircleCheck, FlaskConical } from 'lucide-react';
import { type FormEvent, useId, useState } from 'react';
import { PATHS } from '../../lib/contract/paths.ts';
import {
  type ConnectionView,
  ENDPOINT_NAMES,
  type EndpointMap,
  type EndpointName,
  type TryEndpointAnswer,
  tryEndpointAnswerSchema,
} from '../../lib/contract/settings.ts';
import { Button } from '../ui/button.tsx';
import { Notice } from '../ui/notice.tsx';
import { t } from '../ui/t.ts';
import { fillPath } from './admin-api.ts';
import { useAdmin } from './admin-context.ts';
import { Card } from './card.tsx';
import { SelectField } from './select-field.tsx';
import { TextField } from './text-field.tsx';
import { useSave } from './use-save.ts';
import { useAssessments } from './use-settings.ts';

export interface TryEndpointProps {
  connection: ConnectionView;
  map: EndpointMap;
  /** The map in the form differs from the saved one, which is the one that is tried. */
  isUnsaved: boolean;
}

/** Tries one endpoint of the saved map: reads are carried out, the rest is only shown. */
export function TryEndpoint({ connection: { id }, map, isUnsaved }: TryEndpointProps) {
  const { api } = useAdmin();
  const listId = useId();
  const names = ENDPOINT_NAMES.filter((name) => map.endpoints[name]);
  const [chosen, setChosen] = useState<EndpointName | undefined>(names[0]);
  const [values, setValues] = useState({ assessmentId: '', email: '', externalId: '' });
  const assessments = useAssessments().data?.assessments.filter(({ vendorConnectionId }) => vendorConnectionId === id) ?? [];
  const endpoint = names.find((name) => name === chosen) ?? names[0];
  const attempt = useSave({
    save: () => {
      const given = Object.entries(values).flatMap(([name, value]) => (value.trim() ? [[name, value.trim()] as const] : []));
      const body = { endpoint, values: Object.fromEntries(given) };
      return api.write('POST', fillPath(PATHS.tryEndpoint, { id }), body, tryEndpointAnswerSchema);
    },
    said: ({ message }) => message,
  });
  if (!endpoint) return null;

  const submit = (event: FormEvent<HTMLElement>) => {
    event.preventDefault();
    void attempt.run(undefined);
  };
  const set = (part: Partial<typeof values>) => setValues((before) => ({ ...before, ...part }));
  return (
    <Card title={t('admin.try.title')} text={t('admin.try.intro')}>
      <form noValidate onSubmit={submit} className="grid max-w-xl grid-cols-1 gap-3">
        {isUnsaved && <Notice>{t('admin.try.unsaved')}</Notice>}
        <SelectField
          label={t('admin.try.endpoint')}
          options={names.map((name) => ({ value: name, label: t(`admin.map.name.${name}`) }))}
          value={endpoint}
          onChange={(value) => {
            attempt.forget();
            setChosen(names.find((name) => name === value));
          }}
        />
        {endpoint !== 'list' && (
          <>
            <TextField
              label={t('admin.try.assessment')}
              hint={t('admin.try.assessmentHint')}
              dir="ltr"
              maxLength={300}
              list={listId}
              value={values.assessmentId}
              onChange={(assessmentId) => set({ assessmentId })}
            />
            <datalist id={listId}>
              {assessments.map(({ id: key, externalId, name }) => (
                <option key={key} value={externalId}>
                  {name}
                </option>
              ))}
            </datalist>
            <TextField
              label={t('admin.try.email')}
              hint={t('admin.try.emailHint')}
              type="email"
              dir="ltr"
              maxLength={320}
              value={values.email}
              onChange={(email) => set({ email })}
            />
            {endpoint !== 'invite' && (
              <TextField
                label={t('admin.try.externalId')}
                hint={t('admin.try.externalIdHint')}
                dir="ltr"
                maxLength={300}
                value={values.externalId}
                onChange={(externalId) => set({ externalId })}
              />
            )}
          </>
        )}
        <Button type="submit" icon={FlaskConical} className="justify-self-start" isBusy={attempt.isBusy}>
          {attempt.isBusy ? t('admin.try.busy') : t('admin.try.button')}
        </Button>
        {attempt.failure && (
          <Notice tone="bad" isUrgent>
            {attempt.failure.message}
          </Notice>
        )}
      </form>
      {attempt.isDone && attempt.answer && <Tried answer={attempt.answer} />}
    </Card>
  );
}

function Tried({ answer }: { answer: TryEndpointAnswer }) {
  const { ok, message, request, status, fields } = answer;
  const Icon = ok ? CircleCheck : CircleAlert;
  return (
    <section aria-label={t('admin.try.result')} className="grid min-w-0 grid-cols-1 gap-2 rounded-md bg-sunken p-3">
      <p className={`flex items-baseline gap-1.5 ${ok ? 'text-good' : 'text-bad'}`}>
        <Icon aria-hidden size={16} className="shrink-0 self-center" />
        {message}
      </p>
      {request && (
        // biome-ignore lint/a11y/noNoninteractiveTabindex: the keyboard has to reach what scrolls.
        <pre tabIndex={0} dir="ltr" className="overflow-x-auto font-mono text-xs">
          {[
            `${request.method} ${request.url}`,
            request.header,
            ...(request.body === undefined ? [] : ['', JSON.stringify(request.body, null, 2)]),
          ].join('\n')}
        </pre>
      )}
      {status !== null && <p className="text-xs text-muted">{t('admin.try.status', status)}</p>}
      {fields.length > 0 && (
        <ul className="grid grid-cols-1 gap-0.5 text-xs">
          {fields.map(({ field, value, from }) => (
            <li key={field} className="break-words">
              <code>{field}</code>:{' '}
              {value === null ? (
                <span className="text-muted">{t('admin.try.notFound')}</span>
              ) : (
                <>
                  <bdi>{value}</bdi> {from && <span className="text-muted">{t('admin.try.from', from)}</span>}
                </>
              )}
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}
