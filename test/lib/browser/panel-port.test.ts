import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { type ClientPort, connectPanelPort, type PortMessage } from '../../../lib/browser/panel-port.ts';
import type { PanelPush } from '../../../lib/contract/messages.ts';

class StubPort implements ClientPort {
  posted: PortMessage[] = [];
  isOpen = true;
  push: (push: PanelPush) => void = () => {};
  drop: () => void = () => {};
  onMessage = { addListener: (listener: (push: PanelPush) => void) => (this.push = listener) };
  onDisconnect = { addListener: (listener: () => void) => (this.drop = listener) };
  postMessage(message: PortMessage): void {
    this.posted.push(message);
  }
  disconnect(): void {
    this.isOpen = false;
  }
}

let ports: StubPort[];
const open = () => {
  const port = new StubPort();
  ports.push(port);
  return port;
};

beforeEach(() => {
  ports = [];
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

test('a panel hears pushes and pings often enough to keep the worker awake', () => {
  const heard: PanelPush[] = [];
  connectPanelPort((push) => heard.push(push), undefined, open);
  ports[0]?.push({ type: 'focus' });
  expect(heard).toEqual([{ type: 'focus' }]);
  vi.advanceTimersByTime(60_000);
  expect(ports[0]?.posted).toEqual([{ tagalong: 'ping' }, { tagalong: 'ping' }, { tagalong: 'ping' }]);
});

test('when the worker stops, the panel connects again, repeats its choice and asks for what it missed', () => {
  const connected = vi.fn();
  const port = connectPanelPort(() => {}, connected, open);
  port.choose('42');
  ports[0]?.drop();
  expect(ports).toHaveLength(1);
  vi.advanceTimersByTime(1000);
  expect(ports).toHaveLength(2);
  expect(ports[1]?.posted).toEqual([{ tagalong: 'choose', applicationId: '42' }]);
  expect(connected).toHaveBeenCalledTimes(2);
});

test('a closed panel stays closed', () => {
  const port = connectPanelPort(() => {}, undefined, open);
  port.close();
  expect(ports[0]?.isOpen).toBe(false);
  ports[0]?.drop();
  vi.advanceTimersByTime(60_000);
  expect(ports).toHaveLength(1);
  expect(ports[0]?.posted).toEqual([]);
});

test('when the extension is gone there is nobody to connect to', () => {
  const connected = vi.fn();
  connectPanelPort(
    () => {},
    connected,
    () => null,
  );
  vi.advanceTimersByTime(60_000);
  expect(connected).not.toHaveBeenCalled();
});
