import type { Static } from 'typebox';
import type { Workspace } from '../../core/workspace/workspace.ts';
import { type ChartTime, joinSpans } from '../../query/insights/chart-slots.ts';
import { countPoint, type PointQuestion, readPoint } from '../../query/insights/explain-point.ts';
import { decodePosition, encodePosition } from '../../query/position.ts';
import { badNext, wrong } from '../refusals.ts';
import type { NativeDialect, NativeServices } from '../services.ts';
import { currencyOf } from './chart.ts';
import { type AskedGroup, nameGroups, ofNone, ofOthers, readGroup } from './group.ts';
import { type AskedMetric, keyOf, readMetric } from './metric.ts';
import { presentMetric, presentRow, presentSpan } from './present.ts';
import { inTime, readTime } from './question.ts';
import type { ExplainQuery, ExplainReply } from './schemas.ts';

type Query = Static<typeof ExplainQuery>;

/** The rows behind a point of a chart. @throws RequestError `invalid-request`, `took-too-long` */
export async function explainPoint(
  services: NativeServices,
  dialects: readonly NativeDialect[],
  cached: Workspace,
  query: Query,
): Promise<Static<typeof ExplainReply>> {
  const { database } = services;
  const workspace = await services.workspaces.reload(cached.id);
  const { id, timezone } = workspace;
  const { interval, groupBy = null, at = null, limit } = query;
  const metric = readMetric(workspace, query.metric, 'querystring/metric');
  const time = readTime(workspace, query, services.clock());
  const spans = spansAt(time, at);
  const said = readSaidGroup(query);
  const asked: AskedGroup =
    groupBy !== null && said !== null
      ? readGroup(workspace, groupBy, metric, said)
      : { typeIds: metric.typeIds, group: null };
  const question: PointQuestion = { ...asked, spans, key: keyOf(metric) };
  const position = query.next === undefined ? undefined : decodePosition(query.next);
  if (query.next !== undefined && !position) throw badNext();
  // One behind the other: a workspace asks few dear questions at once.
  const { count, value } = await inTime(groupBy, countPoint(database, id, question));
  const page = await inTime(groupBy, readPoint(database, id, question, limit, position));
  const group = await labelGroup(services, dialects, workspace, query, asked);
  const currency = await currencyOf(services, workspace, metric);
  const bounds = spans.map((span) => presentSpan(timezone, span));
  return {
    parameters: {
      timezone,
      metric: presentMetric(metric, currency),
      ...time.days,
      interval,
      at,
      groupBy,
      group,
      except: [...(said?.except ?? [])],
      spans: bounds,
      words: wordsOf(metric, group && { by: groupBy, ...group }, bounds, timezone),
    },
    value,
    count,
    rows: page.rows.map((row) => presentRow(workspace, row)),
    next: page.next && encodePosition(new Date(page.next.at), page.next.id),
  };
}

/** @throws RequestError where the chart has no such interval */
function spansAt({ slots, spans }: ChartTime, at: string | null): PointQuestion['spans'] {
  if (at === null) return joinSpans(spans);
  const slot = slots.find(({ label }) => label === at);
  if (slot) return slot.spans;
  throw wrong(
    'querystring/at',
    'querystring/at is the label of no interval of the chart of these days: give one of its intervals.',
  );
}

/** @throws RequestError where what is said of a group says nothing together */
function readSaidGroup({ groupBy, group, except }: Query) {
  if (group !== undefined && groupBy === undefined)
    throw wrong('querystring/groupBy', 'querystring/groupBy is missing: say by what the chart was grouped.');
  if (except !== undefined && group !== ofOthers)
    throw wrong(
      'querystring/except',
      `querystring/except goes with the group ${ofOthers} alone: leave it out.`,
    );
  if (group === undefined) return null;
  const keys = except ? except.split(',') : [];
  try {
    return { group, except: keys.map(decodeURIComponent) };
  } catch {
    throw wrong('querystring/except', 'querystring/except has a % that stands for nothing: write it %25.');
  }
}

async function labelGroup(
  services: NativeServices,
  dialects: readonly NativeDialect[],
  workspace: Workspace,
  { groupBy, group }: Query,
  asked: AskedGroup,
): Promise<{ key: string; label: string } | null> {
  if (groupBy === undefined || group === undefined) return null;
  if (group === ofNone || group === ofOthers) return { key: group, label: group };
  const stored = storedKeyOf(workspace, groupBy, group, asked);
  const nameOf = await nameGroups(services, dialects, workspace, groupBy, [stored]);
  return { key: group, label: nameOf(stored).label };
}

function storedKeyOf(
  { eventTypes }: Workspace,
  groupBy: Query['groupBy'],
  group: string,
  { group: rows }: AskedGroup,
): string {
  if (rows && 'is' in rows) return rows.is ?? group;
  return groupBy === 'type' ? String(eventTypes.byPublicId(group)?.id ?? group) : group;
}

const groupWords = {
  type: 'of the event type',
  api: 'by the API',
  source: 'by the source',
  campaign: 'that tell of the campaign',
  context: 'in the context',
} as const;

interface NamedGroup {
  readonly by: keyof typeof groupWords | null;
  readonly key: string;
  readonly label: string;
}

/** What the rows are, in a sentence. */
function wordsOf(
  { key, dialect, type }: AskedMetric,
  group: NamedGroup | null,
  spans: readonly { since: string; until: string }[],
  timezone: string,
): string {
  const what = key === null ? 'Events' : `Values of ${key}, each at its own time, of events`;
  const of = type === null ? '' : ` of the type “${type.name}”`;
  const by = dialect === null ? ' of every API' : ` of ${dialect}`;
  const times = spans.map(({ since, until }) => `from ${since} up to, but not at, ${until}`);
  return `${what}${of}${by}${sayGroup(group)}, ${times.join(' and ')} (${timezone}).`;
}

function sayGroup(group: NamedGroup | null): string {
  if (group?.by == null) return '';
  if (group.key === ofNone) return ` with no ${group.by}`;
  if (group.key === ofOthers) return `, of each ${group.by} that the chart does not show by itself`;
  return ` ${groupWords[group.by]} “${group.label}”`;
}
