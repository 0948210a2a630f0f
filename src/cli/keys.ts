import type { Config } from '../config.ts';
import type { Credential } from '../core/credential/credential.ts';
import { listCredentials, revokeCredential } from '../core/credential/credential-store.ts';
import { type DialectName, isDialectName } from '../core/dialect-name.ts';
import { isUuid } from '../core/id.ts';
import { issueAdministratorKey, issueKey, keyRoles } from '../core/workspace/issue-keys.ts';
import { type Command, CommandError, expectPositionals, parseOptions, UsageError } from './command.ts';
import { formatInstant, formatTable } from './table.ts';
import { type CommandServices, requireWorkspace, withServices } from './with-services.ts';

const roles = Object.entries(keyRoles)
  .map(([dialect, names]) => `  ${dialect.padEnd(13)}${names.join(', ')}`)
  .join('\n');

export const keys: Command = {
  help: `Usage: throughline keys create --dialect NAME [--role ROLE] [--name TEXT] [--workspace SLUG]
       throughline keys create --admin [--name TEXT]
       throughline keys list [--workspace SLUG | --admin]
       throughline keys revoke ID [--workspace SLUG | --admin]

A key is for one workspace and one API; its secret is printed once and stored only as a hash. An administrator's key (--admin)
is above workspaces and for the native API. Running servers stop taking a revoked key within five seconds.

  --dialect NAME     the API: ${Object.keys(keyRoles).join(', ')}
  --role ROLE        what it may do (default: the API's first)
  --name TEXT        what it is for, shown in the list
  --workspace SLUG   by slug or id (default: the only workspace there is)

Roles by API:
${roles}
`,
  async run(args, config) {
    const [action, ...rest] = args;
    if (action === 'create') return create(rest, config);
    if (action === 'list') return list(rest, config);
    if (action === 'revoke') return revoke(rest, config);
    throw new UsageError(action === undefined ? 'create, list or revoke?' : `there is no "keys ${action}"`);
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
  const dialect = values.admin ? undefined : requireDialect(values.dialect);
  if (values.admin && (values.dialect || values.role || values.workspace)) {
    throw new UsageError('--admin goes with --name only');
  }
  const role = values.role ?? keyRoles[dialect ?? 'native'][0];
  if (dialect && !keyRoles[dialect].includes(role)) {
    throw new UsageError(`--role of ${dialect} is one of ${keyRoles[dialect].join(', ')}`);
  }
  const { secret, credential } = await withServices(config, async (services) => {
    const { database, authenticator } = services;
    if (!dialect) return issueAdministratorKey(database, authenticator, values.name ?? 'administrator');
    const workspace = await requireWorkspace(services, values.workspace);
    const name = values.name ?? `${workspace.slug} ${role}`;
    return issueKey(database, authenticator, { workspaceId: workspace.id, dialect, role, name });
  });
  process.stderr.write(`key ${credential.id} was made; this is the only time that its secret is shown:\n`);
  process.stdout.write(`${secret}\n`);
  return 0;
}

function requireDialect(name: string | undefined): DialectName | 'native' {
  if (name === undefined) throw new UsageError('--dialect or --admin is missing');
  if (name === 'native' || isDialectName(name)) return name;
  throw new UsageError(`--dialect is one of ${Object.keys(keyRoles).join(', ')}`);
}

async function list(args: string[], config: Config): Promise<number> {
  const { values, positionals } = parseOptions(args, scopeOptions);
  expectPositionals(positionals);
  const found = await withServices(config, async (services) =>
    listCredentials(services.database, await scopeOf(services, values)),
  );
  const heading = ['id', 'api', 'role', 'name', 'created', 'revoked'];
  process.stdout.write(formatTable([heading, ...found.map(presentKey)]));
  return 0;
}

function presentKey(key: Credential): string[] {
  const revoked = key.revokedAt ? formatInstant(key.revokedAt) : '';
  return [key.id, key.dialect, key.role, key.name, formatInstant(key.createdAt), revoked];
}

async function revoke(args: string[], config: Config): Promise<number> {
  const { values, positionals } = parseOptions(args, scopeOptions);
  const [id] = expectPositionals(positionals, "the key's id");
  const revoked = await withServices(config, async (services) => {
    const scope = await scopeOf(services, values);
    return isUuid(id!) && revokeCredential(services.database, scope, id!, new Date());
  });
  if (!revoked) throw new CommandError(`there is no valid key ${id} here`);
  process.stdout.write(`key ${id} is revoked\n`);
  return 0;
}

async function scopeOf(services: CommandServices, values: { workspace?: string; admin?: boolean }) {
  if (!values.admin) return (await requireWorkspace(services, values.workspace)).id;
  if (values.workspace) throw new UsageError('either --workspace or --admin');
  return null;
}
