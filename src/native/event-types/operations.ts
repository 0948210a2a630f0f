import { setEventTypeArchived } from '../../core/event-type/archive-event-type.ts';
import type { EventType } from '../../core/event-type/event-type.ts';
import { listTypeVersions } from '../../core/event-type/type-version-store.ts';
import type { WorkspaceId } from '../../core/workspace/workspace.ts';
import { RequestError } from '../../errors.ts';
import { type Operation, operation } from '../../http/operation.ts';
import { deleteEventType } from '../../jobs/delete-event-type.ts';
import { inWorkspace } from '../guards.ts';
import { noSuch } from '../refusals.ts';
import { errors, WorkspaceParameters } from '../schemas/common.ts';
import type { NativeDialect, NativeServices } from '../services.ts';
import { presentEventType, presentVersion } from './present.ts';
import {
  EventTypeChangesBody,
  EventTypeDeletionReply,
  EventTypeParameters,
  EventTypeSchema,
  EventTypesReply,
  eventTypesQuery,
  VersionsQuery,
  VersionsReply,
} from './schemas.ts';

const path = '/workspaces/:workspace/event-types';
/** Up to 10,000 events, so that the answer comes within a few seconds. */
const slicesPerCall = 40;

/** The event types of every dialect: listed, archived, deleted. */
export function eventTypeOperations(
  dialects: readonly NativeDialect[],
): readonly Operation<NativeServices>[] {
  return [
    operation({
      method: 'GET',
      path,
      summary: 'List event types',
      guard: inWorkspace,
      checks: { path: WorkspaceParameters, query: eventTypesQuery(dialects) },
      replies: { 200: EventTypesReply, ...errors(404) },
      handle: async ({ services, access, query: { dialect, after, limit } }) => {
        const workspace = await services.workspaces.reload(access.workspace.id);
        const types = workspace.eventTypes
          .all()
          .filter((type) => type.id > after && (dialect === undefined || type.dialect === dialect))
          .sort((a, b) => a.id - b.id);
        const page = types.slice(0, limit);
        return {
          eventTypes: page.map(presentEventType),
          next: types.length > limit ? (page.at(-1)?.id ?? null) : null,
        };
      },
    }),
    ...readOne,
    operation({
      method: 'PATCH',
      path: `${path}/:eventTypeId`,
      summary: 'Archive an event type, or take it back',
      guard: inWorkspace,
      checks: { path: EventTypeParameters, body: EventTypeChangesBody },
      example: { archived: true },
      replies: { 200: EventTypeSchema, ...errors(404) },
      handle: async ({ services, access, path: { eventTypeId }, body }) => {
        const now = new Date(services.clock());
        const archivedAt = body.archived ? now : null;
        const type = await setEventTypeArchived(services, access.workspace.id, eventTypeId, archivedAt, now);
        if (!type) throw noSuchType();
        return presentEventType(type);
      },
    }),
    operation({
      method: 'DELETE',
      path: `${path}/:eventTypeId`,
      summary: 'Delete an event type with its events',
      guard: inWorkspace,
      checks: { path: EventTypeParameters },
      replies: { 200: EventTypeDeletionReply, ...errors(404, 409) },
      handle: async ({ services, access, path: { eventTypeId } }) => {
        const options = { now: new Date(services.clock()), slices: slicesPerCall, dialects };
        const deleted = await deleteEventType(services, access.workspace.id, eventTypeId, options);
        if (!deleted) throw noSuchType();
        if (deleted === 'kept')
          throw new RequestError('conflict', 'Conversations follow from the events of this type: it stays.');
        return deleted;
      },
    }),
  ];
}

const readOne: readonly Operation<NativeServices>[] = [
  operation({
    method: 'GET',
    path: `${path}/:eventTypeId`,
    summary: 'An event type',
    guard: inWorkspace,
    checks: { path: EventTypeParameters },
    replies: { 200: EventTypeSchema, ...errors(404) },
    handle: async ({ services, access, path: { eventTypeId } }) =>
      presentEventType(await requireType(services, access.workspace.id, eventTypeId)),
  }),
  operation({
    method: 'GET',
    path: `${path}/:eventTypeId/versions`,
    summary: 'What an event type was, version by version',
    description: 'An event is read by the version that it was checked by.',
    guard: inWorkspace,
    checks: { path: EventTypeParameters, query: VersionsQuery },
    replies: { 200: VersionsReply, ...errors(404) },
    handle: async ({ services, access, path: { eventTypeId }, query: { before, limit } }) => {
      const workspaceId = access.workspace.id;
      const { id } = await requireType(services, workspaceId, eventTypeId);
      const found = await listTypeVersions(services.database, workspaceId, id, before, limit + 1);
      const page = found.slice(0, limit);
      return {
        versions: page.map(presentVersion),
        next: found.length > limit ? (page.at(-1)?.version ?? null) : null,
      };
    },
  }),
];

/** Read anew: who has just made a type by another process wants to see it. @throws RequestError `not-found` */
async function requireType(
  { workspaces }: NativeServices,
  workspaceId: WorkspaceId,
  eventTypeId: string,
): Promise<EventType> {
  const type = (await workspaces.reload(workspaceId)).eventTypes.byPublicId(eventTypeId);
  if (!type) throw noSuchType();
  return type;
}

export function noSuchType(): RequestError {
  return noSuch(
    'params/eventTypeId',
    'The workspace has no event type of this id; GET …/event-types lists those there are.',
  );
}
