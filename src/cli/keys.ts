import type { Config } from '../config.ts';
import { type Credential, type CredentialKind, credentialKinds } from '../core/credential/credential.ts';
import { listCredentials } from '../core/credential/credential-store.ts';
import {
  endCredential,
  maximumOverlapDays,
  rotateCredential,
  usualOverlapHours,
} from '../core/credential/manage-credentials.ts';
import { isUuid } from '../core/id.ts';
import { issueAdministratorKey, issueKey } from '../core/workspace/issue-keys.ts';
import { type KeyOwner, keyOwnersOf } from '../core/workspace/provision.ts';
import { dialects } from '../dialects/registry.ts';
import { type Command, CommandError, expectPositionals, parseOptions, UsageError } from './command.ts';
import { formatInstant, formatTable } from './table.ts';
import { type CommandServices, requireWorkspace, withServices } from './with-services.ts';

const owners = keyOwnersOf(dialects);
const ownerList = owners.map(({ dialect }) => dialect).join(', ');
const rolesHelp = owners
  .map(({ dialect, keys: { roles } }) => `  ${dialect.padEnd(13)}${roles.join(', ')}`)
  .join('\n');

export const keys: Command = {
  help: `Usage: throughline keys create --dialect NAME [--role ROLE] [--name TEXT] [--workspace SLUG]
       throughline keys create --admin [--name TEXT]
       throughline keys list [--kind KIND] [--made-from ID] [--limit NUMBER] [--workspace SLUG | --admin]
       throughline keys revoke ID [--workspace SLUG | --admin]
       throughline keys rotate ID [--old-valid-until INSTANT] [--workspace SLUG | --admin]

A key is for one workspace and one API; its secret is printed once and stored only as a hash. An administrator's key (--admin)
is above workspaces and for the native API. "list", "revoke" and "rotate" are for all that opens something: keys, sessions,
tokens, passwords, keys of service accounts, secrets of apps. With one ends all that was made from it; running servers follow
within five seconds. "rotate" prints a new secret; the old one stays valid for a while.

  --dialect NAME             the API: ${ownerList}
  --role ROLE                what it may do (default: the API's first)
  --name TEXT                what it is for, shown in the list
  --kind KIND                ${credentialKinds.join(', ')}
  --made-from ID             only what was made from this one
  --limit NUMBER             how many of the newest are listed (default 100)
  --old-valid-until INSTANT  when the old secret ends, such as 2030-01-31T12:00:00Z, at most ${maximumOverlapDays} days from now, or "now"
                             (default: ${usualOverlapHours} hours from now)
  --workspace SLUG           by slug or id (default: the only workspace there is)

Roles by API:
${rolesHelp}
`,
  async run(args, config) {
    const [action, ...rest] = args;
    if (action === 'create') return create(rest, config);
    if (action === 'list') return list(rest, config);
    if (action === 'revoke') return revoke(rest, config);
    if (action === 'rotate') return rotate(rest, config);
    const choice = 'create, list, revoke or rotate';
    throw new UsageError(
      action === undefined ? `${choice}?` : `there is no "keys ${action}"; choose from ${choice}`,
    );
  },
};

const scopeOptions = { workspace: { type: 'string' }, admin: { type: 'boolean' } } as const;

async function create(args: string[], config: Config): Promise<number> {
  const { values, positionals } = parseOptions(args, {
    ...scopeOptions,
    dialect: { type: 'string' },
    role: { type: 'string' },
    name: { type: 'string' },
  });
  expectPositionals(positionals);
  const owner = values.admin ? undefined : requireOwner(values.dialect);
  if (values.admin && (values.dialect || values.role || values.workspace)) {
    throw new UsageError('--admin goes with --name only');
  }
  const role = owner && readRole(owner, values.role);
  const now = new Date();
  const { secret, credential } = await withServices(config, async (services) => {
    const { database } = services;
    if (!owner || !role) return issueAdministratorKey(database, values.name ?? 'administrator', now);
    const workspace = await requireWorkspace(services, values.workspace);
    const name = values.name ?? `${workspace.slug} ${role}`;
    return issueKey(database, owner, { workspaceId: workspace.id, role, name }, now);
  });
  process.stderr.write(`key ${credential.id} was made; this is the only time that its secret is shown:\n`);
  process.stdout.write(`${secret}\n`);
  return 0;
}

function requireOwner(name: string | undefined): KeyOwner {
  if (name === undefined) throw new UsageError('--dialect or --admin is missing');
  const owner = owners.find(({ dialect }) => dialect === name);
  if (owner) return owner;
  throw new UsageError(`--dialect is one of ${ownerList}, not "${name}"`);
}

