import { isRecord } from '../../../../core/value/text.ts';

const nearlySpent = 95;
const busy = 75;
const busyPauseMilliseconds = 1_000;
/** Where Meta says that a limit is nearly reached and not how long it lasts: a limit is over an hour. */
const spentPauseMilliseconds = 60_000;

/**
 * How long to wait before the next request, in milliseconds, by the headers in which Graph tells how much of its limits is used:
 * nothing below three quarters, a second above, and what it takes to regain access where it is nearly all.
 * https://developers.facebook.com/docs/graph-api/overview/rate-limiting
 */
export function readPause(headers: Headers): number {
  const cases = parse(headers.get('x-business-use-case-usage'));
  const pauses = Object.values(cases).flatMap((entries) =>
    (Array.isArray(entries) ? entries : []).map((entry) => (isRecord(entry) ? pauseOf(entry) : 0)),
  );
  const app = parse(headers.get('x-app-usage'));
  const account = parse(headers.get('x-ad-account-usage'));
  return Math.max(0, ...pauses, pauseOf(app), pauseOf(account));
}

function pauseOf(usage: Record<string, unknown>): number {
  const { call_count, total_cputime, total_time, acc_id_util_pct } = usage;
  const used = Math.max(...[call_count, total_cputime, total_time, acc_id_util_pct].map(toNumber));
  const regain = toNumber(usage.estimated_time_to_regain_access) * 60_000;
  if (regain > 0) return regain;
  if (used < busy) return 0;
  if (used < nearlySpent) return busyPauseMilliseconds;
  return Math.max(spentPauseMilliseconds, toNumber(usage.reset_time_duration) * 1000);
}

function toNumber(value: unknown): number {
  return typeof value === 'number' && value > 0 && value < 1e6 ? value : 0;
}

function parse(header: string | null): Record<string, unknown> {
  if (header === null) return {};
  try {
    const value: unknown = JSON.parse(header);
    return isRecord(value) ? value : {};
  } catch {
    return {};
  }
}
