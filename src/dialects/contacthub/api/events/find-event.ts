import { isUuid } from '../../../../core/id.ts';
import type { RequestError } from '../../../../errors.ts';
import { notFound } from '../../errors.ts';

/**
 * The event's id in the path, before the body is looked at: nothing has one that is no UUID.
 * @throws RequestError `not-found`
 */
export function requireEventId(id: string): string {
  if (!isUuid(id)) throw eventNotFound(id);
  return id;
}

export function eventNotFound(id: string): RequestError {
  return notFound('event', id);
}
