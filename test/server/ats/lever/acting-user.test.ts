import { describe, expect, it } from 'vitest';
import { leverSettingsSchema } from '../../../../lib/contract/settings.ts';
import type { ScriptedAnswer } from './scripted-lever.ts';
import { FORBIDDEN, fixture, OPPORTUNITY, scriptedLever, TARGET } from './scripted-lever.ts';

const settings = leverSettingsSchema.parse({ kind: 'lever', apiUrl: 'https://api.lever.co/v1', performAs: 'user-1' });
const acting = { ...TARGET, actingUserId: 'user-2' };
const note = { text: 'Sent. (TA-1)', reference: 'TA-1' };
const lever = async (first: ScriptedAnswer) =>
  scriptedLever({ [`POST /opportunities/${OPPORTUNITY}/notes`]: [first, { body: await fixture('write-answer') }] }, { settings });
const authors = ({ requests }: ReturnType<typeof scriptedLever>) => requests.map(({ query }) => query?.perform_as);

describe('a note in the name of a recruiter', () => {
  it.each<[string, ScriptedAnswer]>([
    ['forbidden', FORBIDDEN],
    ['refused, because nobody has that id any more', { kind: 'refused', status: 400, detail: 'perform_as' }],
  ])('that is %s is written in the connection’s own, once', async (_, answer) => {
    const at = await lever(answer);
    expect(await at.adapter.writeNote(acting, note)).toMatchObject({ ok: true });
    expect(authors(at)).toEqual(['user-2', 'user-1']);
  });

  it('whose answer was lost is not written again', async () => {
    const at = await lever({ kind: 'ambiguous', detail: 'lost' });
    expect(await at.adapter.writeNote(acting, note)).toMatchObject({ ok: false, kind: 'ambiguous' });
    expect(authors(at)).toEqual(['user-2']);
  });

  it('that is refused to everybody is tried twice and no more', async () => {
    const at = scriptedLever({ [`POST /opportunities/${OPPORTUNITY}/notes`]: FORBIDDEN }, { settings });
    expect(await at.adapter.writeNote(acting, note)).toMatchObject({ ok: false, kind: 'forbidden' });
    expect(authors(at)).toEqual(['user-2', 'user-1']);
  });
});
