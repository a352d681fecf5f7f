import '../install-catalogue.ts';
import { screen, within } from '@testing-library/react';
import { describe, expect, it } from 'vitest';
import { connectionSettingsSchema } from '../../../lib/contract/settings.ts';
import { createFakeServer, ok, refuse } from './fake-server.ts';
import { findCard, openOptions } from './render-options.tsx';

const inGreenhouse = async () => within(await findCard('Also write in Greenhouse'));
const inLever = async () => within(await findCard('Also write in Lever'));
const optionsOf = (field: HTMLElement) => [...(field as HTMLSelectElement).options].map(({ text }) => text);
const settingsOf = ({ setUp }: ReturnType<typeof createFakeServer>, id: string) =>
  setUp.connections.find((connection) => connection.id === id)?.settings;

describe('what else is written in Greenhouse', () => {
  it('reads the fields only when somebody wants to choose one, and offers each where it fits', async () => {
    const server = createFakeServer();
    const { user } = await openOptions(server, { at: 'greenhouse' });
    const card = await inGreenhouse();
    expect(server.reads).not.toContain('/api/connections/gh/fields');
    card.getByRole('button', { name: 'Choose fields' }).focus();
    await user.keyboard('{Enter}');
    const status = await card.findByLabelText('Field for the status');
    expect(optionsOf(status)).toEqual([
      'None',
      'Assessment status (application, choices)',
      'Remarks of the hiring team (candidate, text)',
    ]);
    expect(optionsOf(card.getByLabelText('Field for the score'))).toContain('Assessment score (application, number)');
    // Greenhouse has neither.
    expect(card.queryByRole('switch', { name: 'Link to the report' })).toBeNull();
    expect(card.queryByRole('button', { name: 'Choose a feedback form' })).toBeNull();
  });

  it('saves what is chosen, and leaves every other setting as it is', async () => {
    const settings = connectionSettingsSchema.parse({
      kind: 'greenhouse',
      serviceUserId: '7',
      singleToken: true,
      attribution: 'recruiter',
      companyHosts: ['acme.greenhouse.io'],
    });
    const server = createFakeServer(({ connections }) => {
      for (const connection of connections) if (connection.id === 'gh') connection.settings = settings;
    });
    const { user } = await openOptions(server, { at: 'greenhouse' });
    const card = await inGreenhouse();
    await user.click(card.getByRole('button', { name: 'Choose fields' }));
    await user.selectOptions(await card.findByLabelText('Field for the score'), '502');
    await user.click(card.getByRole('switch', { name: 'Report as a file' }));
    expect(card.getByText(/Field for the score, Report as a file/)).toBeTruthy();
    await user.click(card.getByRole('button', { name: 'Save' }));
    expect(await card.findByText('Saved', { selector: 'p' })).toBeTruthy();
    const writeBack = {
      statusField: '',
      scoreField: '502',
      reportFile: true,
      reportLink: false,
      feedbackForm: '',
      feedbackScores: { passed: '', notPassed: '' },
    };
    expect(server.writes).toEqual([
      { method: 'PATCH', path: '/api/connections/gh', body: { settings: { ...settings, writeBack } } },
    ]);
    // And the other form of the page keeps it in turn.
    const [save] = await screen.findAllByLabelText('Service user ID');
    if (save) await user.type(save, '1');
    await user.click(screen.getByRole('button', { name: 'Save' }));
    expect(settingsOf(server, 'gh')).toMatchObject({ serviceUserId: '71', writeBack });
  });

  it('a field that is gone stays to be seen', async () => {
    const server = createFakeServer(({ connections }) => {
      for (const connection of connections)
        if (connection.id === 'gh')
          connection.settings = connectionSettingsSchema.parse({ kind: 'greenhouse', writeBack: { statusField: '999' } });
    });
    await openOptions(server, { at: 'greenhouse' });
    const status = await (await inGreenhouse()).findByLabelText<HTMLSelectElement>('Field for the status');
    expect(status.value).toBe('999');
    expect(optionsOf(status)).toContain('999 (no longer there)');
  });

  it('with no field that fits it says what to make, and reads again', async () => {
    const server = createFakeServer((setUp) => {
      setUp.fields.gh = { fields: [] };
    });
    const { user } = await openOptions(server, { at: 'greenhouse' });
    const card = await inGreenhouse();
    await user.click(card.getByRole('button', { name: 'Choose fields' }));
    expect(await card.findByText(/Make a text field in Greenhouse first/)).toBeTruthy();
    server.answer('GET', '/api/connections/gh/fields', ok({ fields: createFakeServer().setUp.fields.gh?.fields }));
    await user.click(card.getByRole('button', { name: 'Read the fields again' }));
    expect(await card.findByLabelText('Field for the status')).toBeTruthy();
  });

  it('a missing right is named, and the switch beside it still works', async () => {
    const server = createFakeServer();
    const words = 'Greenhouse accepted the credentials, but a permission is missing: harvest:custom_fields:list';
    server.answer('GET', '/api/connections/gh/fields', refuse('ats-refused', words));
    const { user } = await openOptions(server, { at: 'greenhouse' });
    const card = await inGreenhouse();
    await user.click(card.getByRole('button', { name: 'Choose fields' }));
    expect((await card.findByRole('alert')).textContent).toContain('harvest:custom_fields:list');
    expect(card.getByRole('button', { name: 'Try again' })).toBeTruthy();
    await user.click(card.getByRole('switch', { name: 'Report as a file' }));
    await user.click(card.getByRole('button', { name: 'Save' }));
    expect(await card.findByText('Saved', { selector: 'p' })).toBeTruthy();
    expect(settingsOf(server, 'gh')).toMatchObject({ writeBack: { reportFile: true } });
  });

  it('a v1 key cannot attach files, and is not offered it', async () => {
    const server = createFakeServer(({ connections }) => {
      for (const connection of connections)
        if (connection.id === 'gh')
          connection.settings = connectionSettingsSchema.parse({ kind: 'greenhouse', api: 'v1', serviceUserId: '7' });
    });
    await openOptions(server, { at: 'greenhouse' });
    const card = await inGreenhouse();
    expect(card.getByRole('button', { name: 'Choose fields' })).toBeTruthy();
    expect(card.queryByRole('switch', { name: 'Report as a file' })).toBeNull();
  });
});

