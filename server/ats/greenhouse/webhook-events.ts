/**
 * The webhooks an admin makes in Greenhouse (Configure > Dev Center > Web Hooks), one for each. The names are the actions as sent;
 * the labels of Greenhouse's drop-down are not documented in full. https://developers.greenhouse.io/webhooks.html
 */
import type { AtsWebhookEvent } from '../port.ts';

export const GREENHOUSE_EVENTS: readonly AtsWebhookEvent[] = [
  {
    name: 'candidate_stage_change',
    purpose: 'Without it, stage changes are only found by the sweep, and invitations go out late.',
    required: true,
  },
  {
    name: 'reject_candidate',
    purpose: 'Without it, rejections are only found by the sweep, and open invitations are cancelled late.',
    required: true,
  },
  {
    name: 'hire_candidate',
    purpose: 'Without it, hires are only found by the sweep, and outcomes are recorded late.',
    required: true,
  },
  {
    name: 'new_candidate_application',
    purpose: 'Without it, candidates who apply straight into an assessment stage wait for the sweep.',
    required: false,
  },
  {
    name: 'unreject_candidate',
    purpose: 'Without it, a rejection that is taken back is noticed only when something else changes.',
    required: false,
  },
  {
    name: 'unhire_candidate',
    purpose: 'Without it, a hire that is taken back is noticed only when something else changes.',
    required: false,
  },
  {
    name: 'update_candidate',
    purpose: 'Without it, a new tag or e-mail address is noticed only when something else changes.',
    required: false,
  },
  {
    name: 'application_updated',
    purpose: 'Without it, a changed application is noticed only when its stage changes.',
    required: false,
  },
  {
    name: 'merge_candidate',
    purpose:
      'Without it, a merged candidate is noticed only when something else changes, and the test may be sent to both addresses.',
    required: false,
  },
  {
    name: 'delete_candidate',
    purpose: 'Without it, a deleted candidate is only seen as not visible, and open invitations stay open.',
    required: false,
  },
  {
    name: 'delete_application',
    purpose: 'Without it, a deleted application is only seen as not visible, and open invitations stay open.',
    required: false,
  },
  {
    name: 'candidate_anonymized',
    purpose:
      'Without it, nobody here learns that a candidate was anonymised: the API does not tell, and an invitation may still go out.',
    required: false,
  },
];
