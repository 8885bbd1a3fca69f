import { uuid } from '../uuid';
import { ask, client, type JournalEntry, type StandingsRow, type Undone } from './client';

export interface Page {
  data: JournalEntry[];
  next_cursor?: string | null;
}

/** The newest first; `actor`: what one link or account did. */
export const readJournal = (game: string, query: JournalQuery): Promise<Page> =>
  ask(
    client.GET('/api/v1/games/{game}/journal', {
      params: { path: { game }, query: { limit: 50, ...query } },
    }),
  );

export interface JournalQuery {
  cursor?: string;
  actor?: string;
  player?: string;
}

/** The board as it was at a revision. */
export interface Then {
  revision: number;
  made_at: string;
  rows: StandingsRow[];
  complete: boolean;
}

export async function readThen(game: string, revision: number): Promise<Then> {
  const page = await ask(
    client.GET('/api/v1/games/{game}/standings', {
      params: { path: { game }, query: { limit: 1000, at: String(revision) } },
    }),
  );
  return {
    revision: page.revision,
    made_at: page.made_at ?? '',
    rows: page.data,
    complete: !page.has_more,
  };
}

const once = (game: string) => ({ path: { game }, header: { 'Idempotency-Key': uuid() } });

export const undoChange = (game: string, revision: number): Promise<Undone> => {
  const { path, header } = once(game);
  return ask(
    client.POST('/api/v1/games/{game}/journal/{revision}/undo', {
      params: { path: { ...path, revision }, header },
    }),
  );
};

export interface UndoOf {
  actor: string;
  /** From this revision on. */
  since?: string;
  keep_later: boolean;
  dry_run: boolean;
}

export const undoActor = (game: string, body: UndoOf): Promise<Undone> =>
  ask(client.POST('/api/v1/games/{game}/journal/undo', { params: once(game), body }));

export const rewind = (game: string, to_revision: number): Promise<{ revision: number }> =>
  ask(client.POST('/api/v1/games/{game}/rewind', { params: once(game), body: { to_revision } }));
