import { beforeEach, describe, expect, it, vi } from 'vitest';
import type { Scored } from '../api/client';
import { Problem } from '../api/problem';
import { keepKey, keyFor } from '../keys';
import { openStore, type Entry, type Store } from './outbox-store';
import { Outbox } from './outbox.svelte';

let databases = 0;
let tabs = 0;
let store: Store;
/** The server: what arrived, and what it says to it. */
let arrived: Entry[];
let answer: (entry: Entry) => Promise<Scored | null>;

const scored = (entry: Entry) =>
  ({ score: { id: `scr_${entry.client_id}`, revision: arrived.length } }) as Scored;
const refuse = (status: number, code = 'code') => Promise.reject(new Problem(status, code, code));
const tap = (client_id: string, slug = 'board') => ({
  client_id,
  slug,
  player_id: 'plr_1',
  kind: 'add' as const,
  value: 1,
  occurred_at: '2026-11-22T12:00:00.000Z',
});

/** A tab that shares nothing with those of other tests. */
const open = () => {
  const deliver = (entry: Entry) => {
    arrived.push(entry);
    return answer(entry);
  };
  return new Outbox(Promise.resolve({ store, deliver }), `outbox-${databases}-${++tabs}`);
};
const ids = () => arrived.map(({ client_id }) => client_id);
const empty = (outbox: Outbox) =>
  vi.waitFor(async () => {
    expect(outbox.entries).toEqual([]);
    expect(await store.all()).toEqual([]);
  });

beforeEach(async () => {
  store = await openStore(`outbox-${++databases}`);
  arrived = [];
  answer = async (entry) => scored(entry);
});

