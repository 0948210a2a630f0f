import type { Workspace } from '../../../../core/workspace/workspace.ts';
import { RequestError } from '../../../../errors.ts';
import { nodesOf, requireMade, requireReadNode } from '../../access.ts';
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

/** The node whose customers are asked for, also an aggregate; or all entry nodes. @throws RequestError */
export function parseNodeIds({ nodeId }: { readonly nodeId?: string }, workspace: Workspace): number[] {
  if (nodeId === undefined) return nodesOf(workspace).map((node) => node.id);
  const node = requireReadNode(workspace, nodeId);
  requireMade(node);
  return [node.id];
}

/** The entry node that is asked for, or all there are. What happens is counted where it came in. @throws RequestError */
export function parseEntryNodeIds(request: { readonly nodeId?: string }, workspace: Workspace): number[] {
  const { nodeId } = request;
  if (nodeId === undefined || requireReadNode(workspace, nodeId).kind === 'entry')
    return parseNodeIds(request, workspace);
  const message = `this is counted of entry nodes, and ${nodeId} is an aggregate`;
  throw new RequestError('invalid-request', message, { path: 'nodeId' });
}
