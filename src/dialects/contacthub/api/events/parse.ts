import { isIPv4 } from 'node:net';
import { cutText } from '../../../../core/cut-text.ts';
import { findUnstorable, storableText } from '../../../../core/event/storable.ts';
import type { Key } from '../../../../core/identity/identity.ts';
import { plainAddress } from '../../../../core/rate-limit/network.ts';
import { isRecord } from '../../../../core/value/text.ts';
import { defaultNode, type Workspace } from '../../../../core/workspace/workspace.ts';
import { RequestError } from '../../../../errors.ts';
import type { EventItem, KeyedSubject, Prepared } from '../../../../ingest/item.ts';
import { findNode } from '../../access.ts';
import { parseVendorDate } from '../../documents/dates.ts';
import { type SchemaError, validateBringBackProperties, validateNewEvent } from '../../documents/validate.ts';
import type { BringBackProperties, EventBody, FreeObject } from '../../documents/wire.ts';

/** Who sent the request. */
export interface Client {
  readonly ip: string | null;
  readonly userAgent: string | null;
}

/** An event whose envelope is there: to be stored, or to be kept as a bad one with what is wrong. */
export interface EventRequest {
  readonly body: EventBody;
  readonly errors: readonly SchemaError[];
  readonly client: Client;
}

/** The longest user agent that is kept. */
const maximumUserAgent = 1000;

/**
 * Refuses what is not yet an event: a body that does not say what happened, or to whom.
 * @throws RequestError `invalid-request`
 */
export function parseEvent(body: unknown, client: Client): EventRequest {
  const errors = validateNewEvent(body);
  if (errors.length > 0 && !isFullEnvelope(body)) throw invalidEvent(errors);
  return { body: body as EventBody, errors: errors.length > 0 ? errors : findUnstorableParts(body), client };
}

function findUnstorableParts(body: unknown): SchemaError[] {
  const found = findUnstorable(body as FreeObject);
  return found ? [{ path: found.path, message: 'can not be stored', data: null }] : [];
}

export function invalidEvent(items: readonly { path: string; message: string }[]): RequestError {
  return new RequestError('invalid-request', 'source event is not valid', { items: [...items] });
}

function isFullEnvelope(body: unknown): boolean {
  if (!isRecord(body)) return false;
  const { type, context, properties, customerId, bringBackProperties } = body;
  const byId = (customerId ?? null) !== null;
  const byBringBack = (bringBackProperties ?? null) !== null;
  return (
    isName(type) &&
    isName(context) &&
    (properties ?? null) !== null &&
    byId !== byBringBack &&
    (byId ? isName(customerId) : validateBringBackProperties(bringBackProperties).length === 0)
  );
}

function isName(value: unknown): boolean {
  return typeof value === 'string' && value !== '' && value.length <= 255;
}

/** What the engine is told of an event. */
export function prepareEvent(request: EventRequest, workspace: Workspace, receivedAt: number): Prepared {
  const { body, errors } = request;
  const date = typeof body.date === 'string' ? parseVendorDate(body.date) : undefined;
  const occurredAt = date?.getTime() ?? receivedAt;
  const violation = (rule: string, found: readonly SchemaError[]): Prepared => {
    const items = found.map((item) => ({ ...item, path: storableText(item.path) }));
    const detail = { errors: items };
    return {
      kind: 'violation',
      type: storableText(body.type),
      occurredAt,
      violation: { rule, path: items[0]!.path, detail },
    };
  };
  if (errors.length > 0) return violation('invalid-field', errors);
  const subject = subjectOf(body, workspace);
  if (!subject) {
    const path = '/bringBackProperties/nodeId';
    return violation('unknown-node', [{ path, message: 'node not found', data: null }]);
  }
  return {
    kind: 'event',
    ...subject,
    event: {
      type: body.type,
      typeVersion: null,
      occurredAt,
      sourceId: null,
      context: body.context,
      properties: body.properties,
      detail: {
        contextInfo: withClient(body.contextInfo, request.client),
        ...(body.tracking ? { tracking: body.tracking } : {}),
        ...(body.bringBackProperties ? { bringBackProperties: body.bringBackProperties } : {}),
      },
      metrics: [],
    },
  };
}

/** Whose event it is: a customer's, named by the id, or that of whom a session or the customer's own id will turn out to be. */
function subjectOf(body: EventBody, workspace: Workspace): Pick<EventItem, 'nodeId' | 'subject'> | undefined {
  const { bringBackProperties, customerId } = body;
  if (!bringBackProperties) {
    // Wherever the customer lives: the engine takes the node of the profile that is named.
    const nodeId = defaultNode(workspace, 'contacthub').id;
    return { nodeId, subject: { profileId: customerId!.toLowerCase() } };
  }
  const node = findNode(workspace, bringBackProperties.nodeId);
  return node && { nodeId: node.id, subject: broughtBack(bringBackProperties) };
}

function broughtBack({ type, value }: BringBackProperties): KeyedSubject {
  const waiting = { contacts: [], anonymous: true, expects: 'any' } as const;
  if (type === 'SESSION_ID') return { ...waiting, keys: [{ kind: 'session', value }] };
  const external: Key = { kind: 'external', value };
  return { ...waiting, keys: [{ kind: 'externalReference', value }], standsInFor: [external] };
}

/** What the client says of itself counts; what it leaves out the request tells (inferred: docs/spec/contacthub.md C). */
function withClient(contextInfo: FreeObject | undefined, { ip, userAgent }: Client): FreeObject {
  const said = contextInfo?.client;
  const client = {
    ...(userAgent === null ? {} : { userAgent: cutText(userAgent, maximumUserAgent) }),
    ...(ip === null ? {} : { ip }),
    ...(isRecord(said) ? said : {}),
  };
  return Object.keys(client).length > 0 ? { ...contextInfo, client } : { ...contextInfo };
}

/** The schema takes IPv4 only; a dual-stack socket shows such an address in its IPv6 form. */
export function clientOf(ip: string, userAgent: string | undefined): Client {
  const address = plainAddress(ip);
  const text = userAgent?.toWellFormed().replaceAll('\u0000', '');
  return { ip: address !== undefined && isIPv4(address) ? address : null, userAgent: text || null };
}
