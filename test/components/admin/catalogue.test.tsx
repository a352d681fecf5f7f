import '../install-catalogue.ts';
import { screen } from '@testing-library/react';
import { describe, expect, it } from 'vitest';
import { createFakeServer } from './fake-server.ts';
import { openOptions } from './render-options.tsx';

describe('what the vendor offers, when a tag is given an assessment', () => {
  it('leaves out what cannot be sent, and is asked for anew on a click', async () => {
    const server = createFakeServer();
    const [first, ...rest] = server.setUp.catalogue.assessments;
    if (!first) throw new Error('nothing is offered');
    server.setUp.catalogue.assessments = [{ ...first, name: 'Half written', state: 'draft' }, ...rest];
    const { user } = await openOptions(server, { at: 'assessments' });
    await user.click(await screen.findByRole('button', { name: 'Add an assessment' }));
    await user.click(await screen.findByRole('combobox', { name: 'Assessment at the vendor' }));
    expect(screen.queryByRole('option', { name: /Half written/ })).toBeNull();
    for (const { name } of rest) expect(screen.getByRole('option', { name: new RegExp(name) })).toBeDefined();

    server.setUp.catalogue.assessments = [{ ...first, name: 'Now finished', state: 'active' }, ...rest];
    await user.click(screen.getByRole('button', { name: 'Ask the vendor again' }));
    await user.click(screen.getByRole('combobox', { name: 'Assessment at the vendor' }));
    expect(await screen.findByRole('option', { name: /Now finished/ })).toBeDefined();
  });
});
