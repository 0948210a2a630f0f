import Type from 'typebox';
import { findUnstorable } from '../../../../core/event/storable.ts';
import { newRecordId } from '../../../../core/id.ts';
import { isRecord } from '../../../../core/value/text.ts';
import { RequestError } from '../../../../errors.ts';
import { type Operation, operation } from '../../../../http/operation.ts';
import type { Fault } from '../../../../ingest/item.ts';
import type { Services } from '../../../dialect.ts';
import { at, authorOf } from '../../access.ts';
import {
  educationSchema,
  jobSchema,
  likeSchema,
  subscriptionSchema,
} from '../../documents/base-properties.ts';
import type { JsonSchema } from '../../documents/json-schema.ts';
import {
  type SchemaError,
  validateEducation,
  validateJob,
  validateLike,
  validateSubscription,
} from '../../documents/validate.ts';
import { notFound } from '../../errors.ts';
import type { HubOperation } from '../../roles.ts';
import { findItem, type Item, type ItemList, type ItemWrite } from '../../rules/customer-items.ts';
import { isHidden } from '../../rules/hidden-properties.ts';
import { wholeItem } from '../../rules/list-items.ts';
import { CustomerParameters, customerId, payloadLimit, workspaceId } from '../schemas.ts';
import { requireCustomer, requireCustomerId, requireShownCustomer } from './find-customer.ts';
import { datedMembers, withDates } from './parse.ts';
import { prepareItemWrite } from './prepare.ts';
import { type CustomerCall, saveCustomer } from './save-customer.ts';

/** Items of one of a customer's collections, as operations have them. */
interface ItemKind {
  readonly list: ItemList;
  /** One of them, in texts. */
  readonly noun: string;
  readonly schema: JsonSchema;
  readonly example: object;
  readonly validate: (body: unknown) => readonly SchemaError[];
  /** The answer to POST (Y51). */
  readonly created: 200 | 201;
  readonly operations: Readonly<Record<'create' | 'read' | 'replace' | 'remove', HubOperation>>;
}

const itemKinds: readonly ItemKind[] = [
  {
    list: 'subscriptions',
    noun: 'subscription',
    schema: subscriptionSchema,
    example: { id: 'newsletter', name: 'Newsletter', kind: 'DIGITAL_MESSAGE', subscribed: true },
    validate: validateSubscription,
    created: 201,
    operations: {
      create: 'createSubscription',
      read: 'readSubscription',
      replace: 'replaceSubscription',
      remove: 'deleteSubscription',
    },
  },
  {
    list: 'educations',
    noun: 'education',
    schema: educationSchema,
    example: { id: 'education-1', schoolType: 'COLLEGE', schoolName: 'University of London' },
    validate: validateEducation,
    created: 200,
    operations: {
      create: 'createEducation',
      read: 'readEducation',
      replace: 'replaceEducation',
      remove: 'deleteEducation',
    },
  },
  {
    list: 'likes',
    noun: 'like',
    schema: likeSchema,
    example: { id: 'like-1', category: 'Flowers', name: 'Tulips' },
    validate: validateLike,
    created: 200,
    operations: { create: 'createLike', read: 'readLike', replace: 'replaceLike', remove: 'deleteLike' },
  },
  {
    list: 'jobs',
    noun: 'job',
    schema: jobSchema,
    example: { id: 'job-1', companyName: 'Analytical Engines', jobTitle: 'Programmer', isCurrent: true },
    validate: validateJob,
    created: 200,
    operations: { create: 'createJob', read: 'readJob', replace: 'replaceJob', remove: 'deleteJob' },
  },
];

export const itemOperations: readonly Operation<Services>[] = itemKinds.flatMap(operationsOf);

