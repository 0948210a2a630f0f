import { isRecord } from '../../../../core/value/text.ts';

/** How Graph says that something went wrong. https://developers.facebook.com/docs/graph-api/guides/error-handling */
interface GraphError {
  readonly code: number;
  readonly subcode: number | undefined;
  readonly message: string;
  readonly transient: boolean;
}

/** What one attempt came to. `again`: another attempt may do better, after `waitMilliseconds` at least. */
export type Attempt =
  | { readonly kind: 'answer'; readonly value: unknown }
  | {
      readonly kind: 'again';
      readonly why: 'rate-limited' | 'unreachable';
      readonly reason: string;
      readonly waitMilliseconds: number;
    }
  | { readonly kind: 'token-rejected'; readonly reason: string }
  | { readonly kind: 'refused'; readonly reason: string }
  | { readonly kind: 'gone'; readonly reason: string }
  | { readonly kind: 'hidden'; readonly reason: string }
  | { readonly kind: 'too-much'; readonly reason: string };

/**
 * Application, user, page and custom limits; 80000 to 80014 are the limits by business use case, of which 80000 is for insights and
 * 80004 for ads. https://developers.facebook.com/docs/graph-api/overview/rate-limiting
 */
const limitCodes = new Set([
  4, 17, 32, 613, 80_000, 80_001, 80_002, 80_003, 80_004, 80_005, 80_006, 80_008, 80_009, 80_014,
]);
/** 190: the token is expired, revoked or no token at all; 102: its session has ended. */
const tokenCodes = new Set([190, 102]);
/** "An unknown error", "service temporarily unavailable". */
const faultCodes = new Set([1, 2]);
const tooMuch = /reduce the amount of data/i;
/** 100 with subcode 33 and 803: no such object, or not for this token. */
const goneSubcode = 33;

/** A permission is missing: `ads_read`, or that of a page. */
function isPermission(code: number): boolean {
  return code === 3 || code === 10 || (code >= 200 && code <= 299);
}

/** Reads status and body of one answer of Graph, or of one within a batch. */
export function judgeAnswer(status: number, body: unknown, retryAfter: string | null): Attempt {
  const error = readError(body);
  if (error) return judgeError(error, retryAfter);
  const waitMilliseconds = readRetryAfter(retryAfter);
  if (status === 429) return { kind: 'again', why: 'rate-limited', reason: 'HTTP 429', waitMilliseconds };
  if (status >= 500) return { kind: 'again', why: 'unreachable', reason: `HTTP ${status}`, waitMilliseconds };
  if (status !== 200)
    return { kind: 'refused', reason: `HTTP ${status} without an error that Graph documents` };
  return { kind: 'answer', value: body };
}

function judgeError(error: GraphError, retryAfter: string | null): Attempt {
  const { code, subcode } = error;
  const reason = `error ${code}${subcode === undefined ? '' : `/${subcode}`}: ${error.message}`;
  if (tokenCodes.has(code)) return { kind: 'token-rejected', reason };
  if (limitCodes.has(code))
    return { kind: 'again', why: 'rate-limited', reason, waitMilliseconds: readRetryAfter(retryAfter) };
  if (tooMuch.test(error.message)) return { kind: 'too-much', reason };
  if (faultCodes.has(code) || error.transient)
    return { kind: 'again', why: 'unreachable', reason, waitMilliseconds: readRetryAfter(retryAfter) };
  if ((code === 100 && subcode === goneSubcode) || code === 803) return { kind: 'gone', reason };
  return { kind: isPermission(code) ? 'hidden' : 'refused', reason };
}

function readError(body: unknown): GraphError | undefined {
  if (!isRecord(body) || !isRecord(body.error)) return undefined;
  const { code, error_subcode: subcode, message, is_transient: transient } = body.error;
  return {
    code: typeof code === 'number' ? code : 0,
    subcode: typeof subcode === 'number' ? subcode : undefined,
    message: cleanMessage(typeof message === 'string' ? message : 'no message'),
    transient: transient === true,
  };
}

const maximumMessage = 200;

/** Meta's words, short, on one line, and without what could be a token: they are logged and shown. */
function cleanMessage(message: string): string {
  return message
    .toWellFormed()
    .replaceAll(/\p{C}+/gu, ' ')
    .replaceAll(/[A-Za-z0-9_|-]{40,}/g, '…')
    .slice(0, maximumMessage);
}

function readRetryAfter(header: string | null): number {
  return header !== null && /^\d{1,6}$/.test(header) ? Number(header) * 1000 : 0;
}
