import { type FormEvent, type KeyboardEvent, useEffect, useRef, useState } from 'react';
import type { InvitationView } from '../../lib/contract/panel.ts';
import { Button } from '../ui/button.tsx';
import { useClock } from '../ui/clock.ts';
import { Field, INPUT_LOOK } from '../ui/field.tsx';
import { t } from '../ui/t.ts';
import { ExtraTimeForm } from './extra-time-form.tsx';
import { deadlineRange, type FollowUp, type FollowUpWish, looksLikeEmail } from './follow-ups.ts';
import { usePanel } from './panel-context.ts';

export interface FollowUpFormProps {
  invitation: InvitationView;
  action: FollowUp;
  onClose(): void;
}

/** The question before it is done, with what has to be entered. Escape says no. */
export function FollowUpForm(props: FollowUpFormProps) {
  switch (props.action) {
    case 'resend':
      return <ResendForm {...props} />;
    case 'extend':
      return <DeadlineForm {...props} />;
    case 'correct-email':
      return <AddressForm {...props} />;
    case 'extra-time':
      return <ExtraTimeForm invitationId={props.invitation.id} onClose={props.onClose} />;
  }
}

function ResendForm({ invitation, onClose }: FollowUpFormProps) {
  return (
    <FollowUpBox
      invitationId={invitation.id}
      title={t('panel.followUp.resendTitle', invitation.email)}
      confirm={t('panel.followUp.resendConfirm')}
      wish={{ action: 'resend' }}
      onClose={onClose}
    >
      <p className="text-xs text-muted">{t('panel.followUp.resendText')}</p>
    </FollowUpBox>
  );
}

function DeadlineForm({ invitation, onClose }: FollowUpFormProps) {
  const clock = useClock();
  const { serverLeadMs } = usePanel();
  const [range] = useState(() => deadlineRange(clock.now() + serverLeadMs));
  const [day, setDay] = useState(() => invitation.expiresAt?.slice(0, 10) ?? '');
  const isGood = day >= range.min && day <= range.max;
  return (
    <FollowUpBox
      invitationId={invitation.id}
      title={t('panel.followUp.extendTitle', invitation.assessmentName)}
      confirm={t('panel.followUp.extendConfirm')}
      wish={isGood ? { action: 'extend', day } : null}
      onClose={onClose}
    >
      {(problem) => (
        <Field
          label={t('panel.followUp.day')}
          hint={t('panel.followUp.dayHint')}
          problem={problem ? t('panel.followUp.dayRange') : null}
        >
          {(control) => (
            <input
              {...control}
              type="date"
              {...range}
              value={day}
              onChange={(event) => setDay(event.target.value)}
              className={`${INPUT_LOOK} h-8`}
            />
          )}
        </Field>
      )}
    </FollowUpBox>
  );
}

function AddressForm({ invitation, onClose }: FollowUpFormProps) {
  const [email, setEmail] = useState('');
  const isGood = looksLikeEmail(email) && email.trim().toLowerCase() !== invitation.email.toLowerCase();
  return (
    <FollowUpBox
      invitationId={invitation.id}
      title={t('panel.followUp.correctTitle', invitation.email)}
      confirm={t('panel.followUp.correctConfirm')}
      wish={isGood ? { action: 'correct-email', email: email.trim() } : null}
      onClose={onClose}
    >
      {(problem) => (
        <Field
          label={t('panel.followUp.newEmail')}
          hint={t('panel.followUp.correctHint')}
          problem={problem ? t('panel.followUp.emailProblem') : null}
        >
          {(control) => (
            <input
              {...control}
              type="email"
              dir="ltr"
              autoComplete="off"
              maxLength={254}
              value={email}
              onChange={(event) => setEmail(event.target.value)}
              className={`${INPUT_LOOK} h-8`}
            />
          )}
        </Field>
      )}
    </FollowUpBox>
  );
}

export interface FollowUpBoxProps {
  /** Null: about the candidate. */
  invitationId: string | null;
  title: string;
  confirm: string;
  /** Null while what was entered cannot be taken. */
  wish: FollowUpWish | null;
  isWaiting?: boolean;
  /** As a function it is told whether to say what is wrong. */
  children: React.ReactNode | ((isProblemTold: boolean) => React.ReactNode);
  onClose(): void;
}

/** Takes the focus, says what is wrong only when somebody has tried, and closes when the server has taken it. */
export function FollowUpBox({ invitationId, title, confirm, wish, isWaiting = false, children, onClose }: FollowUpBoxProps) {
  const { commands } = usePanel();
  const box = useRef<HTMLFormElement>(null);
  const [wasTried, setWasTried] = useState(false);
  useEffect(() => {
    const first = box.current?.querySelector<HTMLElement>('input, select') ?? box.current;
    first?.focus({ preventScroll: true });
  }, []);

  const submit = async (event: FormEvent) => {
    event.preventDefault();
    setWasTried(true);
    if (wish && (await commands.followUp(invitationId, wish))) onClose();
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key !== 'Escape') return;
    event.stopPropagation();
    onClose();
  };
  return (
    <form
      ref={box}
      noValidate
      tabIndex={-1}
      aria-label={title}
      onSubmit={(event) => void submit(event)}
      onKeyDown={onKeyDown}
      className="grid grid-cols-1 gap-2 rounded-md border border-line p-3"
    >
      <p className="font-medium break-words">{title}</p>
      {typeof children === 'function' ? children(wasTried && wish === null) : children}
      <div className="flex flex-wrap gap-2">
        <Button
          type="submit"
          look="primary"
          isBusy={wish !== null && commands.busy === `${wish.action}:${invitationId}`}
          disabled={isWaiting}
        >
          {confirm}
        </Button>
        <Button onClick={onClose}>{t('common.cancel')}</Button>
      </div>
    </form>
  );
}
