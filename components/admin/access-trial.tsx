import { FlaskConical } from 'lucide-react';
import { type FormEvent, useState } from 'react';
import type { AccessReport, AccessRequest } from '../../lib/contract/access.ts';
import { Button } from '../ui/button.tsx';
import { type TextKey, t } from '../ui/t.ts';
import { focusFirstProblem } from './focus-first-problem.ts';
import { TextField } from './text-field.tsx';
import type { Save } from './use-save.ts';

/** `made`: a tag and a note, taken away again. `incomplete`: requests of which nothing can come. `none`: nothing can be tried. */
export type AccessTrialKind = 'made' | 'incomplete' | 'none';

const TEXTS: Record<AccessTrialKind, TextKey> = {
  made: 'admin.access.unknownText',
  incomplete: 'admin.access.unknownTextIncomplete',
  none: 'admin.access.unknownTextPlain',
};

export interface AccessTrialProps {
  kind: AccessTrialKind;
  /** How people call this ATS. */
  name: string;
  check: Save<AccessRequest, AccessReport>;
}

/** The offer to try on one candidate what cannot be known otherwise. Nothing is tried without an address. */
export function AccessTrial({ kind, name, check }: AccessTrialProps) {
  const [candidate, setCandidate] = useState('');
  const [isTried, setIsTried] = useState(false);
  const problem = isTried && candidate.trim() === '' ? t('admin.access.candidateNeeded') : null;
  const submit = async (event: FormEvent<HTMLElement>) => {
    event.preventDefault();
    setIsTried(true);
    if (candidate.trim() === '') return focusFirstProblem(event.currentTarget);
    if (await check.run({ testCandidate: candidate.trim() })) setIsTried(false);
  };
  const text = <p className="max-w-[68ch] text-muted">{t(TEXTS[kind], name)}</p>;
  if (kind === 'none') return text;
  return (
    <form noValidate onSubmit={(event) => void submit(event)} className="grid grid-cols-1 gap-2">
      {text}
      <TextField
        label={t('admin.access.candidate')}
        hint={t('admin.access.candidateHint')}
        problem={problem}
        value={candidate}
        onChange={setCandidate}
      />
      <Button type="submit" icon={FlaskConical} className="justify-self-start" isBusy={check.isBusy}>
        {check.isBusy ? t('admin.access.trying') : t('admin.access.try')}
      </Button>
    </form>
  );
}
