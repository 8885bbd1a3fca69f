/*
 * The typed client, and the only importer of the generated types: swap the generator here and
 * nowhere else.
 */
import createClient from 'openapi-fetch';
import { keyFor } from '../keys';
import { apiBase } from '../page-meta';
import type { components, paths } from './schema';
import { Problem } from './problem';

type Schemas = components['schemas'];

export type Game = Schemas['Game'];
export type NewGame = Schemas['GameBody'];
export type GamePatch = Schemas['GamePatch'];
export type Player = Schemas['Player'];
export type NewPlayer = Schemas['PlayerBody'];
export type PlayerPatch = Schemas['PlayerPatch'];
export type StandingsRow = Schemas['Standing'];
export type NewScore = Schemas['ScoreBody'];
export type Score = Schemas['Score'];
export type Amendment = Schemas['AmendPatch'];
export type Scored = Schemas['ScoreAnswer'];
export type Round = Schemas['Round'];
export type NewRound = Schemas['RoundBody'];
export type RoundScore = NonNullable<NewRound['scores']>[number];
export type Link = Schemas['Link'];
export type NewLink = Schemas['LinkBody'];
export type LinkPatch = Partial<Schemas['LinkPatch']>;
export type LinkWithToken = Schemas['LinkWithToken'];
export type Change = Schemas['Change'];
export type Changes = Schemas['ChangeList'];

/** A phone's socket may hang for minutes without an error. */
const PATIENCE = 15_000;

export const client = createClient<paths>({
  baseUrl: apiBase(),
  fetch: (request) => fetch(request, { signal: AbortSignal.timeout(PATIENCE) }),
});

client.use({
  onRequest({ request, params }) {
    const slug = (params.path as { game?: string } | undefined)?.game;
    const key = slug ? keyFor(slug) : null;
    if (key) request.headers.set('Authorization', `Bearer ${key}`);
  },
});

interface Answer<T> {
  data?: T;
  error?: unknown;
  response: Response;
}

/** The body of a good answer; anything else is thrown as a `Problem`. */
export async function ask<T>(request: Promise<Answer<T>>): Promise<T> {
  let answer: Answer<T>;
  try {
    answer = await request;
  } catch (cause) {
    throw Problem.unreachable(cause);
  }
  if (!answer.response.ok) throw Problem.from(answer.response, answer.error);
  return answer.data as T;
}

/** Only the version is compared, so the revision may be any. */
export const ifMatch = (thing: { version: number }): string => `"${thing.version}.0"`;