describe('outbox', () => {
  it('shows a tap at once and sends all in order, each once', async () => {
    const outbox = open();
    ['1', '2', '3'].forEach((id) => outbox.add(tap(id)));
    expect(outbox.entries.map(({ client_id }) => client_id)).toEqual(['1', '2', '3']);
    await empty(outbox);
    expect(ids()).toEqual(['1', '2', '3']);
  });

  it.each([0, 408, 425, 429, 500, 503])(
    'sends again with the same id after a %i',
    async (status) => {
      const outbox = open();
      answer = (entry) => (arrived.length < 2 ? refuse(status) : Promise.resolve(scored(entry)));
      outbox.add(tap('1'));
      outbox.add(tap('2'));
      await empty(outbox);
      expect(ids()).toEqual(['1', '1', '2']);
    },
  );

  it('says that the server rests until it takes the next one', async () => {
    const outbox = open();
    answer = (entry) =>
      arrived.length < 3 ? refuse(503, 'maintenance') : Promise.resolve(scored(entry));
    outbox.add(tap('1'));
    await vi.waitFor(() => expect(outbox.resting).toBe('maintenance'));
    expect(await store.all()).toHaveLength(1);
    await vi.waitFor(() => expect(outbox.resting).toBeNull(), { timeout: 5_000 });
    await empty(outbox);
    expect(ids()).toEqual(['1', '1', '1']);
  });

  it('keeps what is offline, also through a closed tab, and sends it in order later', async () => {
    const online = vi.spyOn(navigator, 'onLine', 'get').mockReturnValue(false);
    const before = open();
    for (const id of ['1', '2', '3', '4', '5']) before.add(tap(id));
    await vi.waitFor(async () => expect(await store.all()).toHaveLength(5));
    expect(arrived).toEqual([]);

    const after = open();
    await vi.waitFor(() => expect(after.entries).toHaveLength(5));
    online.mockReturnValue(true);
    dispatchEvent(new Event('online'));
    await empty(after);
    // The first tab may have sent some as well: the server knows each by its id.
    expect(ids().filter((id, index) => ids().indexOf(id) === index)).toEqual([
      '1',
      '2',
      '3',
      '4',
      '5',
    ]);
  });

  it.each([400, 403, 404, 409, 410, 413, 422])(
    'shows what is refused with a %i',
    async (status) => {
      const outbox = open();
      answer = (entry) =>
        entry.client_id === '1' ? refuse(status, 'no') : Promise.resolve(scored(entry));
      outbox.add({ ...tap('1'), base_revision: 4 });
      outbox.add(tap('2'));
      await vi.waitFor(() => expect(outbox.entries).toHaveLength(1));
      expect(outbox.entries[0]).toMatchObject({ state: 'refused', refusal: { code: 'no' } });

      answer = async (entry) => scored(entry);
      outbox.retry(outbox.entries[0] as Entry);
      await empty(outbox);
      // Who tries again has seen the newer score.
      expect(arrived.at(-1)).toMatchObject({ client_id: '1', base_revision: undefined });
    },
  );

  it('has sent what an earlier visit left once it is flushed', async () => {
    await store.add({ ...tap('1'), state: 'sent' });
    await open().flush();
    expect(ids()).toEqual(['1']);
  });

  it('discards only what a person discards', async () => {
    const outbox = open();
    answer = () => refuse(422);
    outbox.add(tap('1'));
    await vi.waitFor(() => expect(outbox.entries[0]?.state).toBe('refused'));
    outbox.discard(outbox.entries[0] as Entry);
    await empty(outbox);
  });

  it('pauses a board whose key is refused, and only that one', async () => {
    const outbox = open();
    answer = (entry) => (entry.slug === 'board' ? refuse(401) : Promise.resolve(scored(entry)));
    outbox.add(tap('1'));
    outbox.add(tap('2', 'other'));
    await vi.waitFor(() => expect(outbox.entries).toHaveLength(1));
    expect([...outbox.paused]).toEqual(['board']);
    expect(ids()).toEqual(['1', '2']);

    answer = async (entry) => scored(entry);
    // Nothing has changed for it: asking again would be refused again.
    outbox.resume('board');
    expect([...outbox.paused]).toEqual(['board']);
    keepKey('board', 'shl_next');
    outbox.resume('board');
    await empty(outbox);
  });

  it('goes on with another key that is kept here, and sends a refused one no more', async () => {
    keepKey('two-keys', 'shl_old');
    keepKey('two-keys', 'shl_new');
    const sent: (string | null)[] = [];
    answer = (entry) => {
      sent.push(keyFor('two-keys'));
      return sent.at(-1) === 'shl_new' ? refuse(401) : Promise.resolve(scored(entry));
    };
    const outbox = open();
    outbox.add(tap('1', 'two-keys'));
    await empty(outbox);
    expect(sent).toEqual(['shl_new', 'shl_old']);
    expect([...outbox.paused]).toEqual([]);
  });

  it('does not blame a new key for what the old one was refused', async () => {
    keepKey('renewed', 'shl_before');
    const outbox = open();
    answer = (entry) => {
      if (arrived.length > 1) return Promise.resolve(scored(entry));
      keepKey('renewed', 'shl_after');
      return refuse(401);
    };
    outbox.add(tap('1', 'renewed'));
    await empty(outbox);
    expect(keyFor('renewed')).toBe('shl_after');
  });
});

describe('taking back', () => {
  const voiding = (id: string) => ({ ...tap(`void-${id}`), kind: 'void' as const, target: id });

  it('what waits is never sent', async () => {
    const online = vi.spyOn(navigator, 'onLine', 'get').mockReturnValue(false);
    const outbox = open();
    outbox.add(tap('1'));
    outbox.undo(outbox.entries[0] as Entry, voiding('1'));
    expect(outbox.entries).toEqual([]);
    online.mockReturnValue(true);
    outbox.add(tap('2'));
    await empty(outbox);
    expect(ids()).toEqual(['2']);
  });

  it('what was answered is voided by its score', async () => {
    const outbox = open();
    outbox.add(tap('1'));
    const entry = outbox.entries[0] as Entry;
    await empty(outbox);
    outbox.undo(entry, voiding('1'));
    await empty(outbox);
    expect(arrived.at(-1)).toMatchObject({ kind: 'void', score_id: 'scr_1' });
  });

  it('what is under way is voided as soon as its score is known', async () => {
    const outbox = open();
    let release: () => void = () => undefined;
    const under = new Promise<void>((resolve) => (release = resolve));
    answer = async (entry) => under.then(() => scored(entry));
    outbox.add(tap('1'));
    await vi.waitFor(() => expect(arrived).toHaveLength(1));
    outbox.undo(outbox.entries[0] as Entry, voiding('1'));
    release();
    await empty(outbox);
    expect(arrived.at(-1)).toMatchObject({ kind: 'void', score_id: 'scr_1' });
  });
});
