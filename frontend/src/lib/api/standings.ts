import { ask, client, type StandingsRow } from './client';

export interface Standings {
  revision: number;
  rows: StandingsRow[];
  complete: boolean;
}

const PAGE = 1000;
/** Beyond this a board is read in parts, not as one list. */
const MOST = 2000;

const whole = (row: Partial<StandingsRow> & Omit<StandingsRow, 'rank' | 'total' | 'tiebreak'>) => ({
  ...row,
  rank: row.rank ?? null,
  total: row.total ?? null,
  tiebreak: row.tiebreak ?? null,
});

async function readPages(game: string): Promise<Standings & { torn: boolean }> {
  const rows: StandingsRow[] = [];
  let revision = 0;
  let torn: boolean;
  let cursor: string | undefined;
  do {
    const query = { limit: PAGE, cursor };
    const page = await ask(
      client.GET('/api/v1/games/{game}/standings', { params: { path: { game }, query } }),
    );
    torn = rows.length > 0 && page.revision !== revision;
    revision = page.revision;
    rows.push(...page.data.map(whole));
    cursor = page.next_cursor ?? undefined;
  } while (cursor && !torn && rows.length < MOST);
  return { revision, rows, complete: !cursor, torn };
}

/** A list in several pages may be torn by a change between them: then it is read again. */
export async function readStandings(game: string): Promise<Standings> {
  for (let attempt = 0; attempt < 3; attempt++) {
    const pages = await readPages(game);
    if (!pages.torn) return pages;
  }
  const { rows, revision } = await readPages(game);
  return { revision, rows: rows.slice(0, PAGE), complete: false };
}
