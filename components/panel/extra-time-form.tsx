import { useEffect, useState } from 'react';
import type { ExtraTime } from '../../lib/contract/panel.ts';
import { Button } from '../ui/button.tsx';
import { Field, INPUT_LOOK } from '../ui/field.tsx';
import { Skeleton } from '../ui/skeleton.tsx';
import { t } from '../ui/t.ts';
import { FollowUpBox } from './follow-up-form.tsx';
import { readPercent } from './follow-ups.ts';
import { usePanel } from './panel-context.ts';

const USUAL = ['25', '50', '100'];

export interface ExtraTimeFormProps {
  /** Null: beforehand, for the candidate's invitations to come. */
  invitationId: string | null;
  onClose(): void;
}

/** What the person needs at every test. Asked for when the question opens: no view holds it, and so no copy of one. */
export function ExtraTimeForm({ invitationId, onClose }: ExtraTimeFormProps) {
  const { commands } = usePanel();
  const [known, setKnown] = useState<ExtraTime | string | null>(null);
  const [tries, setTries] = useState(0);
  const { extraTimeOf } = commands;
  // Asked once for each question, and again when somebody says so.
  useEffect(() => {
    let isWanted = true;
    void extraTimeOf(invitationId).then((heard) => isWanted && setKnown(heard));
    return () => {
      isWanted = false;
    };
  }, [invitationId, tries]);
  const askAgain = () => {
    setKnown(null);
    setTries(tries + 1);
  };
  if (known !== null && typeof known === 'object')
    return <KnownForm invitationId={invitationId} known={known} onClose={onClose} />;
  return (
    <FollowUpBox
      invitationId={invitationId}
      title={t('panel.followUp.extraTitle')}
      confirm={t('panel.followUp.extraConfirm')}
      wish={null}
      isWaiting
      onClose={onClose}
    >
      {known === null ? (
        <div role="status" className="grid grid-cols-1 gap-2 py-1">
          <span className="sr-only">{t('panel.followUp.asking')}</span>
          <Skeleton className="w-3/4" />
        </div>
      ) : (
        <div role="alert" className="grid grid-cols-1 justify-items-start gap-1">
          <p className="text-bad">{known}</p>
          <Button look="quiet" onClick={askAgain}>
            {t('common.tryAgain')}
          </Button>
        </div>
      )}
    </FollowUpBox>
  );
}

function KnownForm({ invitationId, known, onClose }: ExtraTimeFormProps & { known: ExtraTime }) {
  const before = known.percent === null ? '' : String(known.percent);
  const isUsual = before === '' || USUAL.includes(before);
  const [choice, setChoice] = useState(isUsual ? before : 'own');
  const [own, setOwn] = useState(isUsual ? '' : before);
  const percent = choice === '' ? null : readPercent(choice === 'own' ? own : choice);
  const isGood = choice === '' || percent !== null;
  return (
    <FollowUpBox
      invitationId={invitationId}
      title={t('panel.followUp.extraTitle')}
      confirm={t('panel.followUp.extraConfirm')}
      wish={isGood ? { action: 'extra-time', percent } : null}
      onClose={onClose}
    >
      {(problem) => (
        <>
          {known.isLocked && <p className="text-bad">{t('panel.followUp.extraLocked')}</p>}
          <Field label={t('panel.followUp.extra')} hint={choice === 'own' ? undefined : reachText(known)}>
            {(control) => (
              <select
                {...control}
                value={choice}
                onChange={(event) => setChoice(event.target.value)}
                className={`${INPUT_LOOK} h-8`}
              >
                <option value="">{t('panel.followUp.extraNone')}</option>
                {USUAL.map((percentage) => (
                  <option key={percentage} value={percentage}>
                    {t('panel.followUp.extraPercent', percentage)}
                  </option>
                ))}
                <option value="own">{t('panel.followUp.extraOwn')}</option>
              </select>
            )}
          </Field>
          {choice === 'own' && (
            <Field
              label={t('panel.followUp.extraOwnLabel')}
              hint={reachText(known)}
              problem={problem ? t('panel.followUp.extraRange') : null}
            >
              {(control) => (
                <input
                  {...control}
                  inputMode="numeric"
                  maxLength={3}
                  value={own}
                  onChange={(event) => setOwn(event.target.value)}
                  className={`${INPUT_LOOK} h-8 w-20`}
                />
              )}
            </Field>
          )}
          <p className="text-xs text-muted">{t('panel.followUp.extraPrivate')}</p>
        </>
      )}
    </FollowUpBox>
  );
}

function reachText({ reaches, vendorName }: ExtraTime): string {
  switch (reaches) {
    case 'this':
      return t('panel.followUp.reachesThis', vendorName);
    case 'next':
      return t('panel.followUp.reachesNext', vendorName);
    case 'each':
      return t('panel.followUp.reachesEach');
    case 'none':
      return t('panel.followUp.reachesNone', vendorName);
  }
}
