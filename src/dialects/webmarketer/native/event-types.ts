import type { FastifyInstance } from 'fastify';
import type { Static } from 'typebox';
import { type EventType, eventTypeRemedy } from '../../../core/event-type/event-type.ts';
import { RequestError } from '../../../errors.ts';
import { type Operation, operation, registerOperations } from '../../../http/operation.ts';
import { noSuchType } from '../../../native/event-types/operations.ts';
import { presentEventType } from '../../../native/event-types/present.ts';
import { EventTypeParameters, EventTypeSchema } from '../../../native/event-types/schemas.ts';
import { inWorkspace } from '../../../native/guards.ts';
import { wrong } from '../../../native/refusals.ts';
import { errors, WorkspaceParameters } from '../../../native/schemas/common.ts';
import type { NativeServices } from '../../../native/services.ts';
import { compileNative } from '../../../native/validation.ts';
import { exampleEventType } from '../api/event-types/schemas.ts';
import {
  type EventTypeDefinition,
  type FieldDefinition,
  findDefinitionFault,
} from '../definition/definition.ts';
import { type ColumnKeyTaken, createEventType, updateEventType } from '../definition/manage-event-types.ts';
import { provision } from '../provision.ts';
import { DefinitionChanges, type FieldForm, NewType } from './schemas.ts';

const path = '/workspaces/:workspace/webmarketer/event-types';

/** Types of events that are declared before their first event: as the vendor's API has them, by the workspace's ids. */
export function registerEventTypes(scope: FastifyInstance, services: NativeServices): void {
  registerOperations(scope, services, eventTypeOperations, {
    tag: 'Native: Webmarketer',
    compile: compileNative,
  });
}

const eventTypeOperations: readonly Operation<NativeServices>[] = [
  operation({
    method: 'POST',
    path,
    summary: 'Declare an event type with its fields',
    guard: inWorkspace,
    checks: { path: WorkspaceParameters, body: NewType },
    example: exampleEventType,
    status: 201,
    replies: { 201: EventTypeSchema, ...errors(404, 409) },
    handle: async ({ services, access: { workspace }, body: { reference, ...given } }) => {
      const definition = changed(given, { ...empty, name: given.name });
      const created = await createEventType(services, workspace.id, provision.dialect, reference, definition);
      if (created === 'name-taken')
        throw new RequestError(
          'conflict',
          `There is an event type ${reference} already; one that is archived keeps its name.`,
          { path: 'body/reference' },
        );
      if (created === 'too-many')
        throw new RequestError('conflict', `The workspace has too many event types. ${eventTypeRemedy}`);
      return presentEventType(requireFreeKeys(created));
    },
  }),
  operation({
    method: 'PATCH',
    path: `${path}/:eventTypeId`,
    summary: 'Change what an event type asks for; what is left out stays',
    description:
      'It is the next version, unless nothing has changed: what is stored keeps the version that it was checked by. `fields` is replaced as a whole.',
    guard: inWorkspace,
    checks: { path: EventTypeParameters, body: DefinitionChanges },
    example: { name: 'Orders' },
    replies: { 200: EventTypeSchema, ...errors(404, 409) },
    handle: async ({ services, access: { workspace }, path: { eventTypeId }, body }) => {
      const { version: expected, ...changes } = body;
      const { eventTypes } = await services.workspaces.reload(workspace.id);
      const known = eventTypes.byPublicId(eventTypeId);
      if (known?.dialect !== provision.dialect) throw noSuchType();
      const updated = await updateEventType(
        services,
        workspace.id,
        provision.dialect,
        known.name,
        (definition, version) => {
          refuseOther(expected, version);
          return changed(changes, definition);
        },
      );
      if (!updated) throw noSuchType();
      return presentEventType(requireFreeKeys(updated));
    },
  }),
];

const empty: Omit<EventTypeDefinition, 'name'> = {
  fields: [],
  metadata: {},
  phoneParsingConfig: null,
  expirationPolicy: null,
  attributable: true,
};

/** @throws RequestError where the whole is no definition */
function changed(
  { fields, ...changes }: Omit<Static<typeof DefinitionChanges>, 'version'>,
  definition: EventTypeDefinition,
): EventTypeDefinition {
  const wanted = { ...definition, ...changes, ...(fields ? { fields: fields.map(toField) } : {}) };
  const fault = findDefinitionFault(wanted);
  if (fault === undefined) return wanted;
  // A phrase begins with the member that it is about.
  const [member = ''] = fault.split(' ', 1);
  const place = `body/${member.replaceAll('.', '/')}`;
  throw wrong(place, `${place}${fault.slice(member.length)}.`);
}

function toField(field: Static<typeof FieldForm>): FieldDefinition {
  return {
    type: field.type,
    entity: field.entity,
    storageKey: field.storageKey,
    ingestionKey: field.ingestionKey ?? null,
    discriminant: field.discriminant ?? false,
    isPii: field.isPii ?? false,
    isMostProbableLocation: field.isMostProbableLocation ?? false,
    optional: field.optional ?? false,
  };
}

function refuseOther(expected: number | undefined, version: number): void {
  if (expected === undefined || expected === version) return;
  throw new RequestError(
    'conflict',
    `The event type is at version ${version} by now: somebody has changed it. Read it again, and change that.`,
    { path: 'body/version' },
  );
}

function requireFreeKeys(saved: EventType | ColumnKeyTaken): EventType {
  if ('columnKey' in saved)
    throw new RequestError(
      'conflict',
      `${saved.columnKey} is the key of a custom column, which would hide the metric: take another one.`,
      { path: 'body/fields' },
    );
  return saved;
}
