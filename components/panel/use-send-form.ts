import { useEffect, useRef, useState } from 'react';
import type { InvitationView } from '../../lib/contract/panel.ts';
import { isOpen } from '../../lib/domain/invitation.ts';
import type { ApplicationView } from './panel-commands.ts';
import type { SendDraft } from './send-draft.ts';
import { firstChoice } from './sort-choices.ts';

/**
 * The send form's content and whether it is unfolded. With nothing under way it stands open; beside an open invitation, a
 * result or a failure it is folded, since something else comes first. Lives as long as the application is shown.
 */
export function useSendForm(view: ApplicationView, current: InvitationView[]) {
  const [draft, setDraft] = useState<SendDraft>({ assessmentId: null, email: '', message: '', deadlineDays: '' });
  const [wish, setWish] = useState<boolean | null>(null);
  const [focusOn, setFocusOn] = useState<'email' | 'picker' | null>(null);
  const picker = useRef<HTMLInputElement>(null);
  const email = useRef<HTMLInputElement>(null);

  const stands = !current.some((each) => isOpen(each.state) || each.state === 'scored' || each.state === 'failed');
  const isUnfolded = wish ?? stands;
  // Until the recruiter picks one, the form follows the tags as they come and go.
  const assessmentId = draft.assessmentId ?? firstChoice(view.assessments, view.defaultAssessmentId);

  useEffect(() => {
    if (!focusOn) return;
    const field = focusOn === 'email' ? (email.current ?? picker.current) : picker.current;
    field?.focus();
    setFocusOn(null);
  }, [focusOn]);

  return {
    draft: { ...draft, assessmentId },
    change: (part: Partial<SendDraft>) => setDraft((now) => ({ ...now, ...part })),
    isUnfolded,
    /** True when it is the main thing; false when it is offered beside an invitation. */
    stands,
    fold: (isOpen: boolean) => setWish(isOpen),
    prepare(wanted: string | null, on: 'email' | 'picker') {
      if (wanted) setDraft((now) => ({ ...now, assessmentId: wanted }));
      setWish(true);
      setFocusOn(on);
    },
    /** After a click on "Send": back to what the state calls for. */
    settle: () => setWish(null),
    picker,
    email,
  };
}

export type SendForming = ReturnType<typeof useSendForm>;
