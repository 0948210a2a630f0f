import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { OpenDatabase } from './database.ts';
import { formerMigrations } from './former-migrations.ts';
import { splitStatements } from './split-statements.ts';
import { StartupError } from './startup-error.ts';
import { inTransaction, type Transaction } from './transaction.ts';

interface Migration {
  /** Of sql/citus, numbers are counted from this on, so that one table holds both. */
  number: number;
  name: string;
  text: string;
  checksum: string;
}

interface AppliedMigration {
  number: number;
  name: string;
  checksum: string;
}

const DISTRIBUTION_OFFSET = 1_000_000;

const migrationsFolder = fileURLToPath(new URL('../../sql/', import.meta.url));

/**
 * Brings the database's schema to this version's: runs what is new in `folder` (`NNNNNN_name.sql`, in order, each in a
 * transaction), then in `folder/citus` where the backend distributes tables. Several processes may do so at once.
 * @returns the names of what was run
 * @throws StartupError when an applied migration was edited, or the database is newer than this version
 */
export async function migrate(
  database: OpenDatabase,
  folder: string = migrationsFolder,
): Promise<{ applied: string[] }> {
  const migrations = await readMigrations(folder, 0);
  if (database.capabilities.distributesTables) {
    migrations.push(...(await readMigrations(join(folder, 'citus'), DISTRIBUTION_OFFSET)));
  }
  await createMigrationTable(database);
  await mendRecords(database, migrations);
  const applied: string[] = [];
  for (const migration of migrations) {
    if (await applyMigration(database, migration, migrations)) applied.push(migration.name);
  }
  // Also where there was nothing to run at all.
  if (migrations.length === 0) await inTransaction(database, (tx) => findMissing(tx, migrations));
  return { applied };
}

async function readMigrations(folder: string, offset: number): Promise<Migration[]> {
  if (!existsSync(folder)) return [];
  const names = (await readdir(folder)).filter((name) => name.endsWith('.sql')).sort();
  const migrations = await Promise.all(names.map((name) => readMigration(folder, name, offset)));
  const numbers = new Set(migrations.map((migration) => migration.number));
  if (numbers.size < migrations.length)
    throw new StartupError(`two migrations in ${folder} have the same number`);
  return migrations;
}

async function readMigration(folder: string, name: string, offset: number): Promise<Migration> {
  const number = /^(\d{6})_[a-z0-9_]+\.sql$/.exec(name)?.[1];
  if (!number) throw new StartupError(`the migration ${name} is not named like 000001_what_it_does.sql`);
  // Line ends differ between checkouts and mean nothing in SQL.
  const text = (await readFile(join(folder, name), 'utf8')).replaceAll('\r\n', '\n');
  const checksum = createHash('sha256').update(text).digest('hex');
  return { number: offset + Number(number), name: name.slice(0, -'.sql'.length), text, checksum };
}

/** `if not exists` can still collide when two processes create a table at the same moment; then it exists. */
async function createMigrationTable(database: OpenDatabase): Promise<void> {
  const statement = `create table if not exists schema_migration (
      number integer primary key,
      name text not null,
      checksum text not null,
      applied_at timestamptz not null
    )`;
  try {
    await inTransaction(database, (tx) => tx.query(statement));
  } catch {
    await inTransaction(database, (tx) => tx.query(statement));
  }
}

/** Writes what former versions applied under another number, or from another text, as what it is now. */
async function mendRecords(database: OpenDatabase, known: Migration[]): Promise<void> {
  await inTransaction(database, async (tx) => {
    await tx.query('lock table schema_migration in share row exclusive mode');
    for (const former of formerMigrations) {
      const current = known.find((migration) => migration.number === former.isNow);
      if (!current) continue;
      await tx.query(
        'update schema_migration set number = $1, name = $2, checksum = $3 where number = $4 and checksum = $5',
        [current.number, current.name, current.checksum, former.number, former.checksum],
      );
    }
  });
}

/** One transaction per migration; the table's lock makes a second process wait, and then see that it is done. */
async function applyMigration(
  database: OpenDatabase,
  migration: Migration,
  known: Migration[],
): Promise<boolean> {
  return inTransaction(database, async (tx) => {
    await tx.query('lock table schema_migration in share row exclusive mode');
    const missing = await findMissing(tx, known);
    if (!missing.has(migration.number)) return false;
    await tx.query(
      'insert into schema_migration (number, name, checksum, applied_at) values ($1, $2, $3, now())',
      [migration.number, migration.name, migration.checksum],
    );
    // An index over all events takes as long as it takes.
    await tx.query('set local statement_timeout = 0');
    // One by one: Citus hands definitions on as the text that they came in, and its workers take one at a time.
    for (const statement of splitStatements(migration.text)) await tx.query(statement);
    return true;
  });
}

function fileOf({ number, name }: Migration): string {
  return `${number > DISTRIBUTION_OFFSET ? 'citus/' : ''}${name}.sql`;
}

/** The numbers that the database lacks, after checking that what it has is what we know. */
async function findMissing(tx: Transaction, known: Migration[]): Promise<Set<number>> {
  const applied = await tx.query<AppliedMigration>(
    'select number, name, checksum from schema_migration order by number',
  );
  const byNumber = new Map(known.map((migration) => [migration.number, migration]));
  for (const row of applied) {
    const migration = byNumber.get(row.number);
    if (!migration) {
      throw new StartupError(
        `the database is newer than this version of Throughline: it has migration ${row.name}, which this version lacks; start the version that last ran on it, or a newer one (nothing was changed)`,
      );
    }
    if (migration.checksum !== row.checksum) {
      throw new StartupError(
        `the database was made by another text of migration ${migration.name} than this version has, so its tables may differ from what this version expects; start the version that last ran on it, or take sql/${fileOf(migration)} back to what that version had and put the change into a new file (nothing was changed)`,
      );
    }
    byNumber.delete(row.number);
  }
  return new Set(byNumber.keys());
}
