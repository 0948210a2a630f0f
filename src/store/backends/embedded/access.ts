import { join } from 'node:path';
import { readOwn } from '../../own-file.ts';
import { errorCode, StartupError } from '../../startup-error.ts';
import type { ClusterOptions } from './cluster.ts';
import { runProgram } from './run.ts';
import { runSingleUser } from './single-user.ts';

/** Who may enter the server, and as whom. */

export const DATABASE_NAME = 'throughline';
/** The application's role: it owns the database and what is in it, and can do nothing to the server. */
export const DATABASE_USER = 'throughline';
/** The role that initdb makes, which nobody can enter as: it works in single-user mode alone, while the server is down. */
export const SUPERUSER = 'throughline_superuser';

/** Reads the cluster's files for a backup, by the replication protocol, and can enter no database. */
export const BACKUP_USER = 'throughline_backup';

export const HBA_FILE = 'pg_hba.conf';

const LARGEST_HBA_BYTES = 64 * 1024;

/** Of a cluster for tests, the role makes databases of its own. */
function accessRules(durable: boolean): string {
  return `# Throughline writes this file anew whenever it holds anything else.
# One way in: the socket, in a folder and with a mode that let in the server's own account (and root) alone, so that a password would
# guard nothing. One role, which is no superuser, and one database; and one that backups are taken as.
local replication ${BACKUP_USER} trust
local ${durable ? DATABASE_NAME : 'all'} ${DATABASE_USER} trust
local all all reject
local replication all reject
host all all all reject
host replication all all reject
`;
}

/** Makes the role and its database in a cluster that initdb has just made. */
export async function createAccess(options: ClusterOptions, folder: string): Promise<void> {
  const statements = [
    `create role ${DATABASE_USER} login ${options.durable ? '' : 'createdb'}`,
    `create role ${BACKUP_USER} login replication`,
    `create database ${DATABASE_NAME} owner ${DATABASE_USER}`,
  ];
  await runSingleUser(options, { folder, database: 'template1', statements, failure: failureIn(folder) });
  await writeRules(options, folder);
}

/**
 * Brings a cluster of a former version to the same: there the application was the superuser, and TCP was trusted; or nobody took backups.
 * The rules are written last, so that they prove the rest. The server is down.
 * @throws StartupError when that fails; what was stored is as it was
 */
export async function ensureAccess(options: ClusterOptions): Promise<void> {
  if (hasRules(options)) return;
  options.logger.info(
    { folder: options.cluster },
    'setting up who may enter the database, as this version has it',
  );
  const { cluster: folder } = options;
  const failure = failureIn(folder);
  await runSingleUser(options, { folder, database: DATABASE_NAME, statements: [setUpRoles], failure });
  await writeRules(options, options.cluster);
}

function failureIn(folder: string): string {
  return `the role of the application could not be set up in ${folder}`;
}

function hasRules({ cluster, durable }: ClusterOptions): boolean {
  try {
    return readOwn(join(cluster, HBA_FILE), LARGEST_HBA_BYTES) === accessRules(durable);
  } catch (error) {
    // What is no plain file is replaced, too.
    if (error instanceof StartupError || errorCode(error) === 'ENOENT') return false;
    throw error;
  }
}

/** As the server's account: that can do no harm with it, whatever lies in the folder, which is its own. */
async function writeRules({ account, durable }: ClusterOptions, folder: string): Promise<void> {
  const path = join(folder, HBA_FILE);
  const script = 'umask 077 && rm -f "$0.new" && cat >"$0.new" && mv -f "$0.new" "$0"';
  const input = accessRules(durable);
  const shell = { path: '/bin/sh', args: ['-c', script, path], input, account, timeoutMilliseconds: 20_000 };
  await runProgram(shell, `can't write ${path}`);
}

/**
 * The role that initdb made can't lose its rights, so it leaves its name to a new one, which gets all that it had in the database. A
 * session can't rename its own role; hence the third. It may be run twice.
 */
const setUpRoles = `do $$
declare
  statement text;
begin
  if exists (select from pg_roles where oid = 10 and rolname = '${DATABASE_USER}') then
    create role throughline_upgrade superuser;
    perform set_config('session_authorization', 'throughline_upgrade', false);
    alter role ${DATABASE_USER} rename to ${SUPERUSER};
    perform set_config('session_authorization', '${SUPERUSER}', false);
    drop role throughline_upgrade;
    create role ${DATABASE_USER} login;
  end if;
  if not exists (select from pg_roles where rolname = '${BACKUP_USER}') then
    create role ${BACKUP_USER} login replication;
  end if;
  alter database ${DATABASE_NAME} owner to ${DATABASE_USER};
  for statement in
    with own_schema as (
      select oid, nspname, nspowner from pg_namespace where nspname !~ '^pg_' and nspname <> 'information_schema'
    ), part as (
      -- Belongs to a table's column or an extension, and goes with it.
      select classid, objid from pg_depend where deptype in ('a', 'i', 'e') and refclassid in
        ('pg_class'::regclass, 'pg_extension'::regclass)
    )
    select format('alter schema %I owner to ${DATABASE_USER}', nspname) from own_schema where nspowner = 10
    union all
    select format('alter table %s owner to ${DATABASE_USER}', c.oid::regclass)
      from pg_class c join own_schema s on s.oid = c.relnamespace
     where c.relowner = 10 and c.relkind in ('r', 'p', 'v', 'm', 'f', 'S')
       and not (c.relkind = 'S' and exists (select from part where classid = 'pg_class'::regclass and objid = c.oid))
    union all
    select format('alter routine %s owner to ${DATABASE_USER}', p.oid::regprocedure)
      from pg_proc p join own_schema s on s.oid = p.pronamespace
     where p.proowner = 10 and not exists (select from part where classid = 'pg_proc'::regclass and objid = p.oid)
    union all
    select format('alter type %s owner to ${DATABASE_USER}', t.oid::regtype)
      from pg_type t join own_schema s on s.oid = t.typnamespace left join pg_class c on c.oid = t.typrelid
     where t.typowner = 10 and (t.typtype in ('e', 'd', 'r') or c.relkind = 'c')
       and not exists (select from part where classid = 'pg_type'::regclass and objid = t.oid)
    union all
    select format('alter statistics %I.%I owner to ${DATABASE_USER}', s.nspname, x.stxname)
      from pg_statistic_ext x join own_schema s on s.oid = x.stxnamespace where x.stxowner = 10
  loop
    execute statement;
  end loop;
end $$`;