describe('what else is written in Lever', () => {
  it('a feedback form is chosen with its own scores, which go when another form is chosen', async () => {
    const server = createFakeServer();
    const { user } = await openOptions(server, { at: 'lever' });
    const card = await inLever();
    expect(card.queryByRole('button', { name: 'Choose fields' })).toBeNull();
    await user.click(card.getByRole('button', { name: 'Choose a feedback form' }));
    const form = await card.findByLabelText('Feedback form');
    expect(card.queryByLabelText('Score for passed')).toBeNull();
    await user.selectOptions(form, 'f-phone');
    await user.selectOptions(card.getByLabelText('Score for passed'), '2 - Yes');
    await user.selectOptions(form, 'f-assessment');
    expect(card.getByLabelText<HTMLSelectElement>('Score for passed').value).toBe('');
    await user.selectOptions(card.getByLabelText('Score for passed'), '3 - Hire');
    await user.selectOptions(card.getByLabelText('Score for not passed'), '2 - No Hire');
    await user.click(card.getByRole('switch', { name: 'Link to the report' }));
    await user.click(card.getByRole('button', { name: 'Save' }));
    expect(await card.findByText('Saved', { selector: 'p' })).toBeTruthy();
    expect(settingsOf(server, 'lv')).toMatchObject({
      writeBack: {
        reportLink: true,
        feedbackForm: 'f-assessment',
        feedbackScores: { passed: '3 - Hire', notPassed: '2 - No Hire' },
      },
    });
  });

  it('with a user to act as nothing of that is said', async () => {
    const server = createFakeServer(({ connections }) => {
      for (const connection of connections)
        if (connection.id === 'lv')
          connection.settings = connectionSettingsSchema.parse({
            kind: 'lever',
            performAs: 'u1',
            writeBack: { feedbackForm: 'f-assessment', reportFile: true },
          });
    });
    await openOptions(server, { at: 'lever' });
    const card = await inLever();
    expect(await card.findByLabelText('Feedback form')).toBeTruthy();
    expect(card.queryByText(/No user to act as/)).toBeNull();
  });

  it('without a user to act as it says for whom no form is filled in', async () => {
    const given = (performAs: string) =>
      createFakeServer(({ connections }) => {
        for (const connection of connections)
          if (connection.id === 'lv')
            connection.settings = connectionSettingsSchema.parse({
              kind: 'lever',
              performAs,
              writeBack: { feedbackForm: 'f-assessment' },
            });
      });
    const { user } = await openOptions(given(''), { at: 'lever' });
    const card = await inLever();
    expect(await card.findByText(/only for recruiters who have a user in Lever/)).toBeTruthy();
    expect(card.queryByText(/takes files from one of its users only/)).toBeNull();
    await user.click(card.getByRole('switch', { name: 'Report as a file' }));
    expect(card.getByText(/takes files from one of its users only/)).toBeTruthy();
  });
});

it('a vendor has no such card', async () => {
  await openOptions(createFakeServer(), { at: 'vendors' });
  await screen.findAllByRole('button', { name: 'Check connection' });
  expect(screen.queryByRole('region', { name: /^Also write in/ })).toBeNull();
});
