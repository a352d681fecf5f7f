import { useState } from 'react';
import type { AssessmentChoice, OutsideFound } from '../../lib/contract/panel.ts';
import { Button, type ButtonProps } from '../ui/button.tsx';
import { RelativeTime } from '../ui/relative-time.tsx';
import { t } from '../ui/t.ts';
import { usePanel } from './panel-context.ts';

interface OutsideSearchProps {
  choice: Pick<AssessmentChoice, 'id' | 'name' | 'vendorName'>;
  label: string;
  look?: ButtonProps['look'];
}

/** Was the candidate invited at the vendor itself? Looks there, and lets one be taken in instead of sending a second. */
export function OutsideSearch({ choice, label, look = 'quiet' }: OutsideSearchProps) {
  const { commands } = usePanel();
  const [answer, setAnswer] = useState<{ assessmentId: string; found: OutsideFound } | null>(null);
  const search = async () => {
    const found = await commands.findOutside(choice.id);
    setAnswer(found && { assessmentId: choice.id, found });
  };
  const attach = async (ref: string) => {
    if (await commands.attach(choice.id, ref)) setAnswer(null);
  };
  // What was found of another assessment says nothing about this one.
  const found = answer?.assessmentId === choice.id ? answer.found : null;
  return (
    <div className="grid grid-cols-1 gap-1.5">
      <Button look={look} className="justify-self-start" isBusy={commands.busy === 'find-outside'} onClick={() => void search()}>
        {label}
      </Button>
      {found && <Found found={found} choice={choice} onAttach={(ref) => void attach(ref)} />}
    </div>
  );
}

interface FoundProps {
  found: OutsideFound;
  choice: OutsideSearchProps['choice'];
  onAttach(ref: string): void;
}

function Found({ found: { found, elsewhere }, choice, onAttach }: FoundProps) {
  const { commands } = usePanel();
  const sentences =
    found.length + elsewhere.length === 0 ? [t('panel.outside.nothing', choice.name, choice.vendorName)] : elsewhere;
  return (
    <div role="status" className="grid grid-cols-1 gap-1.5">
      {sentences.map((text) => (
        <p key={text} className="text-muted">
          {text}
        </p>
      ))}
      <ul className="grid grid-cols-1 gap-1.5">
        {found.map(({ ref, email, state, invitedAt, trusted }) => (
          <li key={ref} className="flex flex-wrap items-center justify-between gap-x-3 gap-y-1">
            <span className="min-w-0 break-words">
              <bdi>{email}</bdi>
              <span className="text-muted">
                {' · '}
                {t(`panel.state.${state}`)}
                {invitedAt && (
                  <>
                    {' '}
                    <RelativeTime at={invitedAt} />
                  </>
                )}
                {!trusted && ` · ${t('panel.unverified', choice.vendorName)}`}
              </span>
            </span>
            <Button look="secondary" isBusy={commands.busy === `attach:${ref}`} onClick={() => onAttach(ref)}>
              {t('panel.outside.attach')}
            </Button>
          </li>
        ))}
      </ul>
    </div>
  );
}
