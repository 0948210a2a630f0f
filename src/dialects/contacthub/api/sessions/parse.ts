import { isStorableText } from '../../../../core/event/storable.ts';
import { isRecord } from '../../../../core/value/text.ts';
import { RequestError } from '../../../../errors.ts';
import type { Fault } from '../../../../ingest/item.ts';
import { validateSession } from '../../documents/validate.ts';

/** The value of a session to bind. @throws RequestError `invalid-request` */
export function parseSession(body: unknown): string {
  const errors = validateSession(body);
  if (errors.length > 0) throw invalidSession(errors);
  const value = isRecord(body) ? body.value : undefined;
  if (typeof value !== 'string' || !isStorableText(value))
    throw invalidSession([{ path: '/value', message: 'can not be stored' }]);
  return value;
}

function invalidSession(items: readonly Fault[]): RequestError {
  return new RequestError('invalid-request', 'source session is not valid', { items: [...items] });
}
