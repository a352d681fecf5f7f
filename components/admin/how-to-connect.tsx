import { useState } from 'react';
import type { ConnectionKind } from '../../lib/contract/settings.ts';
import { Disclosure } from '../ui/disclosure.tsx';
import { type TextKey, t } from '../ui/t.ts';

const STEPS: Record<ConnectionKind, TextKey[]> = {
  greenhouse: ['admin.how.greenhouse1', 'admin.how.greenhouse2', 'admin.how.greenhouse3'],
  lever: ['admin.how.lever1', 'admin.how.lever2', 'admin.how.lever3'],
  coderbyte: ['admin.how.coderbyte1', 'admin.how.coderbyte2'],
  hackerrank: ['admin.how.hackerrank1', 'admin.how.hackerrank2', 'admin.how.hackerrank3'],
  codesignal: ['admin.how.codesignal1', 'admin.how.codesignal2', 'admin.how.codesignal3'],
  byteboard: ['admin.how.byteboard1', 'admin.how.byteboard2'],
  partner: ['admin.how.partner1', 'admin.how.partner2', 'admin.how.partner3'],
};

/**
 * What the credential has to allow, as the ATS calls it: one for each path that server/ats calls.
 * https://harvestdocs.greenhouse.io/docs/authentication, https://hire.lever.co/developer/documentation#authentication
 */
const RIGHTS: Partial<Record<ConnectionKind, string[]>> = {
  greenhouse: [
    'harvest:applications:list',
    'harvest:application_stages:list',
    'harvest:candidates:list',
    'harvest:jobs:list',
    'harvest:job_interview_stages:list',
    'harvest:rejection_reasons:list',
    'harvest:rejection_details:list',
    'harvest:candidate_tags:list',
    'harvest:applied_candidate_tags:list',
    'harvest:notes:list',
    'harvest:applications:move',
    'harvest:candidate_tags:create',
    'harvest:applied_candidate_tags:create',
    'harvest:applied_candidate_tags:destroy',
    'harvest:notes:create',
  ],
};

/** Where an admin of the other side finds what the form asks for. */
export function HowToConnect({ kind }: { kind: ConnectionKind }) {
  const [isOpen, setIsOpen] = useState(false);
  const rights = RIGHTS[kind];
  return (
    <div className="grid max-w-[68ch] grid-cols-1 gap-2">
      <ol className="grid list-decimal gap-1 ps-5 marker:text-muted">
        {STEPS[kind].map((step) => (
          <li key={step}>{t(step)}</li>
        ))}
      </ol>
      {rights && (
        <Disclosure label={t('admin.how.rights')} isOpen={isOpen} onToggle={setIsOpen}>
          <ul dir="ltr" className="grid gap-x-6 rounded-md bg-sunken p-2 font-mono text-xs sm:grid-cols-2">
            {rights.map((right) => (
              <li key={right}>{right}</li>
            ))}
          </ul>
        </Disclosure>
      )}
    </div>
  );
}
