import { useDialectFaces } from '../../api/dialects.ts';
import { readMetric } from './asked.ts';
import type { AnsweredMetric, Series } from './queries.ts';
import type { Grouping } from './route.ts';

/** What a metric is called, as the API writes it. */
export function useMetricTitle(): (text: string) => string {
  const faceOf = useDialectFaces();
  return (text) => {
    const { key, api, type } = readMetric(text);
    const what = key === null ? 'Events' : `Sum of ${key}`;
    if (api === null) return what;
    return type === null ? `${what} · ${faceOf(api).title}` : `${what} · ${type} (${faceOf(api).title})`;
  };
}

/** By which word of the address a series is found: none, if it is everything. */
export function groupOf({ kind, key }: Series): string | null {
  if (kind === 'all') return null;
  return key ?? (kind === 'other' ? '(other)' : '(none)');
}

const noneTitles: Readonly<Record<Grouping, string>> = {
  type: 'no type',
  api: 'no API',
  source: 'no source',
  campaign: 'no campaign',
  context: 'no context',
};

export function titleOfSeries({ kind, label }: Series, groupBy: Grouping | null): string {
  if (kind === 'all') return 'All';
  if (kind === 'other') return 'all others';
  return kind === 'none' && groupBy !== null ? noneTitles[groupBy] : label;
}

/** The groups that are shown by themselves. */
export function groupKeysOf({ series }: AnsweredMetric): string[] {
  return series.flatMap(({ key }) => key ?? []);
}
