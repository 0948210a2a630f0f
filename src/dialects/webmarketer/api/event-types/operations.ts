import { type EventType, eventTypeRemedy } from '../../../../core/event-type/event-type.ts';
import type { Workspace } from '../../../../core/workspace/workspace.ts';
import { RequestError } from '../../../../errors.ts';
import { type Operation, operation } from '../../../../http/operation.ts';
import type { Services } from '../../../dialect.ts';
import { inProject } from '../../access.ts';
import { definitionOf } from '../../definition/definition.ts';
import {
  archiveEventType,
  type ColumnKeyTaken,
  createEventType,
  updateEventType,
} from '../../definition/manage-event-types.ts';
import { findEventTypes } from '../../query/event-types.ts';
import { parseFlag, parsePage } from '../parse.ts';
import { presentPage } from '../present.ts';
import { ProjectParameters } from '../schemas.ts';
import { parseEventTypeChange, parseNewEventType, parseSort } from './parse.ts';
import { presentEventType } from './present.ts';
import {
  EventTypeChangeBody,
  EventTypeReply,
  EventTypesQuery,
  EventTypesReply,
  exampleEventType,
  NewEventTypeBody,
  ReferenceParameters,
} from './schemas.ts';

const path = '/api/v1/projects/:projectId/event-types';

/** docs/spec/webmarketer.md A2. */
export const eventTypeOperations: readonly Operation<Services>[] = [
  operation({
    method: 'GET',
    path,
    summary: 'List event types',
    guard: inProject,
    checks: { path: ProjectParameters, query: EventTypesQuery },
    replies: { 200: EventTypesReply },
    handle: async ({ services, access, path: { projectId }, query }) => {
      const page = parsePage(query);
      // Read anew: who has just made a type by another process wants to see it.
      const workspace = await services.workspaces.reload(access.workspace.id);
      const { types, total } = findEventTypes(workspace, 'webmarketer', {
        archived: parseFlag(query.archived, 'archived') ?? false,
        search: query.search || undefined,
        storageKey: query.storageKey || undefined,
        reference: query.reference || undefined,
        sort: parseSort(query.sort),
        ...page,
      });
      return presentPage(
        types.map((type) => presentEventType(projectId, workspace, type)),
        total,
        page,
      );
    },
  }),
  operation({
    method: 'POST',
    path,
    summary: 'Create an event type',
    guard: inProject,
    checks: { path: ProjectParameters },
    documents: { body: NewEventTypeBody },
    example: {
      ...exampleEventType,
      metadata: {},
      phoneParsingConfig: [],
      expirationPolicy: { from: 'project', retentionDurationInDays: null },
      attributable: true,
    },
    replies: { 201: EventTypeReply },
    status: 201,
    handle: async ({ services, access: { workspace }, path: { projectId }, body }) => {
      const { reference, definition } = parseNewEventType(body);
      const created = await createEventType(services, workspace.id, 'webmarketer', reference, definition);
      if (created === 'name-taken')
        throw new RequestError('conflict', `An event type with reference ${reference} already exists`);
      if (created === 'too-many')
        throw new RequestError('invalid-request', `The project has too many event types. ${eventTypeRemedy}`);
      return presentFound(projectId, workspace, requireFreeKeys(created));
    },
  }),
  operation({
    method: 'GET',
    path: `${path}/:reference`,
    summary: 'Get an event type',
    guard: inProject,
    checks: { path: ReferenceParameters },
    replies: { 200: EventTypeReply },
    handle: async ({ services, access: { workspace }, path: { projectId, reference } }) => {
      const { eventTypes } = await services.workspaces.reload(workspace.id);
      return presentFound(projectId, workspace, eventTypes.byName('webmarketer', reference));
    },
  }),
  operation({
    method: 'PATCH',
    path: `${path}/:reference`,
    summary: 'Update an event type',
    guard: inProject,
    checks: { path: ReferenceParameters },
    documents: { body: EventTypeChangeBody },
    example: { name: 'Orders' },
    replies: { 200: EventTypeReply },
    handle: async ({ services, access: { workspace }, path: { projectId, reference }, body }) => {
      const change = parseEventTypeChange(body, reference);
      const updated = await updateEventType(services, workspace.id, 'webmarketer', reference, change);
      return presentFound(projectId, workspace, updated && requireFreeKeys(updated));
    },
  }),
  operation({
    method: 'DELETE',
    path: `${path}/:reference`,
    summary: 'Archive an event type',
    guard: inProject,
    checks: { path: ReferenceParameters },
    replies: { 200: EventTypeReply },
    handle: async ({ services, access: { workspace }, path: { projectId, reference } }) => {
      const archived = await archiveEventType(services, workspace.id, 'webmarketer', reference);
      return presentFound(projectId, workspace, archived);
    },
  }),
];

function requireFreeKeys(saved: EventType | ColumnKeyTaken): EventType {
  if ('columnKey' in saved)
    throw new RequestError('conflict', `${saved.columnKey} is the key of a custom column; take another one`);
  return saved;
}

/** @throws RequestError `not-found` where there is no type, or it is not a defined one */
function presentFound(projectId: string, workspace: Workspace, type: EventType | undefined) {
  if (!type || !definitionOf(type)) throw new RequestError('not-found', 'Event type not found');
  return presentEventType(projectId, workspace, type);
}
