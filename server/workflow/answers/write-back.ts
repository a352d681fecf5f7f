import type { Mend, ReasonCode } from '../../../lib/domain/reason.ts';
import type { WriteBackEffect } from '../effect.ts';
import type { WorkflowEvent } from '../event.ts';
import { because, type Step } from '../step.ts';

type Kind = WriteBackEffect['kind'];

const FAILED: Record<Kind, { failed: ReasonCode; unconfirmed: ReasonCode }> = {
  'write-fields': { failed: 'fields-failed', unconfirmed: 'fields-unconfirmed' },
  'add-link': { failed: 'link-failed', unconfirmed: 'link-unconfirmed' },
  'attach-report': { failed: 'report-failed', unconfirmed: 'report-unconfirmed' },
  'write-feedback': { failed: 'feedback-failed', unconfirmed: 'feedback-unconfirmed' },
};

/** It stands in the ATS; or there was nothing that could stand there. */
export function writeBackDone(step: Step, effect: Kind, { values }: Extract<WorkflowEvent, { type: 'effect.done' }>): Step {
  switch (effect) {
    case 'write-fields':
      return because(step, values.fields ? 'fields-written' : 'score-not-written', values);
    case 'add-link':
      return because(step, 'link-added', values);
    case 'attach-report':
      return because(step, values.attached ? 'report-attached' : 'report-not-there', values);
    case 'write-feedback':
      return because(step, 'feedback-written', values);
  }
}

/** It does not, or nobody can say. What is wrong is mostly a setting or a right, both of which are mended with the connection. */
export function writeBackFailed(step: Step, effect: Kind, event: Extract<WorkflowEvent, { type: 'effect.failed' }>): Step {
  const { unconfirmed, values, snapshot } = event;
  const mend: Mend | undefined = snapshot ? { kind: 'open-settings', section: snapshot.ats } : undefined;
  return because(step, FAILED[effect][unconfirmed ? 'unconfirmed' : 'failed'], values, unconfirmed ? undefined : mend);
}
