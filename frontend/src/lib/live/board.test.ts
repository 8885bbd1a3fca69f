import { flushSync } from 'svelte';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Change, Game, Scored, StandingsRow } from '../api/client';
import { readGame } from '../api/games';
import { Problem } from '../api/problem';
import { readStandings } from '../api/standings';
import { keepKey, keyFor } from '../keys';
import { Board } from './board.svelte';
import { deliver } from './deliver';
import { Feed, type FeedHandlers } from './feed';
import type { Entry } from './outbox-store';
import { outbox } from './outbox.svelte';
import { Scorer } from './scorer';
import { UndoStack } from './undo.svelte';

vi.mock('../api/games');
vi.mock('../api/standings');
vi.mock('./deliver');
vi.mock('./feed');

const rules = {
  direction: 'high',
  rule: 'sum',
  ties: 'standard',
  tie_break: 'earliest',
  tiebreak_direction: 'none',
  decimals: 0,
} as Game;
const row = (name: string, total: number | null) =>
  ({ rank: null, total, tiebreak: null, entries: 1, player: { id: name, name } }) as StandingsRow;

/** The server: revision and totals, and answers that the test lets go. */
let revision: number;
let totals: Record<string, number | null>;
/** What the server says of the keys that are sent. */
let role: Game['my_role'];
const dead = new Set<string>();
let answer: ((problem?: Problem) => void)[];
let slugs = 0;
let board: Board;
let scorer: Scorer;
let feed: FeedHandlers;

function score(entry: Entry): Scored {
  revision++;
  totals[entry.player_id] = (totals[entry.player_id] ?? 0) + entry.value;
  const player = { id: entry.player_id, name: entry.player_id, total: totals[entry.player_id] };
  return { revision, player, score: { id: `scr_${revision}`, revision } } as unknown as Scored;
}

const change = ({ score: { id }, player }: Scored) =>
  ({ revision, action: 'score.added', items: [{ entity: id, player }] }) as unknown as Change;
const key = () => `shl_${board.slug}`;
const linkChange = (action: string) =>
  ({ revision: ++revision, action, items: [{ action, entity: 'lnk_1' }] }) as unknown as Change;
const shown = () => {
  flushSync();
  return Object.fromEntries(board.rows.map(({ player, total }) => [player.name, total]));
};

beforeEach(async () => {
  revision = 5;
  totals = { Ana: 3, Ben: null };
  answer = [];
  role = 'own';
  vi.mocked(readGame).mockImplementation(async (slug) => {
    const sent = keyFor(slug);
    if (sent && dead.has(sent)) throw new Problem(401, 'invalid_credential', 'no');
    return { ...rules, slug, revision, my_role: sent ? role : null } as Game;
  });
  vi.mocked(readStandings).mockImplementation(async () => {
    const rows = Object.entries(totals).map(([name, total]) => row(name, total));
    return { revision, rows, complete: true };
  });
  vi.mocked(Feed).mockImplementation(function (_slug: string, handlers: FeedHandlers) {
    feed = handlers;
    return { close: vi.fn() } as unknown as Feed;
  } as never);
  board = new Board(`board${++slugs}`);
  keepKey(board.slug, key());
  await board.open();
  scorer = new Scorer(board, new UndoStack());
});

afterEach(() => board.close());

/** The server takes the score at once; its answer comes when the test says so. */
function slowAnswers(): Promise<Scored>[] {
  const taken: Promise<Scored>[] = [];
  vi.mocked(deliver).mockImplementation((entry) => {
    const result = score(entry);
    taken.push(Promise.resolve(result));
    return new Promise((resolve, reject) =>
      answer.push((problem) => (problem ? reject(problem) : resolve(result))),
    );
  });
  return taken;
}

const delivered = (count: number) => vi.waitFor(() => expect(answer).toHaveLength(count));
const settled = () => vi.waitFor(() => expect(outbox().entries).toEqual([]));

