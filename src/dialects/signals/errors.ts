import { errorCatalogue, RequestError } from '../../errors.ts';
import type { VendorError } from '../../http/vendor-error.ts';

/** What is wrong with one part of a request, as FastAPI lists it. */
export interface Fault {
  /** `query/limit`, `body/entry/0/changes`. */
  readonly path: string;
  readonly message: string;
  /** `value_error.missing` and the like. */
  readonly data: string;
}

/**
 * The vendor documents no errors; the page's notation is FastAPI's (docs/spec/signals.md 0): 422 with a list of what is wrong, and one
 * text for all else.
 */
export function presentError(error: RequestError): VendorError {
  switch (error.code) {
    case 'malformed-body':
      return validation([{ path: 'body', message: error.message, data: 'value_error.jsondecode' }]);
    case 'invalid-request':
      return validation(
        (error.details.items ?? [{ path: error.details.path ?? 'body', message: error.message }]).map(
          (item) => ({ ...item, data: typeof item.data === 'string' ? item.data : 'value_error' }),
        ),
      );
    case 'unauthenticated':
      return {
        ...plain(401, wordsOf(error, 'Not authenticated')),
        headers: { 'www-authenticate': 'Bearer' },
      };
    case 'forbidden':
      return plain(403, wordsOf(error, 'Forbidden'));
    case 'not-found':
      return plain(404, wordsOf(error, 'Not found'));
    // To the vendor's clients a number that takes nothing is not there.
    case 'source-archived':
      return plain(404, `Not found: ${error.message}`);
    case 'unknown-route':
      return plain(404, 'Not found: there is no such path here; /docs lists those that there are');
    default:
      return plain(error.status, error.message);
  }
}

const maximumShownId = 100;

/**
 * What there is not, by the id that was asked for, and what would be right. Of what is another workspace's the same is said as of what
 * is nobody's.
 * @param what `ad`, `campaign`
 */
export function notFound(what: string, id: string, hint: string): RequestError {
  const shown = id.slice(0, maximumShownId).toWellFormed();
  return new RequestError('not-found', `Not found: there is no ${what} ${shown} here; ${hint}`);
}

function validation(faults: readonly Fault[]): VendorError {
  return {
    status: 422,
    body: {
      detail: faults.map(({ path, message, data }) => ({ loc: locationOf(path), msg: message, type: data })),
    },
  };
}

/** FastAPI gives the places in lists as numbers. */
function locationOf(path: string): (string | number)[] {
  return path.split('/').map((part) => (/^\d{1,6}$/.test(part) ? Number(part) : part));
}

function plain(status: number, detail: string): VendorError {
  return { status, body: { detail } };
}

function wordsOf(error: RequestError, words: string): string {
  return error.message === errorCatalogue[error.code].meaning ? words : error.message;
}
