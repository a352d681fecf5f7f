import '../install-catalogue.ts';
import { screen, waitFor, within } from '@testing-library/react';
import { describe, expect, it } from 'vitest';
import { savedRoles, stageRows, toRoleSettings } from '../../../components/admin/stage-rows.ts';
import { createFakeServer, refuse } from './fake-server.ts';
import { findCard, openOptions } from './render-options.tsx';
import { createSetUp } from './set-up.ts';

describe('roles of stages', () => {
  it('belong to a name at Greenhouse, however many jobs have it', () => {
    const view = createSetUp().stages.gh;
    const rows = view ? stageRows('greenhouse', view) : [];
    const offer = rows.find(({ name }) => name === 'Offer');
    expect(offer).toMatchObject({
      target: { stageId: null, stageName: 'Offer' },
      jobNames: ['Backend Engineer', 'Platform Engineer', 'Data Scientist'],
    });
  });

  it('belong to the stage at Lever', () => {
    const view = createSetUp().stages.lv;
    const rows = view ? stageRows('lever', view) : [];
    expect(rows.find(({ name }) => name === 'Assessment')?.target).toEqual({ stageId: 'stage-4', stageName: 'Assessment' });
  });

  it('are not lost by saving when the ATS does not show their stage any more', () => {
    const view = createSetUp().stages.gh;
    if (!view) throw new Error('no stages');
    const rows = stageRows('greenhouse', view);
    expect(rows.find(({ name }) => name === 'Take-home 2023')?.isKnown).toBe(false);
    expect(toRoleSettings(rows, savedRoles(rows, view.roles))).toEqual(view.roles);
  });

  it('of one job alone stay beside the role of the name', () => {
    const view = createSetUp().stages.gh;
    if (!view) throw new Error('no stages');
    view.roles.push({ stageId: 'j1-Offer', stageName: 'Offer', role: 'onsite' });
    const rows = stageRows('greenhouse', view);
    expect(rows.filter(({ name }) => name === 'Offer').map(({ jobNames }) => jobNames.length)).toEqual([3, 1]);
    expect(toRoleSettings(rows, savedRoles(rows, view.roles))).toContainEqual({
      stageId: 'j1-Offer',
      stageName: 'Offer',
      role: 'onsite',
    });
  });

  it('are chosen on the page and saved together', async () => {
    const server = createFakeServer();
    const { user } = await openOptions(server, { at: 'stages' });
    const card = within(await findCard('Stages of Lever'));
    expect(await card.findByText('No stage sends assessments yet. Choose at least one.')).toBeTruthy();
    await user.selectOptions(card.getByLabelText('Assessment'), 'Send assessments here');
    await user.selectOptions(card.getByLabelText('On-site interview'), 'Interviews after it');
    expect(card.getByText('Changed: Assessment, On-site interview')).toBeTruthy();
    await user.click(card.getByRole('button', { name: 'Save' }));
    expect(await card.findByText('Saved')).toBeTruthy();
    expect(server.writes).toEqual([
      {
        method: 'PUT',
        path: '/api/connections/lv/stage-roles',
        body: {
          roles: [
            { stageId: 'stage-4', stageName: 'Assessment', role: 'assessment' },
            { stageId: 'stage-5', stageName: 'On-site interview', role: 'onsite' },
          ],
        },
      },
    ]);
  });

  it('say why the stages could not be read, beside those that could', async () => {
    const server = createFakeServer();
    server.answer('GET', '/api/connections/lv/stages', refuse('ats-refused', 'Lever refused the credentials. Enter them again.'));
    await openOptions(server, { at: 'stages' });
    expect(
      await within(await findCard('Stages of Lever')).findByText('Lever refused the credentials. Enter them again.'),
    ).toBeTruthy();
    expect(await within(await findCard('Stages of Greenhouse')).findByLabelText('Onsite')).toBeTruthy();
  });
});

describe('meanings of disposition reasons', () => {
  it('take all suggestions with one click, leave what is set, and save them together', async () => {
    const server = createFakeServer();
    const { user } = await openOptions(server, { at: 'stages' });
    const card = within(await findCard('Disposition reasons of Lever'));
    await user.click(await card.findByRole('button', { name: 'Use all 4 suggestions' }));
    expect(card.getByLabelText<HTMLSelectElement>(/^Hired/).value).toBe('accepted');
    expect(server.writes).toEqual([]);
    await user.click(card.getByRole('button', { name: 'Save' }));
    expect(await card.findByText('Saved')).toBeTruthy();
    expect(server.writes).toMatchObject([
      {
        path: '/api/connections/lv/reason-meanings',
        body: {
          meanings: [
            { reasonId: 'withdrew', meaning: 'withdrew' },
            { reasonId: 'hired', meaning: 'accepted' },
            { reasonId: 'offer declined', meaning: 'declined' },
            { reasonId: 'underqualified', meaning: 'rejected' },
            { reasonId: 'position closed', meaning: 'not applicable' },
          ],
        },
      },
    ]);
  });

  it('take one suggestion alone', async () => {
    const { user } = await openOptions(createFakeServer(), { at: 'stages' });
    const card = within(await findCard('Disposition reasons of Greenhouse'));
    await user.click(await card.findByRole('button', { name: 'Suggested: Declined the offer, for Offer declined' }));
    expect(card.getByText('Changed: Offer declined')).toBeTruthy();
    expect(card.getByRole('button', { name: 'Use all 3 suggestions' })).toBeTruthy();
  });

  it('come from an ATS', async () => {
    await openOptions(
      createFakeServer((setUp) => Object.assign(setUp, { connections: [] })),
      { at: 'stages' },
    );
    await waitFor(() => expect(screen.getByText(/Connect Greenhouse or Lever first/)).toBeTruthy());
  });
});
