/* Ways in and out of an account. Answers hold tokens: hand them to `account.signedIn`. */
import { apiBase } from '../page-meta';
import { ask, client, type NewPerson, type Person, type SignedIn } from './client';

/** Only pages of the server itself are given cookies. */
const delivery = apiBase() === location.origin ? 'cookie' : 'body';

export const register = (body: Omit<NewPerson, 'delivery'>): Promise<SignedIn> =>
  ask(client.POST('/api/v1/auth/register', { body: { ...body, delivery } }));

export const logIn = (email: string, password: string): Promise<SignedIn> =>
  ask(client.POST('/api/v1/auth/login', { body: { email, password, delivery } }));

/** `token` where the browser keeps no cookie. */
export const refresh = (token: string | null): Promise<SignedIn> =>
  ask(client.POST('/api/v1/auth/refresh', { body: token ? { refresh_token: token } : {} }));

export const logOut = (token: string | null): Promise<unknown> =>
  ask(client.POST('/api/v1/auth/logout', { body: token ? { refresh_token: token } : {} }));

export const forgotPassword = (email: string): Promise<unknown> =>
  ask(client.POST('/api/v1/auth/password/forgot', { body: { email } }));

export const resetPassword = (token: string, password: string): Promise<SignedIn> =>
  ask(client.POST('/api/v1/auth/password/reset', { body: { token, password, delivery } }));

export const verifyAddress = (token: string): Promise<Person> =>
  ask(client.POST('/api/v1/auth/verify', { body: { token } }));
