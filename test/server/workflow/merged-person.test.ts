import { describe, expect, test } from 'vitest';
import type { InvitationElsewhere } from '../../../server/workflow/state.ts';
import { codesOf, Story } from '../../support/workflow-story.ts';

/** Two candidates became one: the ATS shows both addresses, and the other application may have an invitation of its own. */
const merged = (elsewhere: Partial<InvitationElsewhere> = {}) =>
  new Story({
    world: { emails: ['ada@mail.example', 'a.moreno@old.example'] },
    state: {
      elsewhere: [
        {
          invitationId: 'invitation-0',
          vendorConnectionId: 'vendor-1',
          assessmentExternalId: 'swe',
          assessmentName: 'Senior SWE',
          person: 'a.moreno@old.example',
          state: 'sent',
          attempt: 1,
          byName: 'Ben',
          jobName: 'Data Engineer',
          ...elsewhere,
        },
      ],
    },
  });

describe('a person who was merged is not sent the same test twice', () => {
  test('while it is open at their other address', () => {
    const story = merged().enter('test');
    expect(codesOf(story.look())).toEqual(['not-sent-open-elsewhere']);
    expect(story.state.invitations).toEqual([]);
  });

  test('after it was done at their other address', () => {
    expect(codesOf(merged({ state: 'scored' }).enter('test').look())).toEqual(['not-sent-attempted-before']);
  });

  test('while both wait in their hold: the later one yields, the other goes out', () => {
    const early = merged({ state: 'held', invitationId: 'invitation-a' });
    early.state = { ...early.state, elsewhere: [] };
    early.look();
    early.click({ invitationId: 'invitation-b' });
    const whole = merged({ state: 'held', invitationId: 'invitation-a' }).state.elsewhere;
    early.state = { ...early.state, elsewhere: whole };
    expect(codesOf(early.pass(10).look())).toEqual(['not-sent-open-elsewhere']);
    const late = merged();
    late.state = { ...late.state, elsewhere: [] };
    late.look();
    late.click({ invitationId: 'invitation-a' });
    late.state = { ...late.state, elsewhere: whole.map((other) => ({ ...other, invitationId: 'invitation-b' })) };
    expect(codesOf(late.pass(10).look())).toEqual(['send-released']);
  });

  test('but somebody else at an address that is not theirs is nobody’s obstacle', () => {
    const story = merged({ person: 'test@northwind.example' }).enter('test');
    expect(codesOf(story.look())).toEqual(['sent-on-stage-entry']);
  });
});
