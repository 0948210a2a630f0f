import type { Queryable } from '../../store/queryable.ts';

export const hourMilliseconds = 60 * 60 * 1000;

const namePattern = /^dedupe_window_(\d{4})(\d{2})(\d{2})(\d{2})$/;

/** The partition of the hour that begins at this instant (ms, a whole hour). */
export function partitionName(hour: number): string {
  return `dedupe_window_${new Date(hour).toISOString().slice(0, 13).replaceAll(/\D/g, '')}`;
}

/** The hour (ms) that a partition is for; undefined for the default one. */
export function hourOf(name: string): number | undefined {
  const [, year, month, day, hour] = namePattern.exec(name) ?? [];
  return hour === undefined ? undefined : Date.parse(`${year}-${month}-${day}T${hour}:00:00Z`);
}

export async function listPartitions(database: Queryable): Promise<string[]> {
  const rows = await database.query<{ name: string }>(
    `select c.relname::text as name from pg_inherits i join pg_class c on c.oid = i.inhrelid
      where i.inhparent = 'dedupe_window'::regclass order by 1`,
  );
  return rows.map((row) => row.name);
}

/** For how long from `now` on (ms) each hour has its partition; 0 where the current one has none. In milliseconds. Pure. */
export function coveredAhead(existing: readonly string[], now: number): number {
  let end = Math.floor(now / hourMilliseconds) * hourMilliseconds;
  while (existing.includes(partitionName(end))) end += hourMilliseconds;
  return Math.max(0, end - now);
}
