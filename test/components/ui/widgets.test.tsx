import '../install-catalogue.ts';

import { cleanup, render, screen } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { Settings } from 'lucide-react';
import { afterEach, describe, expect, test } from 'vitest';
import { Button } from '../../../components/ui/button.tsx';
import { ClockContext } from '../../../components/ui/clock.ts';
import { Field } from '../../../components/ui/field.tsx';
import { formatDay, formatMoment, formatRelative } from '../../../components/ui/format-time.ts';
import { MenuButton } from '../../../components/ui/menu-button.tsx';
import { Meter } from '../../../components/ui/meter.tsx';
import { RelativeTime } from '../../../components/ui/relative-time.tsx';
import { t } from '../../../components/ui/t.ts';

afterEach(cleanup);

const NOON = new Date(2025, 10, 21, 12, 0, 0).getTime();
const MINUTE = 60_000;

describe('times', () => {
  test('are told from near to far, ahead and back', () => {
    const tell = (minutes: number) => formatRelative(NOON + minutes * MINUTE, NOON, 'en');
    expect([tell(-0.5), tell(-5), tell(-130), tell(-26 * 60), tell(50), tell(3 * 24 * 60)]).toEqual([
      'now',
      '5 min. ago',
      '2 hr. ago',
      'yesterday',
      'in 50 min.',
      'in 3 days',
    ]);
  });

  test('over a week away are dates, with the year when it is another one', () => {
    expect(formatRelative(NOON - 9 * 24 * 60 * MINUTE, NOON, 'en')).toBe('Wed, Nov 12');
    expect(formatDay(new Date(2026, 0, 2).getTime(), NOON, 'en')).toBe('Fri, Jan 2, 2026');
    expect(formatDay(NOON, NOON, 'de')).toBe('Fr., 21. Nov.');
  });

  test('in a list are the hour today and the day before', () => {
    expect(formatMoment(NOON, NOON, 'en-GB')).toBe('12:00');
    expect(formatMoment(NOON - 24 * 60 * MINUTE, NOON, 'en-GB')).toBe('20 Nov');
  });

  test('carry the exact one on hover and for programs', () => {
    const clock = { now: () => NOON, newId: () => 'x' };
    const at = new Date(NOON - 5 * MINUTE).toISOString();
    render(
      <ClockContext value={clock}>
        <RelativeTime at={at} />
      </ClockContext>,
    );
    const time = screen.getByRole('time');
    expect(time.getAttribute('dateTime')).toBe(at);
    expect(time.title).toContain('2025');
  });
});

test('a busy button keeps the focus and takes no click', async () => {
  let clicks = 0;
  render(
    <Button isBusy onClick={() => (clicks += 1)}>
      Send
    </Button>,
  );
  const button = screen.getByRole('button', { name: 'Send' });
  button.focus();
  await userEvent.click(button);
  expect(clicks).toBe(0);
  expect(document.activeElement).toBe(button);
});

test('a field reads its problem out in place of its hint', () => {
  render(
    <Field label="E-mail" hint="Serves this invitation only" problem="Enter an address">
      {(control) => <input {...control} />}
    </Field>,
  );
  const input = screen.getByRole('textbox', { name: 'E-mail', description: 'Enter an address' });
  expect(input.getAttribute('aria-invalid')).toBe('true');
});

test('a bar never runs over its end', () => {
  const { container } = render(<Meter label="Skill" value={12} max={10} text="12 / 10" />);
  expect(container.querySelector<HTMLElement>('[style]')?.style.width).toBe('100%');
});

test('a menu closes on Escape, a choice, or a click elsewhere, and Escape gives the focus back', async () => {
  const user = userEvent.setup();
  const chosen: string[] = [];
  render(
    <>
      <MenuButton
        icon={Settings}
        label="More"
        items={[{ label: 'Settings', icon: Settings, onSelect: () => chosen.push('s') }]}
      />
      <p>Elsewhere</p>
    </>,
  );
  const more = screen.getByRole('button', { name: 'More' });
  await user.click(more);
  await user.keyboard('{Escape}');
  expect(document.activeElement).toBe(more);
  expect(screen.queryByRole('button', { name: 'Settings' })).toBeNull();
  await user.click(more);
  await user.click(screen.getByText('Elsewhere'));
  expect(screen.queryByRole('button', { name: 'Settings' })).toBeNull();
  await user.click(more);
  await user.click(screen.getByRole('button', { name: 'Settings' }));
  expect(chosen).toEqual(['s']);
});

test('a text of the catalogue has its gaps filled in order', () => {
  expect(t('panel.held.other', 'Ben', 6)).toBe('Ben is sending in 6 s');
});