function readRole({ dialect, keys: { roles } }: KeyOwner, wanted: string = roles[0]): string {
  if (roles.includes(wanted)) return wanted;
  throw new UsageError(`--role of ${dialect} is one of ${roles.join(', ')}, not "${wanted}"`);
}

async function list(args: string[], config: Config): Promise<number> {
  const { values, positionals } = parseOptions(args, {
    ...scopeOptions,
    kind: { type: 'string' },
    'made-from': { type: 'string' },
    limit: { type: 'string', default: '100' },
  });
  expectPositionals(positionals);
  const { 'made-from': madeFrom, limit } = values;
  if (!/^[1-9]\d{0,5}$/.test(limit))
    throw new UsageError(`--limit is a number from 1 to 999999, not "${limit}"`);
  const filter = {
    ...(values.kind === undefined ? {} : { kind: requireKind(values.kind) }),
    ...(madeFrom === undefined ? {} : { madeFrom: requireId(madeFrom) }),
    limit: Number(limit),
  };
  const found = await withServices(config, async (services) =>
    listCredentials(services.database, await scopeOf(services, values), filter),
  );
  const heading = ['id', 'kind', 'api', 'role', 'name', 'created', 'last used', 'expires', 'revoked'];
  process.stdout.write(formatTable([[...heading, 'made from'], ...found.map(presentKey)]));
  return 0;
}

function requireKind(text: string): CredentialKind {
  const kind = credentialKinds.find((known) => known === text);
  if (kind === undefined)
    throw new UsageError(`--kind is one of ${credentialKinds.join(', ')}, not "${text}"`);
  return kind;
}

function presentKey(key: Credential): string[] {
  const instant = (at: Date | null) => (at ? formatInstant(at) : '');
  const { id, kind, dialect, role, name, createdAt, lastUsedAt, expiresAt, revokedAt, madeFrom } = key;
  const instants = [createdAt, lastUsedAt, expiresAt, revokedAt].map(instant);
  return [id, kind, dialect, role, name, ...instants, madeFrom ?? ''];
}

async function revoke(args: string[], config: Config): Promise<number> {
  const { values, positionals } = parseOptions(args, scopeOptions);
  const [id] = expectPositionals(positionals, "the key's id") as [string];
  requireId(id);
  const revoked = await withServices(config, async (services) =>
    endCredential(services, await scopeOf(services, values), id, new Date()),
  );
  if (!revoked)
    throw new CommandError(`there is no valid key ${id} here (throughline keys list shows those there are)`);
  process.stdout.write(`key ${id} is revoked\n`);
  return 0;
}

async function rotate(args: string[], config: Config): Promise<number> {
  const { values, positionals } = parseOptions(args, {
    ...scopeOptions,
    'old-valid-until': { type: 'string' },
  });
  const [id] = expectPositionals(positionals, "the key's id") as [string];
  requireId(id);
  const now = new Date();
  const until = readInstant(values['old-valid-until'], now);
  const rotation = await withServices(config, async (services) =>
    rotateCredential(services, owners, await scopeOf(services, values), id, until, now),
  );
  if (rotation.kind === 'too-late') throw new UsageError(`--old-valid-until: ${rotation.why}`);
  if (rotation.kind === 'unknown')
    throw new CommandError(`there is no key ${id} here (throughline keys list shows those there are)`);
  if (rotation.kind === 'refused') throw new CommandError(rotation.why);
  const { credential, secret } = rotation.issued;
  const { privateKeyId } = credential.settings;
  const keyId = typeof privateKeyId === 'string' ? ` (privateKeyId ${privateKeyId})` : '';
  process.stderr.write(
    `key ${credential.id}${keyId} takes the place of ${id}, which ends ${formatInstant(rotation.oldValidUntil)}; this is the only time that its secret is shown:\n`,
  );
  process.stdout.write(`${secret}\n`);
  return 0;
}

function readInstant(text: string | undefined, now: Date): Date | undefined {
  if (text === undefined) return undefined;
  if (text === 'now') return now;
  const instant = /^\d{4}-\d\d-\d\dT.*(Z|[+-]\d\d:\d\d)$/.test(text) ? new Date(text) : undefined;
  if (instant === undefined || Number.isNaN(instant.getTime()))
    throw new UsageError(
      `--old-valid-until is "now" or an instant such as 2030-01-31T12:00:00Z, not "${text}"`,
    );
  return instant;
}

function requireId(text: string): string {
  if (!isUuid(text))
    throw new UsageError(`"${text}" is no id of a key; throughline keys list shows those there are`);
  return text;
}

async function scopeOf(services: CommandServices, values: { workspace?: string; admin?: boolean }) {
  if (!values.admin) return (await requireWorkspace(services, values.workspace)).id;
  if (values.workspace) throw new UsageError('either --workspace or --admin');
  return null;
}
