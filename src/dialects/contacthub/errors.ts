import { randomUUID } from 'node:crypto';
import { cutText } from '../../core/cut-text.ts';
import { RequestError } from '../../errors.ts';
import type { VendorError } from '../../http/vendor-error.ts';
import { formatVendorDate } from './documents/dates.ts';

/** docs/spec/contacthub.md F: the words that clients look for. */
const unauthorized = 'The client is not authorized to access the API';

/** What is not there, by the id that was asked for (docs/spec/contacthub.md F). */
export function notFound(noun: string, id: string): RequestError {
  return new RequestError('not-found', `${noun} not found ${cutText(id, 100)}`);
}

/** Ruling 11: an aggregate is made of its entry nodes, and its customers and events are only read. */
export function onlyRead(noun: 'node' | 'customer', id: string): RequestError {
  const why =
    noun === 'node'
      ? 'is an aggregate node, of which customers and events are only read: name one of its entry nodes'
      : 'is of an aggregate node and only read: write to the entry customers that it is made of';
  return new RequestError('invalid-request', `${noun} ${cutText(id, 100)} ${why}`);
}

/** All four keys are always there: some clients read them without looking. */
export function presentError(error: RequestError, path: string): VendorError {
  if (error.code === 'unknown-route') return presentUnknownRoute(path);
  const { items, data, path: culprit = '' } = error.details;
  const message = error.message.replace(culprit, () => nameOf(culprit));
  const errors = items ?? (culprit === '' ? [] : [{ path: culprit, message }]);
  return {
    status: error.status,
    body: {
      message: error.code === 'unauthenticated' ? unauthorized : message,
      logref: randomUUID(),
      data: data ?? null,
      errors: errors.map((item) => ({
        path: pointerOf(item.path),
        message: item.message,
        code: null,
        data: item.data ?? null,
      })),
    },
  };
}

/** Which part of a request a parameter is in is told by a word of the framework, which no client knows. */
function nameOf(culprit: string): string {
  return culprit.replace(/^(?:querystring|params|headers)\//, '');
}

/** Every path is a JSON pointer (docs/spec/contacthub.md F), that of a parameter too. */
function pointerOf(path: string): string {
  const name = nameOf(path);
  return name === '' || name.startsWith('/') ? name : `/${name}`;
}

/** The form of the vendor's web framework, which one client tells apart by its `status`; with the keys that another reads. */
function presentUnknownRoute(path: string): VendorError {
  return {
    status: 404,
    body: {
      timestamp: formatVendorDate(new Date()),
      status: 404,
      error: 'Not Found',
      message: 'No message available',
      path,
      logref: randomUUID(),
      data: null,
      errors: [],
    },
  };
}
