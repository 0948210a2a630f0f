/** What is asked of attribution, as an address has it. What is left out is as the kept conversion has it, or as usual. */
export interface AskedSearch {
  /** A kept conversion's id; the first unless said. */
  readonly conversion?: string;
  readonly model?: Model;
  /** In days; the conversion's own unless said. */
  readonly lookback?: number;
  /** The last so many days; 30 unless said. */
  readonly days?: number;
  /** Or those from one day to another, `YYYY-MM-DD`, both included. */
  readonly from?: string;
  readonly to?: string;
  /** Credit is dated by the conversion unless said. */
  readonly dated?: 'touch';
}

export const ruleModels = [
  { value: 'linear', title: 'Linear', note: 'the same to each touch' },
  { value: 'first', title: 'First touch', note: 'all to the first' },
  { value: 'last', title: 'Last touch', note: 'all to the last' },
  { value: 'last-non-direct', title: 'Last non-direct', note: 'all to the last that is not direct' },
  { value: 'position', title: 'By position', note: 'most to the first and the last' },
  { value: 'time-decay', title: 'Time decay', note: 'less to what is older' },
] as const;

export const wholeModels = [
  { value: 'markov', title: 'Markov', note: 'what would be lost without it' },
  { value: 'shapley', title: 'Shapley', note: 'what it adds to the others' },
] as const;

export type RuleModel = (typeof ruleModels)[number]['value'];
export type WholeModel = (typeof wholeModels)[number]['value'];
export type Model = RuleModel | WholeModel;

export const models = [...ruleModels, ...wholeModels];

export function isWhole(model: Model): model is WholeModel {
  return wholeModels.some(({ value }) => value === model);
}

/** Of one conversion: data-driven models look at all together, and say nothing of a single one. */
export function ruleModelOf(model: Model | undefined): RuleModel {
  return ruleModels.find(({ value }) => value === model)?.value ?? 'linear';
}

export const groupings = [
  { value: 'campaign', title: 'Campaign', none: 'No campaign' },
  { value: 'channel', title: 'Channel', none: 'No channel' },
  { value: 'integration', title: 'Integration', none: 'No integration' },
  { value: 'source', title: 'Source', none: 'No source' },
  { value: 'medium', title: 'Medium', none: 'No medium' },
  { value: 'api', title: 'API', none: 'No API' },
] as const;

export type Grouping = (typeof groupings)[number]['value'];

export const usualDays = 30;
const longestDays = 3650;

/** Reads an address: what is none of these is not there. */
export function askedIn(search: Record<string, unknown>): AskedSearch {
  const { conversion, model, lookback, days, from, to, dated } = search;
  const known = models.find(({ value }) => value === model)?.value;
  const span = isDay(from) && isDay(to) && from <= to ? { from, to } : undefined;
  return {
    ...(typeof conversion === 'string' && conversion !== '' && { conversion }),
    ...(known !== undefined && known !== 'linear' && { model: known }),
    ...(isWithin(lookback, 365) && { lookback }),
    ...(span ?? (isWithin(days, longestDays) && days !== usualDays && { days })),
    ...(dated === 'touch' && { dated }),
  };
}

function isWithin(value: unknown, most: number): value is number {
  return typeof value === 'number' && Number.isInteger(value) && value >= 1 && value <= most;
}

const dayPattern = /^\d{4}-\d{2}-\d{2}$/;

export function isDay(value: unknown): value is string {
  if (typeof value !== 'string' || !dayPattern.test(value) || value < '0001') return false;
  const time = Date.parse(`${value}T00:00:00Z`);
  return !Number.isNaN(time) && new Date(time).toISOString().startsWith(value);
}

/** A day of the calendar so many days later. */
export function addDays(day: string, count: number): string {
  const time = Date.parse(`${day}T00:00:00Z`) + count * 24 * 60 * 60 * 1000;
  return new Date(time).toISOString().slice(0, 10);
}

/** The day that it is in a time zone. */
export function todayIn(timeZone: string): string {
  const parts = new Intl.DateTimeFormat('en-GB', {
    timeZone,
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
  }).formatToParts(Date.now());
  const part = (wanted: string) => parts.find(({ type }) => type === wanted)?.value ?? '';
  return `${part('year').padStart(4, '0')}-${part('month')}-${part('day')}`;
}

/** Days, of which the last is not included, as the API takes them. */
export interface Span {
  readonly since: string;
  readonly until: string;
}

export function spanOf({ from, to, days = usualDays }: AskedSearch, timeZone: string): Span {
  if (from !== undefined && to !== undefined) return { since: from, until: addDays(to, 1) };
  const until = addDays(todayIn(timeZone), 1);
  return { since: addDays(until, -days), until };
}

/** All days of a span, oldest first. */
export function eachDay({ since, until }: Span): string[] {
  const days: string[] = [];
  for (let day = since; day < until; day = addDays(day, 1)) days.push(day);
  return days;
}
