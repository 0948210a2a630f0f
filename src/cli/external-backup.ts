import { CommandError } from './command.ts';

/** What to run for the backup of a database that is not the embedded one. */
export function refuseBackup(databaseUrl: string, dataDir: string): CommandError {
  const url = shellWord(withoutPassword(databaseUrl));
  return new CommandError(`the database is not the embedded one, so that PostgreSQL's own tools back it up, those of its version:
  pg_dump --format=custom --file=throughline.dump ${url}
or, for all databases of its server and with a role that may replicate:
  pg_basebackup --format=tar --gzip --checkpoint=fast --pgdata=throughline-backup --dbname=${url}
Keep erasure-key and erasures.ndjson of ${dataDir} too, and apart from it.`);
}

/** What to run to restore such a one. */
export function refuseRestore(databaseUrl: string): CommandError {
  const url = shellWord(withoutPassword(databaseUrl));
  return new CommandError(`the database is not the embedded one, so that PostgreSQL's own tools restore it, into an empty database:
  pg_restore --exit-on-error --no-owner --dbname=${url} throughline.dump
  throughline erase --replay    # with erasure-key and erasures.ndjson in the data folder
  throughline verify
Without DATABASE_URL and --database-url a backup of the embedded database is restored.`);
}

/** Whoever sees the line, or the list of processes, is not to see it. */
function withoutPassword(databaseUrl: string): string {
  const url = new URL(databaseUrl);
  url.password = '';
  url.searchParams.delete('password');
  return url.href;
}

function shellWord(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}
