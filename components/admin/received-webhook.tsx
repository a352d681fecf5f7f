import { useId, useState } from 'react';
import { type DeliveryView, type ReplayAnswer, replayAnswerSchema } from '../../lib/contract/failures.ts';
import { PATHS } from '../../lib/contract/paths.ts';
import { Button } from '../ui/button.tsx';
import { DisclosureButton } from '../ui/disclosure-button.tsx';
import { Notice } from '../ui/notice.tsx';
import { RelativeTime } from '../ui/relative-time.tsx';
import { t, tCount } from '../ui/t.ts';
import { fillPath } from './admin-api.ts';
import { useAdmin } from './admin-context.ts';
import { AskFirst } from './ask-first.tsx';
import { QueryView } from './query-view.tsx';
import { useDeliveryBody } from './use-failures.ts';
import { useSave } from './use-save.ts';

/** One webhook: what became of it, what it sent, and once more, to see or for real, unless an erasure left nothing of it. */
export function ReceivedWebhook({ webhook }: { webhook: DeliveryView }) {
  const { api } = useAdmin();
  const { id, event, connectionName, receivedAt, outcome, outcomeText, candidates, repeats, replays } = webhook;
  const path = fillPath(PATHS.deliveryReplay, { id: String(id) });
  const dry = useSave({
    save: () => api.write('POST', path, { dryRun: true }, replayAnswerSchema),
    said: ({ message }) => message,
  });
  const real = useSave({
    save: () => api.write('POST', path, { dryRun: false }, replayAnswerSchema),
    said: ({ message }) => message,
  });
  return (
    <li className="grid grid-cols-1 gap-1.5 py-3">
      <h3 className="font-medium">
        <bdi>{event}</bdi>
      </h3>
      <p className="flex flex-wrap gap-x-2 text-xs text-muted">
        {connectionName && <bdi>{connectionName}</bdi>}
        <RelativeTime at={receivedAt} />
        {candidates.map((name) => (
          <bdi key={name}>{name}</bdi>
        ))}
        {repeats > 0 && <span>{tCount('admin.failures.received.repeats', repeats)}</span>}
        {replays > 0 && <span>{tCount('admin.failures.received.replays', replays)}</span>}
      </p>
      <p className="text-muted">{outcomeText}</p>
      {outcome === 'erased' ? (
        <p className="text-muted">{t('admin.failures.received.allErased')}</p>
      ) : (
        <div className="flex flex-wrap gap-2">
          <Button
            aria-label={t('admin.failures.received.dryNamed', event)}
            isBusy={dry.isBusy}
            onClick={() => void dry.run(undefined)}
          >
            {t('admin.failures.received.dry')}
          </Button>
          <AskFirst
            label={t('admin.failures.received.real')}
            accessibleName={t('admin.failures.received.realNamed', event)}
            isBusy={real.isBusy}
            confirm={t('admin.failures.received.real')}
            failure={real.failure}
            onConfirm={() => real.run(undefined)}
          >
            {t('admin.failures.received.realText')}
          </AskFirst>
        </div>
      )}
      {dry.failure && (
        <Notice tone="bad" isUrgent>
          {dry.failure.message}
        </Notice>
      )}
      {dry.answer && <Foreseen answer={dry.answer} />}
      {real.answer && <Notice>{real.answer.message}</Notice>}
      <Body id={id} event={event} />
    </li>
  );
}

function Foreseen({ answer: { message, candidates } }: { answer: ReplayAnswer }) {
  return (
    <div className="grid gap-2 rounded-md bg-sunken p-3">
      <p className="font-medium">{message}</p>
      {candidates.map(({ name, because, would }, index) => (
        <div key={index} className="grid gap-1">
          {name && <bdi className="font-medium">{name}</bdi>}
          {would.length > 0 && (
            <ul aria-label={t('admin.failures.received.would')} className="list-disc ps-5">
              {would.map((text) => (
                <li key={text}>{text}</li>
              ))}
            </ul>
          )}
          <ul aria-label={t('admin.failures.received.because')} className="grid gap-0.5 text-muted">
            {because.map((text) => (
              <li key={text}>{text}</li>
            ))}
          </ul>
        </div>
      ))}
    </div>
  );
}

function Body({ id, event }: { id: number; event: string }) {
  const [isOpen, setIsOpen] = useState(false);
  const region = useId();
  const body = useDeliveryBody(id, isOpen);
  return (
    <>
      <DisclosureButton label={t('admin.failures.received.body')} isOpen={isOpen} controls={region} onToggle={setIsOpen} />
      {isOpen && (
        <section id={region} aria-label={t('admin.failures.received.bodyNamed', event)}>
          <QueryView query={body}>
            {(text) =>
              text === null ? (
                <p className="text-muted">{t('admin.failures.received.notKept')}</p>
              ) : (
                // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by keyboard
                <pre tabIndex={0} dir="ltr" className="max-h-80 overflow-auto rounded-md bg-sunken p-3 text-xs">
                  {text}
                </pre>
              )
            }
          </QueryView>
        </section>
      )}
    </>
  );
}
