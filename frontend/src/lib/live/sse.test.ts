import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Problem } from '../api/problem';
import { Stream, type SourceHandlers } from './sse';

/** What the browser gives, in the hands of the test. */
class FakeEventSource extends EventTarget {
  static all: FakeEventSource[] = [];
  static get last() {
    return FakeEventSource.all.at(-1) as FakeEventSource;
  }

  closed = false;
  onopen: () => void = () => undefined;
  onerror: () => void = () => undefined;

  constructor(readonly url: string) {
    super();
    FakeEventSource.all.push(this);
  }

  close() {
    this.closed = true;
  }

  send(type: string, data: unknown) {
    this.dispatchEvent(new MessageEvent(type, { data: JSON.stringify(data) }));
  }
}

let cursor: number;
let log: string[];
let stream: Stream;
const handlers: SourceHandlers = {
  change: (change) => {
    cursor = change.revision;
    log.push(`change ${change.revision}`);
  },
  gap: () => log.push('gap'),
  up: () => log.push('up'),
  down: () => log.push('down'),
};

beforeEach(() => {
  vi.useFakeTimers();
  vi.stubGlobal('EventSource', FakeEventSource);
  FakeEventSource.all = [];
  cursor = 3;
  log = [];
  stream = new Stream(() => `/events?after=${cursor}`, handlers);
});

afterEach(() => {
  stream.close();
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

describe('event stream', () => {
  it('starts at the cursor and tells what comes', () => {
    expect(FakeEventSource.last.url).toBe('/events?after=3');
    FakeEventSource.last.onopen();
    FakeEventSource.last.send('change', { revision: 4 });
    FakeEventSource.last.send('snapshot', { revision: 9 });
    expect(log).toEqual(['up', 'change 4', 'gap']);
  });

  it('comes back from where it was, with growing waits', () => {
    FakeEventSource.last.onopen();
    FakeEventSource.last.send('change', { revision: 7 });
    FakeEventSource.last.onerror();
    expect(log.at(-1)).toBe('down');
    expect(FakeEventSource.last.closed).toBe(true);

    vi.advanceTimersByTime(500);
    expect(FakeEventSource.all).toHaveLength(2);
    expect(FakeEventSource.last.url).toBe('/events?after=7');
    for (let failure = 0; failure < 8; failure++) {
      FakeEventSource.last.onerror();
      vi.advanceTimersByTime(30_000);
    }
    expect(FakeEventSource.all).toHaveLength(10);
    // By now the shortest wait is half of the longest.
    FakeEventSource.last.onerror();
    vi.advanceTimersByTime(14_999);
    expect(FakeEventSource.all).toHaveLength(10);
    vi.advanceTimersByTime(15_001);
    expect(FakeEventSource.all).toHaveLength(11);
  });

  it('renews a connection that has been silent for 45 s, without an alarm', () => {
    FakeEventSource.last.onopen();
    vi.advanceTimersByTime(44_000);
    FakeEventSource.last.send('change', { revision: 4 });
    vi.advanceTimersByTime(44_000);
    expect(FakeEventSource.all).toHaveLength(1);
    vi.advanceTimersByTime(1_000);
    expect(FakeEventSource.all).toHaveLength(2);
    expect(FakeEventSource.all[0]?.closed).toBe(true);
    expect(log).not.toContain('down');
  });

  it('does not wait when the device wakes up', () => {
    FakeEventSource.last.onerror();
    stream.wake();
    expect(FakeEventSource.all).toHaveLength(2);
    vi.advanceTimersByTime(40_000);
    expect(FakeEventSource.all).toHaveLength(2);
  });

  it('is quiet when closed', () => {
    stream.close();
    vi.advanceTimersByTime(100_000);
    expect(FakeEventSource.all).toHaveLength(1);
    expect(FakeEventSource.last.closed).toBe(true);
  });
});

describe('an address that must be asked for', () => {
  let give: (address: string) => void;
  let refuse: (cause: unknown) => void;
  let asked: Stream;

  beforeEach(() => {
    stream.close();
    FakeEventSource.all = [];
    const ask = () =>
      new Promise<string>((resolve, reject) => {
        give = resolve;
        refuse = reject;
      });
    asked = new Stream(ask, handlers);
  });
  afterEach(() => asked.close());
  const told = () => vi.advanceTimersByTimeAsync(0);

  it('is waited for, and asked for anew at each connection', async () => {
    expect(FakeEventSource.all).toHaveLength(0);
    give('/events?ticket=1');
    await told();
    expect(FakeEventSource.last.url).toBe('/events?ticket=1');
    FakeEventSource.last.onerror();
    await vi.advanceTimersByTimeAsync(500);
    give('/events?ticket=2');
    await told();
    expect(FakeEventSource.last.url).toBe('/events?ticket=2');
  });

  it('comes too late for a stream that is closed', async () => {
    asked.close();
    give('/events?ticket=1');
    await told();
    expect(FakeEventSource.all).toHaveLength(0);
  });

  it('is asked for again when the network has failed', async () => {
    refuse(new TypeError('network'));
    await told();
    expect(log).toEqual(['down']);
    await vi.advanceTimersByTimeAsync(500);
    give('/events?ticket=2');
    await told();
    expect(FakeEventSource.all).toHaveLength(1);
  });

  it('says that something has changed when the server gives none', async () => {
    refuse(new Problem(401, 'logged_out', 'no'));
    await told();
    expect(log).toEqual(['gap', 'down']);
  });
});
