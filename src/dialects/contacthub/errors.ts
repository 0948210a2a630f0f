import { randomUUID } from 'node:crypto';
import type { RequestError } from '../../errors.ts';
import type { VendorError } from '../../http/vendor-error.ts';

/** docs/spec/contacthub.md F: the words that clients look for. */
const unauthorized = 'The client is not authorized to access the API';

/** All four keys are always there: some clients read them without looking. */
export function presentError(error: RequestError, path: string): VendorError {
  if (error.code === 'unknown-route') return presentUnknownRoute(path);
  const { items, data } = error.details;
  const errors = items ?? (error.details.path ? [{ path: error.details.path, message: error.message }] : []);
  return {
    status: error.status,
    body: {
      message: error.code === 'unauthenticated' ? unauthorized : error.message,
      logref: randomUUID(),
      data: data ?? null,
      errors: errors.map((item) => ({
        path: item.path,
        message: item.message,
        code: null,
        data: item.data ?? null,
      })),
    },
  };
}

/** The form of the vendor's web framework, which one client tells apart by its `status`; with the keys that another reads. */
function presentUnknownRoute(path: string): VendorError {
  return {
    status: 404,
    body: {
      timestamp: new Date().toISOString(),
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
