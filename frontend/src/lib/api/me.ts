/* The account of the person who is logged in. */
import { ask, client, ifMatch, type Device, type Person } from './client';

const ME = '/api/v1/me';
const SESSIONS = '/api/v1/me/sessions';

export const readMe = (): Promise<Person> => ask(client.GET(ME));

export const renameMe = (me: Person, display_name: string): Promise<Person> =>
  ask(
    client.PATCH(ME, {
      params: { header: { 'If-Match': ifMatch(me) } },
      body: { display_name },
    }),
  );

export const changeAddress = (email: string, current_password: string): Promise<Person> =>
  ask(client.PUT('/api/v1/me/email', { body: { email, current_password } }));

export const sendVerification = (): Promise<unknown> => ask(client.POST('/api/v1/me/verification'));

export const changePassword = (current_password: string, new_password: string): Promise<unknown> =>
  ask(client.PUT('/api/v1/me/password', { body: { current_password, new_password } }));

/** Everything that is kept about the person. */
export const exportMe = (): Promise<object> => ask(client.GET('/api/v1/me/export'));

export const deleteMe = (): Promise<unknown> => ask(client.DELETE(ME));

export async function listDevices(): Promise<Device[]> {
  const devices: Device[] = [];
  let cursor: string | undefined;
  do {
    const page = await ask(client.GET(SESSIONS, { params: { query: { limit: 100, cursor } } }));
    devices.push(...page.data);
    cursor = page.next_cursor ?? undefined;
  } while (cursor);
  return devices;
}

export const logOutDevice = (session: string): Promise<unknown> =>
  ask(client.DELETE('/api/v1/me/sessions/{session}', { params: { path: { session } } }));
