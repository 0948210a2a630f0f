import type { Place } from '../../core/workspace/place.ts';
import type { Provision, Shown } from '../../core/workspace/provision.ts';
import type { Workspace } from '../../core/workspace/workspace.ts';

/** What a command for a POSIX shell is written with. */
export interface CommandWriting {
  readonly email: string;
  /** Begins a request to a path of the server. */
  readonly curl: (path: string) => string;
  /** A name of the workspace in the dialect, by its member of `credentials.json`: `licenseCode`. */
  readonly name: (member: string) => string;
  /** A key, by its member of `credentials.json`, as a word of the shell. */
  readonly secret: (member: string) => string;
  /** The header that carries such a key as a bearer token. */
  readonly bearer: (member: string) => string;
  /** The header of a JSON body. */
  readonly json: string;
}

/** Writes a command that sends an event of a person's. */
export type WriteCommand = (writing: CommandWriting) => string;

const email = 'ada@example.com';

/** The command that sends a first event to a workspace, and the role of the key that it has a placeholder for. */
export function writeFirstEvent(
  write: WriteCommand,
  { dialect, credentials }: Provision,
  { workspace, place }: { readonly workspace: Workspace; readonly place: Place },
  baseUrl: string,
): { command: string; key: { role: string; placeholder: string } } {
  const shownBy: Readonly<Record<string, Shown>> = credentials;
  const key = { role: '', placeholder: '' };
  const placeholderOf = (member: string): string => {
    const shown = shownBy[member];
    key.role = shown?.is === 'key' ? shown.role : '';
    key.placeholder = `YOUR-${dialect.toUpperCase()}-KEY`;
    return key.placeholder;
  };
  const command = write({
    email,
    curl: (path) => `curl -sS '${baseUrl}${path}'`,
    name: (member) => nameIn(shownBy[member], workspace, place),
    secret: placeholderOf,
    bearer: (member) => `-H 'Authorization: Bearer ${placeholderOf(member)}'`,
    json: "-H 'Content-Type: application/json'",
  });
  return { command, key };
}

function nameIn(shown: Shown | undefined, workspace: Workspace, place: Place): string {
  switch (shown?.is) {
    case 'workspace-id':
      return workspace.publicId;
    case 'node-id':
      return place.nodeId;
    case 'source-id':
      return place.source?.externalId ?? '';
    case 'name':
      return place.names[shown.kind] ?? '';
    default:
      throw new Error('a command names what is no name of the workspace');
  }
}
