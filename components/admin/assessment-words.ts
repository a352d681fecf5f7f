import type { AssessmentKind } from '../../lib/domain/assessment.ts';
import { t } from '../ui/t.ts';
import type { HANDOVERS } from './assessment-values.ts';

export function kindWord(kind: AssessmentKind): string {
  if (kind === 'take-home project') return t('admin.assessments.kindProject');
  return kind === 'live interview' ? t('admin.assessments.kindInterview') : t('admin.assessments.kindTest');
}

export function handoverWord(handover: (typeof HANDOVERS)[number]): string {
  if (handover === 'copy link') return t('admin.assessments.handoverLink');
  return handover === 'our e-mail' ? t('admin.assessments.handoverOurs') : t('admin.assessments.handoverVendor');
}