describe('a board with pending taps', () => {
  it('shows a tap in the same turn', async () => {
    slowAnswers();
    scorer.add('Ana', { value: 2 });
    expect(shown()).toEqual({ Ana: 5, Ben: null });
    await delivered(1);
    answer[0]?.();
    await settled();
  });

  it('never shows a tap twice when its event overtakes its answer', async () => {
    const taken = slowAnswers();
    scorer.add('Ana', { value: 2 });
    await delivered(1);
    feed.change(change(await (taken[0] as Promise<Scored>)));
    expect(shown()).toEqual({ Ana: 5, Ben: null });
    answer[0]?.();
    await settled();
    expect(shown()).toEqual({ Ana: 5, Ben: null });
    expect(board.revision).toBe(6);
  });

  it('never shows a tap zero times between its answer and the snapshot that has it', async () => {
    slowAnswers();
    // Somebody else was first, and the feed is slow: the answer is not the next revision.
    revision++;
    totals.Ben = 9;
    scorer.add('Ana', { value: 2 });
    await delivered(1);
    answer[0]?.();
    await settled();
    expect(shown().Ana).toBe(5);
    await board.refresh();
    expect(shown()).toEqual({ Ana: 5, Ben: 9 });
  });

  it('lets the changes of others through once nothing is in doubt', async () => {
    slowAnswers();
    scorer.add('Ana', { value: 2 });
    await delivered(1);
    const other = score({ player_id: 'Ben', value: 4 } as Entry);
    feed.change(change(other));
    expect(shown()).toEqual({ Ana: 5, Ben: null });
    answer[0]?.();
    await settled();
    await vi.waitFor(() => expect(shown()).toEqual({ Ana: 5, Ben: 4 }));
  });

  it('does not go back to an older snapshot', async () => {
    feed.change(change(score({ player_id: 'Ana', value: 1 } as Entry)));
    expect(shown().Ana).toBe(4);
    vi.mocked(readStandings).mockResolvedValueOnce({ revision: 5, rows: [], complete: true });
    await board.refresh();
    expect(shown().Ana).toBe(4);
  });

  it('reads anew when a change is missing', async () => {
    score({ player_id: 'Ana', value: 1 } as Entry);
    feed.change(change(score({ player_id: 'Ana', value: 1 } as Entry)));
    await vi.waitFor(() => expect(shown().Ana).toBe(5));
    expect(board.revision).toBe(7);
  });
});

describe('opening', () => {
  const open = async (problem: Problem) => {
    vi.mocked(readGame).mockRejectedValueOnce(problem);
    await board.open();
  };

  it.each([
    [404, 'trashed', 'trashed'],
    [404, 'not_found', 'missing'],
    [500, 'internal', 'failed'],
    [0, 'unreachable', 'failed'],
  ])('a %i %s leaves it %s', async (status, code, phase) => {
    await open(new Problem(status, code, code));
    expect(board.phase).toBe(phase);
  });

  it('with a refused key shows what everybody may see', async () => {
    dead.add(key());
    await board.open();
    expect(board.phase).toBe('ready');
    expect(board.mayEdit).toBe(false);
    expect(board.keyRefused).toBe(true);
  });

  it.each([
    ['own', true, true],
    ['score', false, true],
    ['view', false, false],
  ] as const)('with a link that may %s', async (may, owns, mayEdit) => {
    role = may;
    await board.open();
    expect([board.owns, board.mayEdit, board.keyRefused]).toEqual([owns, mayEdit, false]);
  });
});

describe('a link that changes under an open board', () => {
  const standings = () => vi.mocked(readStandings).mock.calls.length;

  it('leaves the public view when it is revoked, and keeps what waits', async () => {
    vi.mocked(deliver).mockRejectedValue(new Problem(0, 'unreachable', 'no'));
    scorer.add('Ana', { value: 2 });
    dead.add(key());
    feed.change(linkChange('link.revoked'));
    await vi.waitFor(() => expect(board.keyRefused).toBe(true));
    expect(board.mayEdit).toBe(false);
    expect(board.waiting).toHaveLength(1);
    vi.mocked(deliver).mockImplementation(async (entry) => score(entry));
    keepKey(board.slug, 'shl_renewed');
    await board.newKey();
    await settled();
    expect(board.mayEdit).toBe(true);
  });

  it('moves no score and asks nothing anew of the others', async () => {
    const before = standings();
    feed.change(linkChange('link.created'));
    await vi.waitFor(() => expect(board.revision).toBe(6));
    expect(board.owns).toBe(true);
    expect(standings()).toBe(before);
  });

  it('hands over to another key that is kept here', async () => {
    dead.add(key());
    keepKey(board.slug, 'shl_newer');
    feed.change(linkChange('link.rotated'));
    await vi.waitFor(() => expect(board.game?.revision).toBe(6));
    expect(board.owns).toBe(true);
    expect(board.keyRefused).toBe(false);
  });

  it('is found out by a write that is refused, for a link that ends tells nobody', async () => {
    dead.add(key());
    vi.mocked(deliver).mockRejectedValueOnce(new Problem(401, 'invalid_credential', 'no'));
    scorer.add('Ana', { value: 2 });
    await vi.waitFor(() => expect(board.keyRefused).toBe(true));
    flushSync();
    expect(board.mayEdit).toBe(false);
    expect(board.waiting).toHaveLength(1);
    outbox().discard(board.waiting[0] as Entry);
  });
});
