import '../install-catalogue.ts';

import { cleanup, render, screen } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { useState } from 'react';
import { afterEach, describe, expect, test } from 'vitest';
import { Combobox } from '../../../components/ui/combobox.tsx';
import { type ComboboxOption, filterOptions } from '../../../components/ui/filter-options.ts';

afterEach(cleanup);

const OPTIONS: ComboboxOption[] = [
  { id: 'a', label: 'Senior SWE', detail: 'Coderbyte' },
  { id: 'b', label: 'Café backend', detail: 'Byteboard' },
  { id: 'c', label: 'SRE', detail: 'Coderbyte', unusableBecause: 'Switched off' },
];

function Picker() {
  const [value, setValue] = useState<string | null>('a');
  return (
    <Combobox
      label="Assessment"
      options={OPTIONS}
      value={value}
      onChange={setValue}
      placeholder="Choose"
      emptyText="Nothing fits"
    />
  );
}

function show() {
  render(<Picker />);
  return { user: userEvent.setup(), box: screen.getByRole<HTMLInputElement>('combobox', { name: 'Assessment' }) };
}

const labels = () => screen.queryAllByRole('option').map((option) => option.children[1]?.textContent);

describe('a combobox', () => {
  test('lists everything on a click and marks the chosen one', async () => {
    const { user, box } = show();
    await user.click(box);
    expect(labels()).toEqual(['Senior SWE', 'Café backend', 'SRE']);
    expect(screen.getByRole('option', { selected: true }).textContent).toContain('Senior SWE');
    expect(box.getAttribute('aria-expanded')).toBe('true');
  });

  test('filters while typing and takes the first that fits with Enter', async () => {
    const { user, box } = show();
    await user.click(box);
    await user.clear(box);
    await user.type(box, 'cafe byte{Enter}');
    expect(box.value).toBe('Café backend');
    expect(labels()).toEqual([]);
  });

  test('goes round with the arrow keys and names the option it is at', async () => {
    const { user, box } = show();
    box.focus();
    await user.keyboard('{ArrowDown}{ArrowDown}');
    const active = document.getElementById(box.getAttribute('aria-activedescendant') ?? '');
    expect(active?.textContent).toContain('Café backend');
    await user.keyboard('{ArrowUp}{ArrowUp}');
    expect(document.getElementById(box.getAttribute('aria-activedescendant') ?? '')?.textContent).toContain('Switched off');
  });

  test('does not take what cannot be chosen, by key or by mouse', async () => {
    const { user, box } = show();
    await user.click(box);
    await user.click(screen.getByRole('option', { name: /SRE/ }));
    await user.keyboard('{ArrowUp}{Enter}');
    expect(screen.getByRole('option', { name: /SRE/ }).getAttribute('aria-disabled')).toBe('true');
    await user.keyboard('{Escape}');
    expect(box.value).toBe('Senior SWE');
  });

  test('goes back to what was chosen when it is left in the middle of a word', async () => {
    const { user, box } = show();
    await user.click(box);
    await user.type(box, 'zzz');
    expect(screen.getByText('Nothing fits')).toBeDefined();
    await user.tab();
    expect(box.value).toBe('Senior SWE');
  });
});

test('a search finds every typed word anywhere, without regard to accents and case', () => {
  expect(filterOptions(OPTIONS, 'BYTE cafe').map((option) => option.id)).toEqual(['b']);
  expect(filterOptions(OPTIONS, '  ').map((option) => option.id)).toEqual(['a', 'b', 'c']);
  expect(filterOptions(OPTIONS, 'coder').map((option) => option.id)).toEqual(['a', 'c']);
});
