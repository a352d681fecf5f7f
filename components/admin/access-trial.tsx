import { FlaskConical } from 'lucide-react';
import { type FormEvent, useState } from 'react';
import type { AccessReport, AccessRequest } from '../../lib/contract/access.ts';
import { Button } from '../ui/button.tsx';
import { t } from '../ui/t.ts';
import { focusFirstProblem } from './focus-first-problem.ts';
import { TextField } from './text-field.tsx';
import type { Save } from './use-save.ts';

/** The offer to try on one candidate what cannot be known otherwise. Nothing is tried without an address. */
export function AccessTrial({ name, check }: { name: string; check: Save<AccessRequest, AccessReport> }) {
  const [candidate, setCandidate] = useState('');
  const [isTried, setIsTried] = useState(false);
  const problem = isTried && candidate.trim() === '' ? t('admin.access.candidateNeeded') : null;
  const submit = async (event: FormEvent<HTMLElement>) => {
    event.preventDefault();
    setIsTried(true);
    if (candidate.trim() === '') return focusFirstProblem(event.currentTarget);
    if (await check.run({ testCandidate: candidate.trim() })) setIsTried(false);
  };
  return (
    <form noValidate onSubmit={(event) => void submit(event)} className="grid grid-cols-1 gap-2">
      <p className="max-w-[68ch] text-muted">{t('admin.access.unknownText', name)}</p>
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
