import { windowMilliseconds } from '../core/dedupe/dedupe.ts';
import { hourMilliseconds, hourOf, partitionName } from '../core/dedupe/partitions.ts';
import type { OpenDatabase } from '../store/database.ts';
import { inTransaction } from '../store/transaction.ts';

/** Made ahead, so that a database that is busy or away for a while still finds its partitions. */
const hoursAhead = 3;
/** Processes' clocks differ: a partition stays this much longer than its keys are asked for. */
const slackMilliseconds = hourMilliseconds;

/** What stands at `now` (ms) and what has to. Pure. */
export function planPartitions(existing: readonly string[], now: number): { make: number[]; drop: string[] } {
  const current = Math.floor(now / hourMilliseconds) * hourMilliseconds;
  const wanted = Array.from({ length: hoursAhead + 1 }, (_, index) => current + index * hourMilliseconds);
  const oldestKept = now - windowMilliseconds - slackMilliseconds;
  return {
    make: wanted.filter((hour) => !existing.includes(partitionName(hour))),
    drop: existing.filter((name) => {
      const hour = hourOf(name);
      return hour !== undefined && hour + hourMilliseconds <= oldestKept;
    }),
  };
}

/** Makes the partition of an hour (ms). Throws SQLSTATE 23514 when the default partition holds keys of that hour. */
export async function makePartition(database: OpenDatabase, hour: number): Promise<void> {
  const from = new Date(hour).toISOString();
  const to = new Date(hour + hourMilliseconds).toISOString();
  await define(
    database,
    `create table if not exists ${partitionName(hour)} partition of dedupe_window for values from ('${from}') to ('${to}')`,
  );
}

export async function dropPartition(database: OpenDatabase, name: string): Promise<void> {
  if (hourOf(name) === undefined) throw new Error(`${name} is no hourly partition`);
  await define(database, `drop table if exists ${name}`);
}

/** Keys that no hourly partition took, once their window has passed. */
export async function deleteExpiredRest(database: OpenDatabase, now: number): Promise<void> {
  await database.query('delete from dedupe_window_rest where first_at <= $1', [
    new Date(now - windowMilliseconds - slackMilliseconds),
  ]);
}

/**
 * A definition takes no parameters and its text is new each time, so it is not prepared; what is in it is made of a number here. The first
 * lock is what processes meet at; it stops no event. The time-out is there because a definition that waits makes everybody wait behind it:
 * by the first statement it holds on the other nodes of a Citus cluster, too, and elsewhere it is a name that nobody reads. Statements go one
 * by one, since Citus hands a definition on as the text that it came in.
 */
async function define(database: OpenDatabase, definition: string): Promise<void> {
  await inTransaction(database, async (tx) => {
    await tx.query("set local citus.propagate_set_commands = 'local'");
    await tx.query("set local lock_timeout = '500ms'");
    await tx.query('lock table dedupe_window in share update exclusive mode');
    await tx.query(definition);
  });
}
