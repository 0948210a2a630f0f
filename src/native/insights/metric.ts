import type { DialectName } from '../../core/dialect-name.ts';
import type { EventType } from '../../core/event-type/event-type.ts';
import { eventCount } from '../../core/metric/metric.ts';
import type { Workspace } from '../../core/workspace/workspace.ts';
import { wrong } from '../refusals.ts';

/** What is measured, of which events. */
export interface AskedMetric {
  /** As it is written in a question. */
  readonly text: string;
  /** Whose values are summed; null: events are counted. */
  readonly key: string | null;
  /** Null: of all. */
  readonly dialect: DialectName | null;
  readonly type: EventType | null;
  readonly typeIds: readonly number[];
}

/** How a metric is written, for who has written it otherwise. */
export const metricForm =
  'count, or sum and the key of a metric, then an API and the name of an event type where it is of one alone, with colons between: count, count:webengage, count:webengage:Paid, sum:turnover:webmarketer:order. In names % is written %25, a comma %2C and in keys a colon %3A.';

export const maximumMetrics = 5;

/** What a metric says, before anybody has looked whether it is there; undefined where it is of no such form. */
export interface SaidMetric {
  readonly key: string | null;
  readonly dialect: string | null;
  readonly type: string | null;
}

export function parseMetric(text: string): SaidMetric | undefined {
  const [measure, ...parts] = text.split(':');
  const key = measure === 'sum' ? decode(parts.shift() ?? '') : null;
  if ((measure !== 'count' && measure !== 'sum') || key === undefined || key === '') return undefined;
  const [dialect = null, ...names] = parts;
  const type = names.length === 0 ? null : decode(names.join(':'));
  if (dialect === '' || type === undefined || type === '') return undefined;
  return { key, dialect, type };
}

function decode(text: string): string | undefined {
  try {
    return decodeURIComponent(text);
  } catch {
    return undefined;
  }
}

/** Reads the metrics of a question. @throws RequestError `invalid-request`. `path`: what of the request says them */
export function readMetrics(workspace: Workspace, text: string, path: string): AskedMetric[] {
  const texts = text.split(',');
  if (texts.length > maximumMetrics)
    throw wrong(path, `${path} has more than ${maximumMetrics} metrics: ask for others in another question.`);
  if (new Set(texts).size < texts.length) throw wrong(path, `${path} has a metric twice: leave one out.`);
  return texts.map((one) => readMetric(workspace, one, path));
}

/** @throws RequestError `invalid-request` */
export function readMetric(workspace: Workspace, text: string, path: string): AskedMetric {
  const said = parseMetric(text);
  if (!said) throw wrong(path, `${path} has a metric that is none: write ${metricForm}`);
  const { eventTypes } = workspace;
  const isAsked = ({ dialect, name }: EventType) =>
    (said.dialect === null || dialect === said.dialect) && (said.type === null || name === said.type);
  const types = eventTypes.all().filter(isAsked);
  const [type] = types;
  if (said.dialect !== null && !knownDialect(workspace, said.dialect))
    throw wrong(path, `${path} names an API that is not served: GET …/dialects lists those there are.`);
  if (said.type !== null && !type)
    throw wrong(
      path,
      `The workspace has no event type ${JSON.stringify(said.type.slice(0, 120))} of that API: GET …/event-types lists those there are.`,
    );
  return {
    text,
    key: said.key,
    dialect: knownDialect(workspace, said.dialect) ?? null,
    type: said.type === null ? null : (type ?? null),
    typeIds: types.map(({ id }) => id),
  };
}

/** Each API that is served has nodes in a workspace. */
function knownDialect({ nodes }: Workspace, name: string | null): DialectName | undefined {
  return [...nodes.values()].find(({ dialect }) => dialect === name)?.dialect;
}

/** What the store counts for it. */
export function keyOf({ key }: AskedMetric): string {
  return key ?? eventCount;
}
