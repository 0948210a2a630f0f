import { defaultNode, type Workspace } from '../../../../core/workspace/workspace.ts';
import type { Reading } from '../../../../http/ingest-operation.ts';
import type { Prepared } from '../../../../ingest/item.ts';
import { identifyingAttributesOf } from '../../settings.ts';
import { contactsOf, keepAttributes, reservedPrefix, unstorableId, userSubject } from '../prepare.ts';
import type { EventRequest } from './parse.ts';

const places = { type: '/eventName', occurredAt: '/eventTime', properties: '/eventData' } as const;

/** The events of one request. */
export function readingOf(events: readonly EventRequest[]): Reading {
  return {
    source: null,
    carriesEvents: true,
    size: events.length,
    prepare: (workspace, receivedAt) => {
      const nodeId = defaultNode(workspace, 'webengage').id;
      const identifying = identifyingAttributesOf(workspace);
      return events.map((event) => prepareEvent(event, { workspace, nodeId, identifying, receivedAt }));
    },
  };
}

/** What the events of a request have in common. */
interface Receipt {
  readonly workspace: Workspace;
  readonly nodeId: number;
  /** Names of attributes that say who the user is. */
  readonly identifying: readonly string[];
  readonly receivedAt: number;
}

/** What the engine is told of an event. */
function prepareEvent(request: EventRequest, receipt: Receipt): Prepared {
  const { workspace, nodeId, identifying, receivedAt } = receipt;
  const { user, eventName, eventTime = receivedAt, eventTimeText, eventData } = request;
  if (eventName.startsWith(reservedPrefix)) return { kind: 'dropped', reason: 'reserved-event' };
  if (!user.id.isWellFormed()) return unstorableId(user, eventName, eventTime);
  const { kept, dropped } = keepAttributes(eventData);
  const hasOffset = eventTimeText !== undefined && !/(Z|[+-]00:?00)$/.test(eventTimeText);
  return {
    kind: 'event',
    nodeId,
    subject: userSubject(user, contactsOf(valuesOf(identifying, eventData), user, workspace)),
    droppedAttributes: dropped,
    unknownMembers: request.unknownMembers,
    places,
    event: {
      type: eventName,
      typeVersion: null,
      occurredAt: eventTime,
      sourceId: null,
      context: null,
      properties: kept,
      detail: hasOffset ? { eventTime: eventTimeText } : null,
      metrics: [],
      locksAttributes: true,
    },
  };
}

/**
 * Attributes of events that say who the user is. Off unless the workspace names them: an e-mail in a custom event may as well be a
 * friend's.
 */
function valuesOf(
  identifying: readonly string[],
  eventData: Record<string, unknown>,
): Record<string, unknown> {
  return Object.fromEntries(identifying.map((name) => [name, eventData[name]]));
}
