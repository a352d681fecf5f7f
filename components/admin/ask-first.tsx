import { type ReactNode, useEffect, useRef, useState } from 'react';
import { Button, type ButtonProps } from '../ui/button.tsx';
import { Notice } from '../ui/notice.tsx';
import { t } from '../ui/t.ts';

export interface AskFirstProps extends Pick<ButtonProps, 'look' | 'icon' | 'isBusy'> {
  /** The button. */
  label: string;
  /** For screen readers, where the button's word alone does not say what it is about. */
  accessibleName?: string;
  /** What will happen. */
  children: ReactNode;
  confirm: string;
  failure?: Error | null;
  /** Resolves with true when it is done: then the question is over, and the button there again. */
  onConfirm(): undefined | Promise<boolean>;
}

/** A button whose deed cannot be taken back: says what will happen before it happens, and the focus starts on the way out. */
export function AskFirst({ label, accessibleName, children, confirm, failure, onConfirm, isBusy, ...button }: AskFirstProps) {
  const [isOpen, setIsOpen] = useState(false);
  const opener = useRef<HTMLButtonElement>(null);
  const close = () => {
    setIsOpen(false);
    requestAnimationFrame(() => opener.current?.focus());
  };
  const answer = async () => {
    if ((await onConfirm()) === true) close();
  };
  if (!isOpen) {
    return (
      <Button ref={opener} {...button} aria-label={accessibleName} onClick={() => setIsOpen(true)}>
        {label}
      </Button>
    );
  }
  return (
    <Question
      label={accessibleName ?? label}
      confirm={confirm}
      failure={failure}
      isBusy={isBusy}
      onConfirm={() => void answer()}
      onKeep={close}
    >
      {children}
    </Question>
  );
}

export interface QuestionProps {
  label: string;
  confirm: string;
  /** The way out; "Cancel" where nothing better is said. */
  keep?: string;
  failure?: Error | null;
  isBusy?: boolean;
  children: ReactNode;
  onConfirm(): void;
  onKeep(): void;
}

/** What will happen, and yes or no. The focus starts on the way out, unless something to fill in took it. */
export function Question({ label, confirm, keep: keepText, failure, isBusy, children, onConfirm, onKeep }: QuestionProps) {
  const box = useRef<HTMLFieldSetElement>(null);
  const keep = useRef<HTMLButtonElement>(null);
  useEffect(() => {
    if (!box.current?.contains(document.activeElement)) keep.current?.focus({ preventScroll: true });
  }, []);
  return (
    <fieldset ref={box} className="grid min-w-0 basis-full grid-cols-1 gap-3 rounded-md border border-edge p-3">
      <legend className="sr-only">{label}</legend>
      <div className="max-w-[68ch]">{children}</div>
      {failure && (
        <Notice tone="bad" isUrgent>
          {failure.message}
        </Notice>
      )}
      <div className="flex flex-wrap gap-2">
        <Button look="danger" isBusy={isBusy} onClick={onConfirm}>
          {confirm}
        </Button>
        <Button ref={keep} onClick={onKeep}>
          {keepText ?? t('common.cancel')}
        </Button>
      </div>
    </fieldset>
  );
}
