import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { readEvents } from '../api/events';
import { Problem } from '../api/problem';
import { Poller } from './poller';

vi.mock('../api/events');

const handlers = { change: vi.fn(), gap: vi.fn(), up: vi.fn(), down: vi.fn() };
let poller: Poller;

beforeEach(() => {
  vi.useFakeTimers();
  vi.clearAllMocks();
});
afterEach(() => {
  poller.close();
  vi.useRealTimers();
});

it.each([
  [401, 'gap', 'down'],
  [500, 'down', 'gap'],
] as const)('after a %i says %s, and asks again', async (status, said, unsaid) => {
  vi.mocked(readEvents).mockRejectedValue(new Problem(status, 'x', 'x'));
  poller = new Poller('board', () => 3, handlers);
  await vi.advanceTimersByTimeAsync(0);
  expect(handlers[said]).toHaveBeenCalledTimes(1);
  expect(handlers[unsaid]).not.toHaveBeenCalled();
  await vi.advanceTimersByTimeAsync(2_000);
  expect(readEvents).toHaveBeenCalledTimes(2);
});
