import { isStorableText } from '../../../../core/event/storable.ts';
import { intervals } from '../../../../query/insights/interval.ts';
import { answerableDays, type InsightQuestion, isAnswerable } from '../../query/insights.ts';
import { invalid, parseDate, parseObject } from '../parse.ts';

const maximumMetrics = 100;
const maximumFilter = 1000;
const maximumKeyLength = 200;

/** docs/spec/webmarketer.md B9, C10. @throws RequestError `invalid-request` */
export function parseInsightQuestion(body: unknown): InsightQuestion {
  const sent = parseObject(body, 'body');
  const since = requireDate(sent.since, 'since');
  const until = requireDate(sent.until, 'until');
  if (since > until) throw invalid('since must not be after until');
  const question: InsightQuestion = {
    dialect: 'webmarketer',
    since,
    until,
    metrics: requireTexts(sent.metrics, 'metrics', maximumMetrics),
    groupBy: requireOneOf(sent.groupBy, 'groupBy', ['project', 'event-type']),
    interval: requireOneOf(sent.interval, 'interval', intervals),
    filter: parseFilter(sent.filter),
  };
  if (question.metrics.length === 0) throw invalid('metrics should not be empty');
  if (!isAnswerable(question))
    throw invalid(
      `since and until must be at most ${answerableDays(question.interval)} days apart for the interval ${question.interval}`,
    );
  return question;
}

function requireDate(value: unknown, name: string): number {
  const date = parseDate(value, name);
  if (!date) throw invalid(`${name} must be a RFC 3339 date-time, as 2026-03-01T12:00:00Z`);
  return date.getTime();
}

function requireOneOf<Name extends string>(value: unknown, name: string, known: readonly Name[]): Name {
  const found = known.find((one) => one === value);
  if (!found) throw invalid(`${name} must be one of the following values: ${known.join(', ')}`);
  return found;
}

/** Ruling 1: a list of references, or null. One alone is taken too. */
function parseFilter(value: unknown): string[] | null {
  if (value === undefined || value === null) return null;
  return requireTexts(typeof value === 'string' ? [value] : value, 'filter', maximumFilter);
}

function requireTexts(value: unknown, name: string, maximum: number): string[] {
  if (!Array.isArray(value)) throw invalid(`${name} must be an array`);
  if (value.length > maximum) throw invalid(`${name} must contain no more than ${maximum} elements`);
  return value.map((text: unknown) => {
    if (typeof text !== 'string') throw invalid(`each value in ${name} must be a string`);
    if (text.length > maximumKeyLength || !isStorableText(text))
      throw invalid(
        `each value in ${name} must be well-formed text of at most ${maximumKeyLength} characters`,
      );
    return text;
  });
}
