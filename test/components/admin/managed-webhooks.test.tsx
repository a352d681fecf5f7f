import '../install-catalogue.ts';
import { screen } from '@testing-library/react';
import { expect, it } from 'vitest';
import { createFakeServer, ok } from './fake-server.ts';
import { openOptions } from './render-options.tsx';

it('one click makes the webhooks in Lever and says what is left for a Super Admin', async () => {
  const server = createFakeServer();
  const id = server.setUp.connections.find(({ kind }) => kind === 'lever')?.id;
  const reminder = 'One step is left for a Super Admin of Lever.';
  const webhooks = [{ event: 'candidateStageChange', did: 'created' }];
  server.answer('POST', `/api/connections/${id}/managed-webhooks`, ok({ webhooks, reminder }));
  const { user } = await openOptions(server, { at: 'lever' });
  await user.click(await screen.findByRole('button', { name: 'Set up webhooks in Lever' }));
  expect(await screen.findByText(reminder)).toBeTruthy();
  expect(screen.getByText(': made', { exact: false })).toBeTruthy();
});
