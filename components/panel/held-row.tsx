import { Undo2 } from 'lucide-react';
import { type MouseEvent, useEffect, useRef, useState } from 'react';
import { classNames } from '../ui/class-names.ts';
import { useClock } from '../ui/clock.ts';
import { t } from '../ui/t.ts';
import { useNow } from '../ui/use-now.ts';
import { usePanel } from './panel-context.ts';
import { secondsUntil } from './server-time.ts';

/** Often enough that the number never lags by more than a blink. */
const TICK_MS = 250;

export interface HeldRowProps {
  /** ISO 8601, by the server's clock. */
  dueAt: string;
  holdSeconds: number;
  by: { name: string; isYou: boolean; isRule: boolean };
  assessmentName: string;
  /** Absent: this one cannot be undone from here. */
  onUndo?: () => void;
  isUndoing: boolean;
  isLoud: boolean;
  /** The Send button that was clicked has just gone: this one takes its focus. */
  takesFocus: boolean;
}

/** An invitation that has not gone out yet: who sends it, in how many seconds, and the way back. */
export function HeldRow({ dueAt, holdSeconds, by, assessmentName, onUndo, isUndoing, isLoud, takesFocus }: HeldRowProps) {
  const { serverLeadMs } = usePanel();
  const button = useRef<HTMLButtonElement>(null);
  const seconds = secondsUntil(dueAt, useNow(TICK_MS, dueAt) + serverLeadMs);
  const canUndo = onUndo !== undefined && seconds > 0 && !isUndoing;

  useEffect(() => {
    if (takesFocus) button.current?.focus({ preventScroll: true });
  }, [takesFocus]);

  const undo = (event: MouseEvent) => {
    // The second half of a double click on "Send" lands here and means nothing.
    if (canUndo && event.detail < 2) onUndo();
  };
  return (
    <div className="grid grid-cols-1 gap-1">
      <button
        ref={button}
        type="button"
        aria-disabled={!canUndo}
        onClick={undo}
        className={classNames(
          'relative flex h-9 w-full items-center justify-center gap-1.5 overflow-hidden rounded-md border px-3 font-medium tabular-nums',
          isLoud ? 'border-accent bg-accent-soft text-ink' : 'border-edge bg-sunken text-ink',
          canUndo ? 'hover:bg-hover' : 'cursor-default text-muted',
        )}
      >
        {canUndo && <Undo2 aria-hidden size={14} className="shrink-0" />}
        <span dir="auto" className="truncate">
          {heldText({ seconds, by, isUndoing, hasUndo: onUndo !== undefined })}
        </span>
        <ShrinkingBar key={dueAt} dueAt={dueAt} holdSeconds={holdSeconds} />
      </button>
      <p dir="auto" className="truncate text-center text-xs text-muted">
        {assessmentName}
      </p>
    </div>
  );
}

interface HeldTextInput {
  seconds: number;
  by: HeldRowProps['by'];
  isUndoing: boolean;
  hasUndo: boolean;
}

function heldText({ seconds, by, isUndoing, hasUndo }: HeldTextInput): string {
  if (isUndoing) return t('panel.held.undoing');
  if (seconds === 0) return t('panel.held.now');
  const sentence = heldSentence(by, seconds);
  return hasUndo ? t('panel.held.withUndo', sentence) : sentence;
}

function heldSentence(by: HeldRowProps['by'], seconds: number): string {
  if (by.isYou) return t('panel.held.you', seconds);
  return by.isRule ? t('panel.held.rule', seconds) : t('panel.held.other', by.name, seconds);
}

/** Runs as one CSS animation, so that a busy page does not make it stutter; the number says the same without motion. */
function ShrinkingBar({ dueAt, holdSeconds }: { dueAt: string; holdSeconds: number }) {
  const clock = useClock();
  const { serverLeadMs } = usePanel();
  const [gone] = useState(() => holdSeconds - (Date.parse(dueAt) - clock.now() - serverLeadMs) / 1000);
  return (
    <span
      aria-hidden
      className="absolute inset-x-0 bottom-0 h-1 origin-left animate-shrink bg-accent motion-reduce:hidden rtl:origin-right"
      style={{ animationDuration: `${holdSeconds}s`, animationDelay: `${-gone}s` }}
    />
  );
}
