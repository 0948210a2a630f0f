import { useWorkspace } from '../app/current-workspace.ts';

type Form = 'time' | 'minute' | 'date' | 'day' | 'short' | 'full';

const forms: Readonly<Record<Form, Intl.DateTimeFormatOptions>> = {
  time: { hour: '2-digit', minute: '2-digit', second: '2-digit' },
  minute: { hour: '2-digit', minute: '2-digit' },
  date: { day: 'numeric', month: 'short' },
  short: { day: 'numeric', month: 'short', hour: '2-digit', minute: '2-digit' },
  day: { weekday: 'short', day: 'numeric', month: 'short', year: 'numeric' },
  full: {
    day: 'numeric',
    month: 'short',
    year: 'numeric',
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
  },
};

const formats = new Map<string, Intl.DateTimeFormat>();

/** An instant in words, in a time zone. `at`: ISO 8601, or milliseconds since the epoch. */
export function formatTime(at: string | number, timeZone: string, form: Form = 'full'): string {
  const key = `${timeZone} ${form}`;
  let format = formats.get(key);
  if (!format) {
    format = new Intl.DateTimeFormat('en-GB', { ...forms[form], timeZone, hourCycle: 'h23' });
    formats.set(key, format);
  }
  return format.format(new Date(at));
}

/** An instant in the workspace's zone. Whoever points at it is told the zone, and what it is in UTC. */
export function Time({ at, form = 'full' }: { readonly at: string; readonly form?: Form }) {
  const { timezone } = useWorkspace();
  const whole = `${formatTime(at, timezone, 'full')} ${timezone} · ${at}`;
  return (
    <time dateTime={at} title={whole}>
      {formatTime(at, timezone, form)}
    </time>
  );
}

/** Whose clock the times of a page are of; it stands wherever times do. */
export function ZoneNote() {
  const { timezone } = useWorkspace();
  return <>Times in {timezone}</>;
}