function operationsOf(kind: ItemKind): readonly Operation<Services>[] {
  const { noun, schema, example, created, operations } = kind;
  const parameters = { path: itemParameters(noun) };
  return [
    operation({
      ...at(operations.create),
      summary: `Create a ${noun} of a customer; one of the same id is written over`,
      checks: { path: CustomerParameters },
      documents: { body: schema },
      example,
      status: created,
      bodyLimit: payloadLimit,
      handle: ({ path, body, ...call }) => {
        requireCustomerId(path.customerId);
        const item = parseItem(kind, body, newRecordId(call.services.clock()));
        return writeItem(kind, call, path.customerId, { list: kind.list, kind: 'create', item });
      },
    }),
    operation({
      ...at(operations.read),
      summary: `Get a ${noun} of a customer`,
      checks: parameters,
      handle: async ({ services, access: { workspace }, path }) => {
        const customer = await requireShownCustomer(services, workspace, path.customerId);
        const isShown = !isHidden(`base.${kind.list}`, workspace);
        const item = isShown ? findItem(customer.values, kind.list, path.itemId) : undefined;
        if (!item) throw itemNotFound(kind, path.itemId);
        return presentItem(kind, item);
      },
    }),
    operation({
      ...at(operations.replace),
      summary: `Modify a ${noun} of a customer`,
      checks: parameters,
      documents: { body: schema },
      example,
      bodyLimit: payloadLimit,
      handle: ({ path, body, ...call }) => {
        requireCustomerId(path.customerId);
        // One client leaves the id of a subscription to the path.
        const item = parseItem(kind, isRecord(body) ? { id: path.itemId, ...body } : body, path.itemId);
        if (item.id !== path.itemId) throw invalidItem(kind, [{ path: '/id', message: 'is immutable' }]);
        return writeItem(kind, call, path.customerId, { list: kind.list, kind: 'replace', item });
      },
    }),
    operation({
      ...at(operations.remove),
      summary: `Delete a ${noun} of a customer`,
      checks: parameters,
      handle: async ({ path, ...call }) => {
        const { customerId: customer, itemId: id } = path;
        await writeItem(kind, call, customer, { list: kind.list, kind: 'remove', id });
        return {};
      },
    }),
  ];
}

function itemParameters(noun: string) {
  const itemId = Type.String({ description: `The ${noun}'s own id.` });
  return Type.Object({ workspaceId, customerId, itemId });
}

/** `id`: of an item that has none of its own; a subscription always has. @throws RequestError `invalid-request` */
function parseItem(kind: ItemKind, body: unknown, id: string): Item {
  const errors = kind.validate(body);
  if (errors.length > 0 || !isRecord(body)) throw invalidItem(kind, errors);
  const unstorable = findUnstorable(body);
  if (unstorable) throw invalidItem(kind, [{ path: unstorable.path, message: 'can not be stored' }]);
  return { id, ...withDates(body, datedMembers[kind.list]) };
}

async function writeItem(
  kind: ItemKind,
  call: CustomerCall,
  customerId: string,
  write: ItemWrite,
): Promise<Readonly<Record<string, unknown>>> {
  const { services, access } = call;
  const { customer, profileId } = await requireCustomer(services, access.workspace, customerId);
  const author = authorOf(access.credential);
  const saved = await saveCustomer(
    call,
    (workspace, receivedAt) =>
      prepareItemWrite(write, workspace, customer, profileId, { author, receivedAt }),
    () => itemNotFound(kind, write.kind === 'remove' ? write.id : write.item.id),
  );
  return presentItem(kind, saved.answer ?? {});
}

function presentItem({ list }: ItemKind, item: Readonly<Record<string, unknown>>) {
  return wholeItem(`base.${list}`, item);
}

/** As customers' and sessions' are (docs/spec/contacthub.md F). */
function invalidItem({ noun }: ItemKind, items: readonly Fault[]): RequestError {
  return new RequestError('invalid-request', `source ${noun} is not valid`, { items: [...items] });
}

function itemNotFound({ noun }: ItemKind, id: string): RequestError {
  return notFound(noun, id);
}
