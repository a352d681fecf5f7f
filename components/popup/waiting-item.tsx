import { ExternalLink, Undo2 } from 'lucide-react';
import { useState } from 'react';
import type { Waiting } from '../../lib/contract/panel.ts';
import { secondsUntil } from '../panel/server-time.ts';
import { Button } from '../ui/button.tsx';
import { RelativeTime } from '../ui/relative-time.tsx';
import { t } from '../ui/t.ts';
import { useNow } from '../ui/use-now.ts';
import type { PopupBackend } from './backend.ts';

/** Often enough that the number never lags by more than a blink. */
const TICK_MS = 250;

export interface WaitingItemProps {
  item: Waiting['items'][number];
  /** How far the server's clock is ahead of the browser's. */
  serverLeadMs: number;
  undo: PopupBackend['undoFromPopup'];
  /** Something was done, or is too late; read out, and the list is read anew. */
  onDone(text: string): void;
}

/** One candidate: who, what is the matter, and the way back or the way there. */
export function WaitingItem({ item, serverLeadMs, undo, onDone }: WaitingItemProps) {
  const { candidateName, jobName, text, url, at, held } = item;
  const name = candidateName ?? t('popup.waiting.noName');
  return (
    <li className="grid grid-cols-1 gap-1 py-2">
      <div className="flex items-baseline gap-2">
        {url ? (
          <a
            href={url}
            target="_blank"
            rel="noreferrer"
            className="inline-flex min-w-0 items-center gap-1 rounded-sm font-medium text-accent hover:underline"
          >
            <bdi className="truncate">{name}</bdi>
            <ExternalLink aria-hidden size={12} className="shrink-0" />
            <span className="sr-only">{t('common.newTab')}</span>
          </a>
        ) : (
          <bdi className="truncate font-medium">{name}</bdi>
        )}
        <span className="ms-auto shrink-0 text-xs text-muted">
          <RelativeTime at={at} />
        </span>
      </div>
      {jobName && (
        <p dir="auto" className="truncate text-xs text-muted">
          {jobName}
        </p>
      )}
      <p>{text}</p>
      {held && (
        <Held held={held} applicationKey={item.key} candidate={name} serverLeadMs={serverLeadMs} undo={undo} onDone={onDone} />
      )}
    </li>
  );
}

interface HeldProps extends Pick<WaitingItemProps, 'serverLeadMs' | 'undo' | 'onDone'> {
  held: NonNullable<WaitingItemProps['item']['held']>;
  applicationKey: string;
  candidate: string;
}

function Held({ held, applicationKey, candidate, serverLeadMs, undo, onDone }: HeldProps) {
  const [isBusy, setIsBusy] = useState(false);
  const [refusal, setRefusal] = useState<string | null>(null);
  const seconds = secondsUntil(held.dueAt, useNow(TICK_MS, held.dueAt) + serverLeadMs);

  const take = async () => {
    setIsBusy(true);
    try {
      const answer = await undo({ invitationId: held.invitationId, applicationKey });
      if ('refused' in answer || answer.outcome === 'refused') setRefusal(answer.message);
      onDone(answer.message);
    } catch (error) {
      console.error('tagalong: the background did not answer', error);
      setRefusal(t('popup.noAnswer'));
    }
    setIsBusy(false);
  };
  const who = held.isYou ? t('popup.held.you', seconds) : t('popup.held.other', held.byName, seconds);
  return (
    <div className="flex flex-wrap items-center justify-between gap-x-2 gap-y-1">
      <span dir="auto" className="text-xs text-muted tabular-nums">
        {seconds > 0 ? who : t('popup.held.now')}
      </span>
      {seconds > 0 && (
        <Button icon={Undo2} isBusy={isBusy} aria-label={t('popup.held.undoNamed', candidate)} onClick={() => void take()}>
          {isBusy ? t('popup.held.undoing') : t('popup.held.undo')}
        </Button>
      )}
      {refusal && (
        <p role="alert" className="basis-full text-xs text-bad">
          {refusal}
        </p>
      )}
    </div>
  );
}
