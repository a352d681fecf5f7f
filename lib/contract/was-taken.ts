import type { Refusal } from './messages.ts';
import type { CommandAnswer } from './panel.ts';

/** True when the server has taken a click, or it is kept until the server can be told. */
export function wasTaken(answer: CommandAnswer | Refusal): boolean {
  return 'refused' in answer ? answer.refused === 'queued' : answer.outcome !== 'refused';
}
