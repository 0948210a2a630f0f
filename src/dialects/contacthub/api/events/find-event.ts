import { cutText } from '../../../../core/cut-text.ts';
import { RequestError } from '../../../../errors.ts';

export function eventNotFound(id: string): RequestError {
  return new RequestError('not-found', `event not found ${cutText(id, 100)}`);
}
