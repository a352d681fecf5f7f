import '../install-catalogue.ts';

import { act, cleanup, fireEvent, render, screen } from '@testing-library/react';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { LoadingView } from '../../../components/panel/loading-view.tsx';
import { SCREENS } from './panel-states.ts';
import { renderPanel } from './render-panel.tsx';

const CLOSED = { isOpen: false, side: 'right', top: 200 } as const;

afterEach(() => {
  cleanup();
  vi.useRealTimers();
});

const tab = () => screen.getByRole('button', { name: /^Open Tagalong/ });

describe('the tab at the edge of the page', () => {
  test('is how the panel starts, below the header, saying the state in a word', async () => {
    const { told } = await renderPanel(SCREENS.sent, { placement: null });
    expect(tab().textContent).toContain('Sent');
    await vi.waitFor(() => expect(told).toContainEqual({ tagalong: 'place', side: 'right', top: 168 }));
    expect(told).toContainEqual(expect.objectContaining({ tagalong: 'size', open: false }));
  });

  test('opens on a click, takes the focus and is remembered as open', async () => {
    const { user, kept, told } = await renderPanel(SCREENS.sent, { placement: CLOSED });
    await user.click(tab());
    expect(document.activeElement).toBe(screen.getByRole('main', { name: 'Tagalong' }));
    expect(kept()).toEqual({ isOpen: true, side: 'right', top: 200 });
    expect(told).toContainEqual(expect.objectContaining({ tagalong: 'size', width: 360, open: true }));
  });

  test('comes back with the focus when the panel is closed', async () => {
    const { user, kept } = await renderPanel(SCREENS.sent);
    await user.click(screen.getByRole('button', { name: 'Close the panel' }));
    expect(document.activeElement).toBe(tab());
    expect(kept()).toMatchObject({ isOpen: false });
  });

  test('moves with the arrow keys, also to the other side, and never above the window', async () => {
    const { user, kept } = await renderPanel(SCREENS.sent, { placement: { ...CLOSED, top: 30 } });
    tab().focus();
    await user.keyboard('{ArrowDown}');
    expect(kept()).toEqual({ isOpen: false, side: 'right', top: 54 });
    await user.keyboard('{ArrowLeft}{ArrowUp}{ArrowUp}{ArrowUp}');
    expect(kept()).toEqual({ isOpen: false, side: 'left', top: 8 });
  });

  test('is dragged without being opened', async () => {
    const { kept } = await renderPanel(SCREENS.sent, { placement: CLOSED });
    const x = window.screenX + window.outerWidth - 10;
    fireEvent.pointerDown(tab(), { button: 0, screenX: x, screenY: 300 });
    fireEvent.pointerMove(tab(), { screenX: x, screenY: 380 });
    fireEvent.pointerUp(tab(), { screenX: x, screenY: 380 });
    fireEvent.click(tab(), { detail: 1 });
    expect(kept()).toEqual({ isOpen: false, side: 'right', top: 280 });
    expect(tab()).toBeDefined();
  });

  test('a shaky press is still a click', async () => {
    const { kept } = await renderPanel(SCREENS.sent, { placement: CLOSED });
    const x = window.screenX + window.outerWidth - 10;
    fireEvent.pointerDown(tab(), { button: 0, screenX: x, screenY: 300 });
    fireEvent.pointerMove(tab(), { screenX: x, screenY: 302 });
    fireEvent.pointerUp(tab(), { screenX: x, screenY: 302 });
    fireEvent.click(tab(), { detail: 1 });
    expect(kept()).toMatchObject({ isOpen: true, top: 200 });
  });

  test('opens on the shortcut', async () => {
    const { emit } = await renderPanel(SCREENS.sent, { placement: CLOSED });
    act(() => emit({ type: 'focus' }));
    expect(document.activeElement).toBe(screen.getByRole('main', { name: 'Tagalong' }));
  });
});

describe('Escape', () => {
  test('gives the focus back to the page', async () => {
    const { user, told } = await renderPanel(SCREENS.sent);
    await user.keyboard('{Escape}');
    expect(told).toContainEqual({ tagalong: 'blur' });
  });

  test('closes an open list or menu first', async () => {
    const { user, told } = await renderPanel(SCREENS.ready);
    await user.click(screen.getByRole('combobox'));
    await user.keyboard('{Escape}');
    expect(screen.queryByRole('option')).toBeNull();
    await user.click(screen.getByRole('button', { name: 'More' }));
    await user.keyboard('{Escape}');
    expect(screen.queryByRole('button', { name: 'Open settings' })).toBeNull();
    expect(told).not.toContainEqual({ tagalong: 'blur' });
  });
});

describe('waiting for the first answer', () => {
  test('shows nothing for 400 ms, then the shape of what comes', () => {
    vi.useFakeTimers();
    const { container } = render(<LoadingView />);
    act(() => vi.advanceTimersByTime(399));
    expect(container.querySelector('[data-skeleton]')).toBeNull();
    act(() => vi.advanceTimersByTime(1));
    expect(container.querySelector('[data-skeleton]')).not.toBeNull();
  });
});

test('an updated extension leaves a word to reload the page', async () => {
  await renderPanel(SCREENS.sent, { answers: { getPanelState: () => Promise.reject(new Error('context invalidated')) } });
  expect(screen.getByText('Tagalong was updated. Reload this page.')).toBeDefined();
});
