import { findUnstorable } from '../../../core/event/storable.ts';
import { isRecord } from '../../../core/value/text.ts';
import { RequestError } from '../../../errors.ts';
import type { Fault } from '../../../ingest/item.ts';
import type { Validator } from '../documents/compile.ts';

/** As customers' are refused (docs/spec/contacthub.md F); for all else inferred. `noun`: what the body is. */
export function invalidBody(noun: string, items: readonly Fault[]): RequestError {
  return new RequestError('invalid-request', `source ${noun} is not valid`, { items: [...items] });
}

/**
 * A body that its schema allows and that can be stored; `Body` is what the schema lets through.
 * @throws RequestError `invalid-request` with the first thing that is wrong
 */
export function checkBody<Body extends object>(noun: string, validate: Validator, body: unknown): Body {
  const errors = validate(body, '');
  if (errors.length > 0) throw invalidBody(noun, errors);
  if (!isRecord(body)) throw invalidBody(noun, [{ path: '', message: 'must be an object' }]);
  const unstorable = findUnstorable(body);
  if (unstorable) throw invalidBody(noun, [{ path: unstorable.path, message: 'can not be stored' }]);
  // Of the schema's form, now that it has passed it.
  return body as Body;
}
