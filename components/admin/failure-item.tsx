import { type FormEvent, type RefObject, useId, useLayoutEffect, useRef, useState } from 'react';
import { type FailureView, failuresClosedSchema } from '../../lib/contract/failures.ts';
import { PATHS } from '../../lib/contract/paths.ts';
import { Button } from '../ui/button.tsx';
import { Notice } from '../ui/notice.tsx';
import { RelativeTime } from '../ui/relative-time.tsx';
import { t, tCount } from '../ui/t.ts';
import { useAdmin } from './admin-context.ts';
import { TextField } from './text-field.tsx';
import { useSave } from './use-save.ts';

export interface FailureItemProps {
  failure: FailureView;
  /** Takes the focus over when this one leaves the list with it. */
  next: RefObject<HTMLElement | null>;
}

/** One thing that failed: what, why, with whom, and what can be done. */
export function FailureItem({ failure, next }: FailureItemProps) {
  const { text, why, connectionName, jobName, lastAt, times } = failure;
  const item = useRef<HTMLLIElement>(null);
  useLayoutEffect(() => {
    const own = item.current;
    return () => {
      // It is in the page still; once it is gone, nobody knows where the focus was.
      if (own?.contains(document.activeElement)) next.current?.focus({ preventScroll: true });
    };
  }, [next]);
  return (
    <li ref={item} className="grid grid-cols-1 gap-1.5 py-3">
      <h3 className="font-medium">{text}</h3>
      {why && <p className="max-w-[68ch] break-words text-muted">{why}</p>}
      <p className="flex flex-wrap gap-x-2 text-xs text-muted">
        <WhoLink failure={failure} />
        {jobName && <bdi>{jobName}</bdi>}
        {connectionName && <bdi>{connectionName}</bdi>}
        <span>
          {t('admin.failures.last')} <RelativeTime at={lastAt} />
        </span>
        {times > 1 && failure.kind !== 'gap' && <span>{tCount('admin.failures.times', times)}</span>}
      </p>
      {failure.state === 'open' ? <Actions failure={failure} /> : <Closed failure={failure} />}
    </li>
  );
}

function WhoLink({ failure: { candidateName, jobName, url } }: { failure: FailureView }) {
  if (candidateName === null && jobName === null) return null;
  const name = <bdi>{candidateName ?? t('admin.failures.noName')}</bdi>;
  if (!url) return name;
  return (
    <a href={url} target="_blank" rel="noreferrer" className="text-accent hover:underline">
      {name}
      <span className="sr-only"> {t('common.newTab')}</span>
    </a>
  );
}

function Closed({ failure: { state, closedBy, comment } }: { failure: FailureView }) {
  if (state === 'discarded')
    return <p className="text-xs text-muted">{t('admin.failures.discardedBy', closedBy ?? '', comment ?? '')}</p>;
  if (state === 'retried' && closedBy) return <p className="text-xs text-muted">{t('admin.failures.retriedBy', closedBy)}</p>;
  return null;
}

function Actions({ failure: { id, text, needsCheck } }: { failure: FailureView }) {
  const { api } = useAdmin();
  const [checked, setChecked] = useState(false);
  const [isDiscarding, setIsDiscarding] = useState(false);
  const hint = useId();
  const discardButton = useRef<HTMLButtonElement>(null);
  const keep = () => {
    setIsDiscarding(false);
    requestAnimationFrame(() => discardButton.current?.focus());
  };
  const retry = useSave({
    save: () => api.write('POST', PATHS.failuresRetry, { ids: [id], checked }, failuresClosedSchema),
    said: ({ message }) => message,
  });
  const isReady = checked || !needsCheck;
  return (
    <>
      {needsCheck && (
        <label className="flex items-center gap-2">
          <input type="checkbox" checked={checked} onChange={({ target }) => setChecked(target.checked)} />
          {t('admin.failures.checked')}
        </label>
      )}
      <div className="flex flex-wrap gap-2">
        <Button
          aria-label={t('admin.failures.retryNamed', text)}
          aria-describedby={isReady ? undefined : hint}
          aria-disabled={!isReady}
          isBusy={retry.isBusy}
          onClick={() => isReady && void retry.run(undefined)}
        >
          {t('admin.failures.retry')}
        </Button>
        {!isDiscarding && (
          <Button ref={discardButton} aria-label={t('admin.failures.discardNamed', text)} onClick={() => setIsDiscarding(true)}>
            {t('admin.failures.discard')}
          </Button>
        )}
      </div>
      {!isReady && (
        <p id={hint} className="text-xs text-muted">
          {t('admin.failures.checkFirst')}
        </p>
      )}
      {retry.failure && (
        <Notice tone="bad" isUrgent>
          {retry.failure.message}
        </Notice>
      )}
      {retry.answer && retry.answer.closed === 0 && <Notice tone="warn">{retry.answer.message}</Notice>}
      {isDiscarding && <Discard id={id} onKeep={keep} />}
    </>
  );
}

function Discard({ id, onKeep }: { id: string; onKeep(): void }) {
  const { api } = useAdmin();
  const [comment, setComment] = useState('');
  const discard = useSave({
    save: () => api.write('POST', PATHS.failuresDiscard, { ids: [id], comment: comment.trim() }, failuresClosedSchema),
    said: ({ message }) => message,
  });
  const [isTried, setIsTried] = useState(false);
  const isEmpty = comment.trim() === '';
  const submit = (event: FormEvent) => {
    event.preventDefault();
    setIsTried(true);
    if (!isEmpty) void discard.run(undefined);
  };
  return (
    <form noValidate onSubmit={submit} className="grid max-w-xl grid-cols-1 gap-2">
      <TextField
        label={t('admin.failures.comment')}
        autoFocus
        maxLength={500}
        problem={isTried && isEmpty ? t('admin.failures.commentNeeded') : discard.failure?.message}
        value={comment}
        onChange={setComment}
      />
      <div className="flex flex-wrap gap-2">
        <Button look="danger" type="submit" isBusy={discard.isBusy}>
          {t('admin.failures.discard')}
        </Button>
        <Button onClick={onKeep}>{t('common.cancel')}</Button>
      </div>
    </form>
  );
}
