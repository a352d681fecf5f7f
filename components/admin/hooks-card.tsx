import { KeyRound, Plus, Trash2 } from 'lucide-react';
import { type FormEvent, useState } from 'react';
import { PATHS } from '../../lib/contract/paths.ts';
import {
  madeOutgoingHookSchema,
  type OutgoingHookView,
  outgoingHookSchema,
  testMailAnswerSchema,
} from '../../lib/contract/settings.ts';
import { HOOK_EVENTS, type HookEvent } from '../../lib/domain/hook-event.ts';
import { Button } from '../ui/button.tsx';
import { Notice } from '../ui/notice.tsx';
import { RelativeTime } from '../ui/relative-time.tsx';
import { type TextKey, t } from '../ui/t.ts';
import { fillPath } from './admin-api.ts';
import { useAdmin } from './admin-context.ts';
import { problemsByPath } from './api-failure.ts';
import { AskFirst } from './ask-first.tsx';
import { Card } from './card.tsx';
import { CopyField } from './copy-field.tsx';
import { QueryView } from './query-view.tsx';
import { TextField } from './text-field.tsx';
import { useSave } from './use-save.ts';
import { useHooks } from './use-settings.ts';

const EVENT_WORDS: Record<HookEvent, TextKey> = {
  'invitation.sent': 'admin.hooks.event.invitation_sent',
  'invitation.started': 'admin.hooks.event.invitation_started',
  'result.reported': 'admin.hooks.event.result_reported',
  'invitation.cancelled': 'admin.hooks.event.invitation_cancelled',
  'invitation.expired': 'admin.hooks.event.invitation_expired',
  'outcome.changed': 'admin.hooks.event.outcome_changed',
};

/** Where other systems are told what happens: addresses, what each is told of, and how the last call went. */
export function HooksCard() {
  const hooks = useHooks();
  return (
    <Card title={t('admin.hooks.title')}>
      <p className="max-w-[68ch] text-muted">{t('admin.hooks.intro')}</p>
      <QueryView query={hooks}>
        {(data) =>
          data.hooks.length > 0 && (
            <ul className="grid grid-cols-1 divide-y divide-line">
              {data.hooks.map((hook) => (
                <HookRow key={hook.id} hook={hook} />
              ))}
            </ul>
          )
        }
      </QueryView>
      <NewHook />
    </Card>
  );
}

function HookRow({ hook }: { hook: OutgoingHookView }) {
  const { api } = useAdmin();
  const { id, name, url, events, enabled, lastFour, lastOkAt, lastFailedAt, lastFailedBecause } = hook;
  const path = fillPath(PATHS.outgoingHook, { id });
  const switching = useSave({
    save: () => api.write('PATCH', path, { enabled: !enabled }, outgoingHookSchema),
    said: t('admin.hooks.saved', name),
  });
  const testing = useSave({
    save: () => api.write('POST', fillPath(PATHS.outgoingHookTest, { id }), {}, testMailAnswerSchema),
    said: ({ message }) => message,
  });
  const replacing = useSave({
    save: () => api.write('POST', fillPath(PATHS.outgoingHookSecret, { id }), {}, madeOutgoingHookSchema),
    said: t('admin.hooks.secretReplaced', name),
  });
  const removing = useSave({ save: () => api.remove(path), said: t('admin.hooks.removed', name) });
  const failure = switching.failure ?? testing.failure;
  return (
    <li className="grid grid-cols-1 gap-2 py-3">
      <h3 className="font-medium">
        <bdi>{name}</bdi>
      </h3>
      <p className="break-all text-xs text-muted" dir="ltr">
        {url}
      </p>
      <p className="text-xs text-muted">{events.map((event) => t(EVENT_WORDS[event])).join(' · ')}</p>
      <p className="text-xs text-muted">
        {lastOkAt === null && lastFailedAt === null && t('admin.hooks.never')}
        {lastOkAt !== null && (
          <>
            {t('admin.hooks.lastOk')} <RelativeTime at={lastOkAt} />{' '}
          </>
        )}
        {lastFailedAt !== null && (
          <>
            {t('admin.hooks.lastFailed')} <RelativeTime at={lastFailedAt} /> <bdi>{lastFailedBecause}</bdi>
          </>
        )}
      </p>
      <div className="flex flex-wrap gap-2">
        <Button aria-label={t('admin.hooks.testNamed', name)} isBusy={testing.isBusy} onClick={() => void testing.run(undefined)}>
          {t('admin.hooks.test')}
        </Button>
        <Button
          aria-label={t(enabled ? 'admin.hooks.switchOffNamed' : 'admin.hooks.switchOnNamed', name)}
          isBusy={switching.isBusy}
          onClick={() => void switching.run(undefined)}
        >
          {t(enabled ? 'admin.hooks.switchOff' : 'admin.hooks.switchOn')}
        </Button>
        <AskFirst
          label={t('admin.hooks.replaceSecret')}
          accessibleName={t('admin.hooks.replaceSecretNamed', name)}
          icon={KeyRound}
          confirm={t('admin.hooks.replaceSecret')}
          isBusy={replacing.isBusy}
          failure={replacing.failure}
          onConfirm={() => replacing.run(undefined)}
        >
          {t('admin.hooks.replaceSecretMeans', name, lastFour)}
        </AskFirst>
        <AskFirst
          label={t('admin.hooks.remove')}
          accessibleName={t('admin.hooks.removeNamed', name)}
          icon={Trash2}
          confirm={t('admin.hooks.remove')}
          isBusy={removing.isBusy}
          failure={removing.failure}
          onConfirm={() => void removing.run(undefined)}
        >
          {t('admin.hooks.removeMeans')}
        </AskFirst>
      </div>
      {failure && (
        <Notice tone="bad" isUrgent>
          {failure.message}
        </Notice>
      )}
      {replacing.answer && <NewSecret secret={replacing.answer.secret} />}
      {testing.answer && <Notice tone={testing.answer.ok ? 'info' : 'bad'}>{testing.answer.message}</Notice>}
    </li>
  );
}

