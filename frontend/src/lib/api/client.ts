/*
 * The typed client, and the only importer of the generated types: swap the generator here and
 * nowhere else.
 */
import createClient from 'openapi-fetch';
import { account } from '../account.svelte';
import { credentialFor } from '../credentials';
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
export type Person = Schemas['User'];
export type NewPerson = Schemas['RegisterBody'];
export type SignedIn = Schemas['SignedIn'];
export type Device = Schemas['Session'];
export type GameList = Schemas['GameList'];
export type Product = Schemas['Product'];
export type Products = Schemas['ProductList'];
export type Order = Schemas['Order'];
export type NewOrder = Schemas['OrderBody'];
export type OrderList = Schemas['OrderList'];
export type OrderEvent = Schemas['OrderEvent'];
export type Seat = Schemas['Seat'];
export type SeatWithToken = Schemas['SeatWithToken'];
export type Newcomer = Schemas['JoinBody'];
export type Change = Schemas['Change'];
export type Changes = Schemas['ChangeList'];
export type JournalEntry = Schemas['JournalEntry'];
export type Undone = Schemas['UndoAnswer'];

/** A phone's socket may hang for minutes without an error. */
const PATIENCE = 15_000;

const send = (request: Request): Promise<Response> =>
  fetch(request, { signal: AbortSignal.timeout(PATIENCE) });

const sign = (request: Request, token: string): void =>
  request.headers.set('Authorization', `Bearer ${token}`);

/** A person's token lasts for minutes: one that is refused is renewed, once. */
async function sendSigned(request: Request): Promise<Response> {
  const again = request.clone();
  const answer = await send(request);
  const isPerson = /^Bearer (?!shl_)/.test(request.headers.get('Authorization') ?? '');
  if (answer.status !== 401 || !isPerson) return answer;
  const token = await account.renew();
  if (!token) throw Problem.loggedOut();
  sign(again, token);
  const second = await send(again);
  if (second.status !== 401) return second;
  account.signedOut();
  throw Problem.loggedOut();
}

export const client = createClient<paths>({ baseUrl: apiBase(), fetch: sendSigned });

client.use({
  async onRequest({ request, params, schemaPath }) {
    // Who logs in is nobody yet.
    if (schemaPath.startsWith('/api/v1/auth/') || request.headers.has('Authorization')) return;
    const slug = (params.path as { game?: string } | undefined)?.game;
    const credential = slug ? credentialFor(slug) : account.person && { person: account.person.id };
    if (!credential) return;
    if ('key' in credential) return sign(request, credential.key);
    try {
      const token = await account.bearer();
      if (token === null) throw Problem.loggedOut();
      sign(request, token);
    } catch (cause) {
      // A server that takes no changes renews nobody; boards can be read all the same.
      if (!slug || request.method !== 'GET' || !account.unsure) throw cause;
    }
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
    throw cause instanceof Problem ? cause : Problem.unreachable(cause);
  }
  if (!answer.response.ok) throw Problem.from(answer.response, answer.error);
  return answer.data as T;
}

/** Only the version is compared, so the revision may be any. */
export const ifMatch = (thing: { version: number }): string => `"${thing.version}.0"`;
