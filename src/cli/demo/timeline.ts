import type { CredentialsFile } from '../../core/workspace/credentials-file.ts';
import { CommandError } from '../command.ts';
import { formatInstant, formatTable } from '../table.ts';
import type { DemoClient } from './client.ts';

interface Person {
  readonly id: string;
  readonly profiles: readonly { readonly id: string; readonly dialect: string }[];
}

interface TimelineEvent {
  readonly type: string;
  readonly dialect: string;
  readonly occurredAt: string;
  readonly properties: unknown;
}

const longestDetails = 60;

/** The demo's person by e-mail. @throws CommandError when there is none */
export async function lookUpPerson(
  client: DemoClient,
  credentials: CredentialsFile,
  email: string,
): Promise<Person> {
  const query = new URLSearchParams({ kind: 'email', value: email });
  const { body } = await client.send(nativeRequest(credentials, `people/lookup?${query}`));
  if (!isPerson(body)) throw new CommandError(`the person's records can't be read: ${JSON.stringify(body)}`);
  return body;
}

/** The first page of the person's timeline, newest first. */
export async function readTimeline(
  client: DemoClient,
  credentials: CredentialsFile,
  personId: string,
): Promise<TimelineEvent[]> {
  const { body } = await client.send(nativeRequest(credentials, `people/${personId}/timeline`));
  const events: unknown = typeof body === 'object' && body !== null ? Reflect.get(body, 'events') : undefined;
  if (!Array.isArray(events)) throw new CommandError(`the timeline can't be read: ${JSON.stringify(body)}`);
  return events;
}

/** The events as a table, in the order given. */
export function presentTimeline(events: readonly TimelineEvent[]): string {
  const rows = events.map(({ occurredAt, dialect, type, properties }) => [
    formatInstant(new Date(occurredAt)),
    dialect,
    type,
    shorten(JSON.stringify(properties) ?? ''),
  ]);
  return formatTable([['when', 'api', 'event', 'properties'], ...rows]);
}

function nativeRequest(credentials: CredentialsFile, path: string) {
  return {
    method: 'GET',
    path: `/throughline/v1/workspaces/${credentials.workspace.id}/${path}`,
    headers: { authorization: `Bearer ${credentials.admin.token}` },
  } as const;
}

function isPerson(body: unknown): body is Person {
  return typeof body === 'object' && body !== null && 'id' in body && 'profiles' in body;
}

function shorten(text: string): string {
  return text.length > longestDetails ? `${text.slice(0, longestDetails - 1)}…` : text;
}