/** Shown once, right after it was made. */
function NewSecret({ secret }: { secret: string }) {
  return (
    <Notice tone="warn">
      <div className="grid gap-2">
        <p>{t('admin.hooks.secret')}</p>
        <CopyField label={t('admin.hooks.secretLabel')} text={secret} />
      </div>
    </Notice>
  );
}

function NewHook() {
  const { api } = useAdmin();
  const [isOpen, setIsOpen] = useState(false);
  const [name, setName] = useState('');
  const [url, setUrl] = useState('');
  const [events, setEvents] = useState<readonly HookEvent[]>(HOOK_EVENTS);
  const adding = useSave({
    save: (body: { name: string; url: string; events: readonly HookEvent[] }) =>
      api.write('POST', PATHS.outgoingHooks, body, madeOutgoingHookSchema),
    said: ({ hook }) => t('admin.hooks.saved', hook.name),
  });
  const refused = problemsByPath(adding.failure);
  const add = async (event: FormEvent) => {
    event.preventDefault();
    if (!(await adding.run({ name: name.trim(), url: url.trim(), events }))) return;
    setName('');
    setUrl('');
    setIsOpen(false);
  };
  return (
    <>
      {adding.answer && <NewSecret secret={adding.answer.secret} />}
      {!isOpen && (
        <Button icon={Plus} className="justify-self-start" onClick={() => setIsOpen(true)}>
          {t('admin.hooks.add')}
        </Button>
      )}
      {isOpen && (
        <form noValidate onSubmit={(event) => void add(event)} className="grid max-w-xl grid-cols-1 gap-4">
          <TextField label={t('admin.hooks.name')} maxLength={120} problem={refused.name} value={name} onChange={setName} />
          <TextField
            label={t('admin.hooks.url')}
            dir="ltr"
            placeholder="https://"
            maxLength={2000}
            problem={refused.url}
            value={url}
            onChange={setUrl}
          />
          <fieldset className="grid gap-1">
            <legend className="text-xs font-medium text-muted">{t('admin.hooks.events')}</legend>
            {HOOK_EVENTS.map((event) => (
              <label key={event} className="flex items-center gap-2">
                <input
                  type="checkbox"
                  checked={events.includes(event)}
                  onChange={({ target }) =>
                    setEvents(HOOK_EVENTS.filter((one) => (one === event ? target.checked : events.includes(one))))
                  }
                />
                {t(EVENT_WORDS[event])}
              </label>
            ))}
          </fieldset>
          {adding.failure && (
            <Notice tone="bad" isUrgent>
              {adding.failure.message}
            </Notice>
          )}
          <div className="flex flex-wrap gap-2">
            <Button look="primary" type="submit" isBusy={adding.isBusy}>
              {t('admin.hooks.add')}
            </Button>
            <Button onClick={() => setIsOpen(false)}>{t('common.cancel')}</Button>
          </div>
        </form>
      )}
    </>
  );
}
