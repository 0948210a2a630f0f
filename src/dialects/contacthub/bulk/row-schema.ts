import type { Node } from '../../../core/node/node.ts';
import type { Workspace } from '../../../core/workspace/workspace.ts';
import { eventContexts } from '../documents/contexts.ts';
import { customerBodySchemas, IMMUTABLE_CUSTOMER_KEYS } from '../documents/customer.ts';
import { type EventTypeName, isEventContextName } from '../documents/enums.ts';
import { buildExtendedSchema } from '../documents/extended.ts';
import { closedObject, freeObject, type JsonSchema, text } from '../documents/json-schema.ts';
import { resolveReferences } from '../documents/references.ts';
import { trackingSchema } from '../documents/tracking.ts';
import { matchingPolicyOf } from '../rules/customer-keys.ts';
import { propertiesSchemaOf } from '../rules/event-rules.ts';
import { extendedSchemaOf } from '../rules/extended-properties.ts';
import type { BulkOrder } from './bulk-job.ts';
import { type Column, findHeaderProblem, typeOf } from './columns.ts';

/** Columns that say whose an event is; a row has one of them. */
export const subjectColumns = ['customerId', 'externalId', 'sessionId'] as const;

/** What is wrong with a file's header; undefined: nothing. */
export function findColumnProblem(
  names: readonly string[],
  order: BulkOrder,
  workspace: Workspace,
  node: Node,
): string | undefined {
  const problem = findHeaderProblem(names);
  if (problem !== undefined) return problem;
  const schemas = schemasOf(order, workspace);
  const unknown = names.findIndex((name) =>
    schemas.every((schema) => typeOf(schema, name.split('.')) === undefined),
  );
  if (unknown !== -1) return `There is no property of the name of column ${unknown + 1}.`;
  if (order.operation === 'DELETE') return findNameProblem(names, order, node);
  if (order.entity === 'CUSTOMER') return undefined;
  if (!names.includes('context')) return 'There is no column context.';
  return subjectColumns.some((name) => names.includes(name))
    ? undefined
    : `There is no column that says whose the events are: ${subjectColumns.join(', ')}.`;
}

/** The file's columns with the types of their cells. A name that the schema has no more is read as a text, and refused with its row. */
export function columnsOf(names: readonly string[], schema: JsonSchema): Column[] {
  return names.map((name) => {
    const path = name.split('.');
    return { path, type: typeOf(schema, path) ?? 'text' };
  });
}

/** What is to be deleted is named by its id, a customer also by what the node's policy finds it by, or by its externalId. */
function findNameProblem(names: readonly string[], { entity }: BulkOrder, node: Node): string | undefined {
  if (names.includes('id')) return undefined;
  if (entity === 'EVENT') return 'There is no column id, which says what is to be deleted.';
  const paths = matchingPolicyOf(node)?.paths ?? [];
  const isFound =
    names.includes('externalId') || (paths.length > 0 && paths.every((path) => names.includes(path)));
  return isFound
    ? undefined
    : `There is no column that says who is to be deleted: id, externalId, or ${paths.join(' and ')}.`;
}

/** What rows may say, by every context that an event can have. */
function schemasOf({ entity, eventType, operation }: BulkOrder, workspace: Workspace): JsonSchema[] {
  if (entity === 'EVENT' && operation === 'DELETE') return [closedObject({ id: text })];
  if (entity === 'CUSTOMER' || eventType === null) return [customerSchema(workspace, operation !== 'INSERT')];
  return [...eventContexts.keys()].map((context) => eventSchema(eventType, context, workspace));
}

/** As the body of POST, without what the path says or the system gives. `isNamed`: a row may name its customer by the id. */
export function customerSchema(workspace: Workspace, isNamed: boolean): JsonSchema {
  const { properties = {} } = resolveReferences(customerBodySchemas.create);
  const own = Object.entries(properties).filter(
    ([name]) => (name === 'id' && isNamed) || !IMMUTABLE_CUSTOMER_KEYS.some((key) => key === name),
  );
  const extended = extendedSchemaOf(workspace);
  return closedObject({
    ...Object.fromEntries(own),
    ...(extended ? { extended: buildExtendedSchema(extended.definitions) } : {}),
  });
}

/** As the body of POST; a context that there is not leaves `contextInfo` without a schema. */
export function eventSchema(
  type: EventTypeName,
  context: string | undefined,
  workspace: Workspace,
): JsonSchema {
  const contextInfo = isEventContextName(context) ? eventContexts.get(context)?.contextInfoSchema : undefined;
  return closedObject({
    customerId: text,
    externalId: text,
    sessionId: text,
    context: text,
    date: text,
    contextInfo: contextInfo ? resolveReferences(contextInfo) : freeObject,
    tracking: trackingSchema,
    properties: resolveReferences(propertiesSchemaOf(workspace, type)),
  });
}
