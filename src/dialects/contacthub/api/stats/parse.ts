import type { Workspace } from '../../../../core/workspace/workspace.ts';
import { RequestError } from '../../../../errors.ts';
import { nodesOf, requireNode } from '../../access.ts';
import { type DayRange, rangeOf, type Span } from '../../analytics/day-range.ts';
import { dateOf } from '../query-date.ts';

const year: Span = { years: 1 };
const month: Span = { months: 1 };

/** How much is answered where no start is given, and how much at most. */
export const spans = {
  lastYear: { usual: year, longest: year },
  lastMonth: { usual: month, longest: year },
  monthAtMost: { usual: month, longest: month },
} as const;

interface RangeRequest {
  readonly start?: string;
  readonly end?: string;
}

/** @throws RequestError where a bound is no date-time, or they are in the wrong order */
export function parseRange(
  request: RangeRequest,
  { timezone }: Workspace,
  now: number,
  span: { readonly usual: Span; readonly longest: Span },
): DayRange {
  const start = dateOf('start', request.start);
  const end = dateOf('end', request.end) ?? new Date(now);
  const range = rangeOf(timezone, { start, end }, span);
  if (range) return range;
  throw new RequestError('invalid-request', 'start must not be behind end', { path: 'start' });
}

/** The node that is asked for, or all there are. @throws RequestError `not-found` */
export function parseNodeIds({ nodeId }: { readonly nodeId?: string }, workspace: Workspace): number[] {
  const nodes = nodeId === undefined ? nodesOf(workspace) : [requireNode(workspace, nodeId)];
  return nodes.map((node) => node.id);
}
