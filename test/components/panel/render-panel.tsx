import '../install-catalogue.ts';
import { render, screen } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import type { PanelBackend, Placement } from '../../../components/panel/backend.ts';
import { PanelApp } from '../../../components/panel/panel-app.tsx';
import type { PanelState } from '../../../lib/contract/messages.ts';
import { createFakeBackend, createFakePlace } from './fake-backend.ts';
import { NOW } from './panel-states.ts';

export interface RenderPanelOptions {
  answers?: Partial<PanelBackend>;
  placement?: Placement | null;
}

const OPEN: Placement = { isOpen: true, side: 'right', top: 168 };

/** The whole panel over a background that answers what the test says; `clock.now` stands still until the test moves it. */
export async function renderPanel(state: PanelState, { answers = {}, placement = OPEN }: RenderPanelOptions = {}) {
  const fake = createFakeBackend(state, answers);
  const memory = createFakePlace(placement);
  let now = NOW;
  let ids = 0;
  const clock = {
    now: () => now,
    newId: () => {
      ids += 1;
      return `00000000-0000-4000-8000-${String(ids).padStart(12, '0')}`;
    },
  };
  const user = userEvent.setup();
  render(<PanelApp backend={fake.backend} push={fake.push} place={memory.place} clock={clock} />);
  await screen.findByRole('main');
  const callsOf = (name: keyof PanelBackend) => fake.calls.filter((call) => call.name === name).map((call) => call.command);
  const pass = (ms: number) => {
    now += ms;
  };
  return { ...fake, ...memory, user, callsOf, pass };
}

/** A promise that the test settles when it wants. */
export function deferred<Value>() {
  let resolve: (value: Value) => void = () => {};
  const promise = new Promise<Value>((take) => {
    resolve = take;
  });
  return { promise, resolve };
}
