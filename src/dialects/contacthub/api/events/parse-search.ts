import type { Static } from 'typebox';
import { eventContexts } from '../../../../core/event/event.ts';
import type { Node } from '../../../../core/node/node.ts';
import type { Workspace } from '../../../../core/workspace/workspace.ts';
import { RequestError } from '../../../../errors.ts';
import { nodesOf, requireMade, requireReadNode } from '../../access.ts';
import {
  EVENT_CONTEXT_NAMES,
  EVENT_TYPE_NAMES,
  isEventContextName,
  isEventTypeName,
} from '../../documents/enums.ts';
import { eventTypes } from '../../documents/event-types.ts';
import type { EventSearch } from '../../query/search-events.ts';
import { isLimited } from '../../rights/seen-workspace.ts';
import { parseDateSort } from '../paging.ts';
import { dateOf } from '../query-date.ts';
import type { EventSearchQuery } from './schemas.ts';

type EventSearchRequest = Static<typeof EventSearchQuery>;

/** What is asked for, but for whose events. @throws RequestError */
export function parseEventSearch(
  request: EventSearchRequest,
  workspace: Workspace,
): Omit<EventSearch, 'profileId' | 'customerId' | 'hidden'> {
  const node = request.nodeId === undefined ? undefined : requireReadNode(workspace, request.nodeId);
  if (node) requireMade(node);
  return {
    nodeIds: nodeIdsOf(node, workspace),
    aggregateId: node?.kind === 'aggregate' ? node.id : null,
    typeIds: typeIdsOf(request, workspace),
    contexts: contextsOf(request.context),
    from: dateOf('dateFrom', request.dateFrom),
    until: dateOf('dateTo', request.dateTo),
    hasForgotten: workspace.erasureKeyId !== null,
    ...parseDateSort(request.sort, 'events'),
    offset: request.page * request.size,
    limit: request.size,
  };
}

/** Null where no event of the dialect is of another node, and for an aggregate, which says itself whose they are. */
function nodeIdsOf(node: Node | undefined, workspace: Workspace): number[] | null {
  if (node?.kind === 'aggregate') return null;
  const nodes = nodesOf(workspace);
  const asked = node === undefined ? nodes : [node];
  return asked.length === nodes.length && !isLimited(workspace) ? null : asked.map(({ id }) => id);
}

/** Null where neither type nor mode is asked for and a customer is: then every event is of this dialect. */
function typeIdsOf({ type, mode, customerId }: EventSearchRequest, workspace: Workspace): number[] | null {
  if (type === undefined && mode === undefined && customerId !== undefined) return null;
  const asked = type === undefined ? undefined : listOf('type', type, isEventTypeName, EVENT_TYPE_NAMES);
  return workspace.eventTypes
    .ofDialect('contacthub')
    .filter(({ name }) => isEventTypeName(name) && (!mode || eventTypes.get(name)?.mode === mode))
    .filter(({ name }) => !asked || asked.some((one) => one === name))
    .map(({ id }) => id);
}

function contextsOf(context: string | undefined): number[] | null {
  if (context === undefined) return null;
  return listOf('context', context, isEventContextName, EVENT_CONTEXT_NAMES).map(
    (name) => eventContexts[name],
  );
}

function listOf<Name extends string>(
  parameter: string,
  text: string,
  isName: (value: unknown) => value is Name,
  known: readonly string[],
): Name[] {
  return text.split(',').map((part): Name => {
    const name: unknown = part.trim();
    if (isName(name)) return name;
    throw new RequestError('invalid-request', `${parameter} must be one or more of ${known.join(', ')}`, {
      path: parameter,
    });
  });
}
