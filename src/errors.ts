/**
 * The catalogue of what can be wrong with a request. Each dialect says it in its vendor's words (dialects/<vendor>/errors.ts).
 * A code is never reused for another meaning.
 */
export const errorCatalogue = {
  'malformed-body': { status: 400, meaning: 'The body is not what its content type says.' },
  'invalid-request': { status: 400, meaning: 'A parameter or a part of the body is missing or wrong.' },
  unauthenticated: { status: 401, meaning: 'No valid key or token.' },
  forbidden: { status: 403, meaning: 'The key is valid, but not for this.' },
  'source-archived': { status: 403, meaning: 'The source is archived: nothing comes in by it.' },
  'not-found': { status: 404, meaning: 'There is no such resource for this key.' },
  'unknown-route': { status: 404, meaning: 'There is no such path.' },
  'method-not-allowed': { status: 405, meaning: 'The path exists, the method does not.' },
  conflict: { status: 409, meaning: 'It exists already.' },
  'body-too-large': { status: 413, meaning: 'The body is larger than allowed.' },
  'address-too-long': {
    status: 414,
    meaning: 'The address of the request, its query included, is longer than allowed.',
  },
  'unsupported-media': { status: 415, meaning: 'The content type or encoding is not taken here.' },
  'rate-limited': { status: 429, meaning: 'The workspace has set a rate limit and it is used up.' },
  'upstream-failed': {
    status: 502,
    meaning: 'A service that this one depends on did not give what it was asked for.',
  },
  fault: { status: 500, meaning: 'Something is broken here; the cause is in the log.' },
  overloaded: {
    status: 503,
    meaning: 'It could not be stored now; send it again after Retry-After seconds.',
  },
  'took-too-long': { status: 503, meaning: 'The question took longer than one may, and was stopped.' },
  'too-many-questions': {
    status: 503,
    meaning: 'The workspace has as many questions under way as it may, and they take their time.',
  },
} as const;

export type ErrorCode = keyof typeof errorCatalogue;

export interface ErrorDetails {
  /** JSON pointer or parameter name of the culprit. */
  path?: string;
  /** The vendor's own code, where it has one (Octeth's 4 to 10). */
  vendorCode?: number;
  /** Further items, where a vendor's form lists several. */
  items?: { path: string; message: string; data?: unknown }[];
  retryAfterSeconds?: number;
  /** True: it is about an event that was committed (to quarantine), and so is counted already. */
  accounted?: true;
  /** A vendor's status where it differs from the catalogue's. */
  status?: number;
  data?: unknown;
}

/** A request that is refused. The message tells the client what to do; it holds no personal data, since it is logged. */
export class RequestError extends Error {
  readonly code: ErrorCode;
  readonly details: ErrorDetails;

  constructor(code: ErrorCode, message?: string, details: ErrorDetails = {}) {
    super(message ?? errorCatalogue[code].meaning);
    this.name = 'RequestError';
    this.code = code;
    this.details = details;
  }

  get status(): number {
    return this.details.status ?? errorCatalogue[this.code].status;
  }
}
