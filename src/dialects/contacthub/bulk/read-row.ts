import type { ConsentAuthor } from '../../../core/consent/consent.ts';
import { isUuid } from '../../../core/id.ts';
import type { Node } from '../../../core/node/node.ts';
import type { Workspace } from '../../../core/workspace/workspace.ts';
import { RequestError } from '../../../errors.ts';
import { parseJson } from '../../../http/body.ts';
import type { Reading } from '../../../http/ingest-operation.ts';
import { checkRequired, parseCustomer } from '../api/customers/parse.ts';
import { prepareCreate, prepareUpdate } from '../api/customers/prepare.ts';
import { requireSize } from '../api/events/event-size.ts';
import { type EventRequest, invalidEvent, parseEvent } from '../api/events/parse.ts';
import { readingOf } from '../api/events/prepare.ts';
import type { EventTypeName } from '../documents/enums.ts';
import { payloadLimit } from '../documents/payload-limit.ts';
import type { FreeObject } from '../documents/wire.ts';
import { sourceOfAuthor } from '../source/source.ts';
import type { LoadedFile } from './bulk-job.ts';
import { bodyOf, type Column, type RowBody } from './columns.ts';
import { describeNotFound } from './describe-not-found.ts';
import { columnsOf, customerSchema, eventSchema, subjectColumns } from './row-schema.ts';

/** A row as the engine takes it. */
export interface RowReading {
  readonly reading: Reading;
  /** The body that it stands for, as JSON. */
  readonly text: string;
  /** The customer that it names by the id, who has to be of the job's node. */
  readonly customerId?: string;
}

/** Reads a row's cells. @throws RequestError as the request would be refused that sends the same */
export type ReadRow = (cells: readonly string[]) => RowReading;

/** How the rows of a file are read: as the requests of POST (and, where a row has the id of a customer, PATCH) that say the same. */
export function rowReaderOf(file: LoadedFile, node: Node, workspace: Workspace): ReadRow {
  if (file.eventType !== null) return eventReader(file, file.eventType, node, workspace);
  const isUpsert = file.operation === 'UPSERT';
  const columns = columnsOf(file.columns, customerSchema(workspace, isUpsert));
  return (cells) => readCustomer(bodyOf(columns, cells), node, isUpsert, file.author);
}

function readCustomer(
  { body: { id, ...body }, isRead }: RowBody,
  node: Node,
  isUpsert: boolean,
  author: ConsentAuthor,
): RowReading {
  const named = typeof id === 'string' ? requireId(id) : undefined;
  const sent = { nodeId: node.publicId, ...body };
  const text = JSON.stringify(sent);
  if (Buffer.byteLength(text) > payloadLimit)
    throw new RequestError('body-too-large', `the customer is larger than ${payloadLimit} bytes`);
  const write = parseCustomer(
    named === undefined ? 'create' : 'patch',
    readText(sent, text, isRead),
    {},
    author,
  );
  if (named === undefined) checkRequired(write, node);
  const reading: Reading = {
    source: sourceOfAuthor(author),
    carriesEvents: false,
    size: 1,
    prepare: (workspace, receivedAt) => [
      named === undefined
        ? prepareCreate(write, workspace, node.id, receivedAt, isUpsert ? 'any' : 'new')
        : prepareUpdate(write, workspace, { nodeId: node.id }, named, receivedAt),
    ],
  };
  return { reading, text, ...(named !== undefined && { customerId: named }) };
}

function eventReader(
  { columns: names, author }: LoadedFile,
  type: EventTypeName,
  node: Node,
  workspace: Workspace,
): ReadRow {
  const context = names.indexOf('context');
  const source = sourceOfAuthor(author);
  /** What is in `contextInfo` depends on the context, which each row says for itself. */
  const known = new Map<string, Column[]>();
  return (cells) => {
    const said = cells[context] ?? '';
    const columns = known.getOrInsertComputed(said, () =>
      columnsOf(names, eventSchema(type, said, workspace)),
    );
    if (known.size > maximumContexts) known.clear();
    const { event, ...row } = readEvent(bodyOf(columns, cells), type, node, workspace);
    return { ...row, reading: readingOf(event, source) };
  };
}

/** There are nine; a file may say anything. */
const maximumContexts = 50;

function readEvent(
  { body, isRead }: RowBody,
  type: EventTypeName,
  node: Node,
  workspace: Workspace,
): Omit<RowReading, 'reading'> & { readonly event: EventRequest } {
  const { customerId, externalId, sessionId, properties = {}, ...rest } = body;
  if ([customerId, externalId, sessionId].filter((value) => value !== undefined).length !== 1)
    throw invalidEvent([{ path: '', message: `one of ${subjectColumns.join(', ')} has to be given` }]);
  const subject =
    customerId === undefined
      ? {
          bringBackProperties: {
            type: sessionId === undefined ? 'EXTERNAL_ID' : 'SESSION_ID',
            value: sessionId ?? externalId,
            nodeId: node.publicId,
          },
        }
      : { customerId };
  const sent = { type, ...subject, ...rest, properties };
  const text = JSON.stringify(sent);
  requireSize(Buffer.byteLength(text), workspace, type);
  const event = parseEvent(readText(sent, text, isRead), { ip: null, userAgent: null });
  if (typeof customerId !== 'string') return { event, text };
  return { event, text, customerId: requireId(customerId) };
}

/** What reading the text makes, which may be at hand. */
function readText(sent: FreeObject, text: string, isRead: boolean): unknown {
  return isRead ? sent : parseJson(text);
}

/** The id of a customer in lower case. @throws RequestError for what is none: nobody has it */
function requireId(cell: string): string {
  const id = cell.toLowerCase();
  if (!isUuid(id)) throw new RequestError('not-found', describeNotFound('customer', id));
  return id;
}

/** Why a row is refused, in one line. */
export function describeRefusal(error: RequestError): string {
  const [item] = error.details.items ?? [];
  return item ? `${item.path} ${item.message}`.trim() : error.message;
}
