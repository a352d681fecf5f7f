import type { ApplicationView, ChooserView } from '../../../lib/contract/panel.ts';
import type { CandidateReference } from '../../../lib/domain/candidate-reference.ts';

export const ADA: CandidateReference = {
  ats: 'lever',
  host: 'hire.lever.co',
  kind: 'application',
  applicationId: '250d8f03-738a-4bba-a671-8a3d73477145',
};
export const BOB: CandidateReference = { ...ADA, applicationId: '5a9b2c1e-738a-4bba-a671-8a3d73477145' };

export const urlOf = (page: CandidateReference) =>
  page.kind === 'application'
    ? `https://${page.host}/candidates/${page.applicationId}`
    : `https://${page.host}/people/${page.candidateId}`;

/** A whole application view; tests change what they are about. */
export function applicationView(change: Partial<ApplicationView> = {}): ApplicationView {
  return {
    kind: 'application',
    key: 'ada-backend',
    version: 1,
    reference: ADA,
    candidateName: 'Ada Lovelace',
    firstName: 'Ada',
    emails: ['ada@example.com'],
    jobName: 'Backend Engineer',
    stageName: 'Assessment',
    stageId: 'assessment',
    changes: [],
    nextStageName: null,
    stageRole: 'assessment',
    status: 'active',
    atsName: 'Lever',
    outcome: { nextStep: 'pending', offerStatus: 'none' },
    moveTarget: null,
    assessments: [
      {
        id: 'senior-swe',
        name: 'Senior SWE',
        tag: 'Senior SWE',
        vendorName: 'Coderbyte',
        kind: 'test',
        durationMinutes: 90,
        deadlineDays: 7,
        handover: 'our e-mail',
        onCandidate: true,
        recentlyUsed: false,
        unusableBecause: null,
        isRetake: false,
      },
    ],
    defaultAssessmentId: 'senior-swe',
    invitations: [],
    happenings: [],
    troubles: [],
    may: { send: true, administer: false },
    holdSeconds: 10,
    readAt: '2025-11-21T14:00:00.000Z',
    serverTime: '2025-11-21T14:00:00.000Z',
    ...change,
  };
}

export function chooserView(applicationIds: string[]): ChooserView {
  return {
    kind: 'chooser',
    candidateName: 'Ada Lovelace',
    applications: applicationIds.map((applicationId) => ({
      applicationId,
      candidateId: '1',
      jobName: 'Backend Engineer',
      stageName: null,
      status: 'active',
    })),
  };
}
