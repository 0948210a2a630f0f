import { isIPv4 } from 'node:net';
import { findUnstorable } from '../../../../core/event/storable.ts';
import { plainAddress } from '../../../../core/rate-limit/network.ts';
import { isRecord } from '../../../../core/value/text.ts';
import { RequestError } from '../../../../errors.ts';
import { type SchemaError, validateBringBackProperties, validateNewEvent } from '../../documents/validate.ts';
import type { EventBody, FreeObject } from '../../documents/wire.ts';

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

/**
 * Refuses what is not yet an event: a body that does not say what happened, or to whom.
 * @throws RequestError `invalid-request`
 */
export function parseEvent(body: unknown, client: Client): EventRequest {
  const errors = validateNewEvent(body);
  if (errors.length > 0 && !isFullEnvelope(body)) throw invalidEvent(errors);
  return { body: body as EventBody, errors: errors.length > 0 ? errors : findUnstorableParts(body), client };
}

export function findUnstorableParts(body: unknown): SchemaError[] {
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

/** The schema takes IPv4 only; a dual-stack socket shows such an address in its IPv6 form. */
export function clientOf(ip: string, userAgent: string | undefined): Client {
  const address = plainAddress(ip);
  const text = userAgent?.toWellFormed().replaceAll('\u0000', '');
  return { ip: address !== undefined && isIPv4(address) ? address : null, userAgent: text || null };
}
