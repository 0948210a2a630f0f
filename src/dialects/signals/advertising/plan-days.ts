import { isStorableInstant } from '../../../core/value/instant.ts';
import type { DaySpan } from './ad-day-store.ts';
import type { AdAccount } from './advertising.ts';

/** Meta corrects the numbers of a day for so long (docs/spec/signals.md B7, issue "Meta restates the last 28 days"). */
const restatedDays = 28;
/** Small enough that an account with many ads gets through it in pages. */
const daysPerQuestion = 7;
export const dayMilliseconds = 24 * 60 * 60 * 1000;

/** The day that it is in a zone; UTC where the zone is not known. `YYYY-MM-DD`. */
export function dayIn(timezone: string | null, now: number): string {
  return Temporal.Instant.fromEpochMilliseconds(now)
    .toZonedDateTimeISO(timezone ?? 'UTC')
    .toPlainDate()
    .toString();
}

/**
 * Which days an account's refresh asks for: those that may have been corrected since the last one, the first time `backfillDays`. A
 * refresh that was cut off goes on where it ended, at `resumeFrom`, and asks for the last 28 days anyhow. Pure; `now` in milliseconds.
 */
export function planAccountSpan(
  account: Pick<AdAccount, 'timezone' | 'refreshedAt'>,
  now: number,
  backfillDays: number,
  resumeFrom: string | null,
): DaySpan {
  const { since, until } = planSpan(account, now, backfillDays);
  if (resumeFrom === null) return { since, until };
  const restated = Temporal.PlainDate.from(until).subtract({ days: restatedDays - 1 });
  const resumed = earlier(Temporal.PlainDate.from(resumeFrom), restated);
  return { since: later(resumed, Temporal.PlainDate.from(since)).toString(), until };
}

/** The days of a span that are asked for in one question, oldest first. */
export function firstWeekOf({ since, until }: DaySpan): DaySpan {
  const end = Temporal.PlainDate.from(since).add({ days: daysPerQuestion - 1 });
  return { since, until: earlier(end, Temporal.PlainDate.from(until)).toString() };
}

/** Which days the refresh of a single ad or campaign asks for, in one question. */
export function planSpan(
  account: Pick<AdAccount, 'timezone' | 'refreshedAt'>,
  now: number,
  backfillDays: number,
): DaySpan {
  return { since: sinceWhen(account, now, backfillDays).toString(), until: dayIn(account.timezone, now) };
}

function sinceWhen(
  { timezone, refreshedAt }: Pick<AdAccount, 'timezone' | 'refreshedAt'>,
  now: number,
  backfillDays: number,
): Temporal.PlainDate {
  if (refreshedAt === null)
    return Temporal.PlainDate.from(dayIn(timezone, now)).subtract({ days: backfillDays - 1 });
  const last = Temporal.PlainDate.from(dayIn(timezone, Math.min(now, refreshedAt.getTime())));
  return last.subtract({ days: restatedDays - 1 });
}

function earlier(a: Temporal.PlainDate, b: Temporal.PlainDate): Temporal.PlainDate {
  return Temporal.PlainDate.compare(a, b) <= 0 ? a : b;
}

function later(a: Temporal.PlainDate, b: Temporal.PlainDate): Temporal.PlainDate {
  return earlier(a, b) === a ? b : a;
}

const dayPattern = /^\d{4}-\d{2}-\d{2}$/;

/** Whether a text is a day of the calendar, `YYYY-MM-DD`. */
export function isDay(text: string): boolean {
  const time = dayPattern.test(text) ? Date.parse(`${text}T00:00:00Z`) : Number.NaN;
  return isStorableInstant(time) && new Date(time).toISOString().startsWith(text);
}

/** The day after a day: `YYYY-MM-DD`. */
export function dayAfter(day: string): string {
  return Temporal.PlainDate.from(day).add({ days: 1 }).toString();
}

/** All days of a span. */
export function daysOf({ since, until }: DaySpan): string[] {
  const days: string[] = [];
  for (let day = since; day <= until; day = dayAfter(day)) days.push(day);
  return days;
}
