import { type ReactNode, useRef, useState } from 'react';
import type { ChangeKind } from '../../lib/domain/application-change.ts';
import { Button } from '../ui/button.tsx';
import { t } from '../ui/t.ts';
import { ApplicationSend } from './application-send.tsx';
import { CandidateHeading } from './candidate-heading.tsx';
import { ChangeForm } from './change-form.tsx';
import { ChangeMenu } from './change-menu.tsx';
import { EarlierInvitations } from './earlier-invitations.tsx';
import { ExtraTimeForm } from './extra-time-form.tsx';
import { HappeningsList } from './happenings-list.tsx';
import { InvitationCard } from './invitation-card.tsx';
import { shownInvitations } from './just-clicked.ts';
import { MoveButton } from './move-button.tsx';
import type { ApplicationView } from './panel-commands.ts';
import { PanelContext, usePanel } from './panel-context.ts';
import { primaryAction } from './primary-action.ts';
import { addressOf } from './send-draft.ts';
import { sortInvitations } from './sort-invitations.ts';
import { useSendForm } from './use-send-form.ts';

/** `fully`: the page may change the person at any moment without a sign that the recruiter would see in its address. */
export type Naming = 'fully' | 'by first name' | null;

export interface ApplicationPanelProps {
  view: ApplicationView;
  /** Where the page's address alone does not tell who is shown, the buttons that act name the person. */
  naming: Naming;
  /** Back to the person's other applications, where there are any. */
  onOthers?: () => void;
  /** Notices, which offer what this panel can do. */
  children?: ReactNode;
}

/** Everything about one application: who, send, invitations with their results, what happened. */
export function ApplicationPanel({ view, naming, onOthers, children }: ApplicationPanelProps) {
  const panel = usePanel();
  const person = nameFor(view, naming);
  const { commands, serverLeadMs } = panel;
  const invitations = shownInvitations({ view, justClicked: commands.justClicked, serverLeadMs });
  const { current, earlier } = sortInvitations(invitations);
  const form = useSendForm(view, current);
  const [asked, setAsked] = useState<ChangeKind | null>(null);
  const [isExtraTimeOpen, setIsExtraTimeOpen] = useState(false);
  const menu = useRef<HTMLButtonElement>(null);
  // Somebody else may have done it meanwhile.
  const question = asked && view.changes.includes(asked) && !panel.isOffline ? asked : null;
  // One question at a time.
  const openChange = (kind: ChangeKind) => {
    setIsExtraTimeOpen(false);
    setAsked(kind);
  };
  const openExtraTime = () => {
    setAsked(null);
    setIsExtraTimeOpen(true);
  };
  const closeQuestion = () => {
    setAsked(null);
    setIsExtraTimeOpen(false);
    menu.current?.focus({ preventScroll: true });
  };
  const hasForm = view.may.send && view.assessments.length > 0;
  // Of two loud buttons neither would be.
  const primary = question ? null : primaryAction({ view, invitations: current, isFormOpen: hasForm && form.isUnfolded });
  const moveFrom = view.moveTarget
    ? (current.find((each) => each.result?.passed) ?? current.find((each) => each.result))
    : undefined;

  /** One click where everything is known already; the hold is the way back. Otherwise the form asks for what is missing. */
  const sendNow = (assessmentId: string | null) => {
    const choice = view.assessments.find((each) => each.id === (assessmentId ?? form.draft.assessmentId));
    const isReady = choice && choice.unusableBecause === null && addressOf(form.draft, view) && !choice.isRetake && !naming;
    if (!isReady) return form.prepare(assessmentId, 'picker');
    const email = form.draft.email || null;
    if (commands.send({ assessmentId: choice.id, email, onlyTag: false, retake: false, options: {} })) form.settle();
  };
  const sendSection = <ApplicationSend view={view} form={form} primary={primary} person={person} />;

  return (
    <PanelContext value={{ ...panel, sendNow, prepareSend: form.prepare, openChange }}>
      <CandidateHeading
        name={view.candidateName}
        lines={headingLines(view)}
        menu={<ChangeMenu view={view} ref={menu} onExtraTime={openExtraTime} />}
      >
        {onOthers && (
          <Button look="quiet" onClick={onOthers}>
            {t('panel.chooser.others')}
          </Button>
        )}
      </CandidateHeading>
      {isExtraTimeOpen && !panel.isOffline && (
        <div className="mx-3 mb-3">
          <ExtraTimeForm invitationId={null} onClose={closeQuestion} />
        </div>
      )}
      {question && <ChangeForm key={question} view={view} kind={question} onClose={closeQuestion} />}
      {children}
      {form.stands && sendSection}
      {current.map((invitation) => (
        <InvitationCard
          // The clicked one and the server's own are the same to the reader: same key, so that the focus stays on "Undo".
          key={invitation.state === 'held' ? `held:${invitation.assessmentId}` : invitation.id}
          invitation={invitation}
          holdSeconds={view.holdSeconds}
          primary={primary}
          moveButton={invitation === moveFrom && <MoveButton view={view} person={person} isLoud={primary?.kind === 'move'} />}
          onRetake={form.stands ? undefined : (assessmentId) => form.prepare(assessmentId, 'picker')}
        />
      ))}
      {!form.stands && sendSection}
      <EarlierInvitations invitations={earlier} />
      <HappeningsList happenings={view.happenings} />
    </PanelContext>
  );
}

/** What the buttons that act call the person; null where they need not. */
function nameFor({ firstName, candidateName, emails }: ApplicationView, naming: Naming): string | null {
  if (!naming) return null;
  const names = naming === 'fully' ? [candidateName, firstName] : [firstName, candidateName];
  return names.find((name) => name !== null) ?? emails[0] ?? null;
}

function headingLines({ jobName, stageName, status }: ApplicationView): string[] {
  const stage = stageName && t('panel.candidate.stage', stageName);
  const closed = status === 'active' ? null : t(`panel.candidate.status.${status}`);
  return [jobName ?? t('panel.candidate.noJob'), stage, closed].filter((line) => typeof line === 'string');
}
