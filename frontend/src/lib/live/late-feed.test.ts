import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import type { FeedHandlers } from './feed';
import { LateFeed } from './late-feed';

const opened = vi.fn();
const closed = vi.fn();
let reachable: boolean;
const states: string[] = [];
const handlers = { state: (state: string) => states.push(state) } as unknown as FeedHandlers;

beforeEach(() => {
  vi.useFakeTimers();
  vi.resetModules();
  states.length = 0;
  reachable = true;
  opened.mockClear();
  closed.mockClear();
  vi.doMock('./feed', () => {
    if (!reachable) throw new TypeError('network');
    return {
      Feed: class {
        constructor(slug: string) {
          opened(slug);
        }
        close = closed;
      },
    };
  });
});
afterEach(() => vi.useRealTimers());

it('opens once, also when asked twice', async () => {
  const feed = new LateFeed();
  feed.prepare();
  await Promise.all([feed.open('board', handlers), feed.open('board', handlers)]);
  expect(opened.mock.calls).toEqual([['board']]);
  expect(feed.isOpen).toBe(true);
  feed.close();
  expect(closed).toHaveBeenCalledTimes(1);
  expect(feed.isOpen).toBe(false);
});

it('does not open what was closed while it was loaded', async () => {
  const feed = new LateFeed();
  feed.prepare();
  const opening = feed.open('board', handlers);
  feed.close();
  await opening;
  expect(opened).not.toHaveBeenCalled();
});

it('says that it is down when the code cannot be loaded, and loads it later', async () => {
  reachable = false;
  const feed = new LateFeed();
  feed.prepare();
  await feed.open('board', handlers);
  expect(states).toEqual(['down']);
  reachable = true;
  vi.resetModules();
  await vi.advanceTimersByTimeAsync(1_000);
  await vi.waitFor(() => expect(opened).toHaveBeenCalledTimes(1));
});
