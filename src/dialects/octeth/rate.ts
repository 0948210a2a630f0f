import type { FastifyRequest } from 'fastify';
import type { RateLimitState } from '../../core/rate-limit/rate-limiter.ts';
import type { Workspace } from '../../core/workspace/workspace.ts';
import { RequestError } from '../../errors.ts';
import type { Services } from '../dialect.ts';

/** What the visitors of a workspace's pages may send in a minute, unless it has set another number: 500 page views a second. */
const usualMessages = 30_000;
const usualMessageBytes = 64 * 1024 * 1024;

/**
 * Counts a call of a command, by its name in lower case, against the rate that the workspace has set for it, if any.
 * @throws RequestError `rate-limited`
 */
export async function takeCall(
  { rateLimiter }: Services,
  workspace: Workspace,
  command: string,
): Promise<void> {
  refuseOver(await rateLimiter.take(workspace, `octeth:${command}`));
}

/**
 * Counts a page's message of so many bytes against what visitors of the workspace may send. It is on unless the workspace has set
 * 0: its keyed calls pay for what comes without a key.
 * @throws RequestError `rate-limited`
 */
export async function takeVisitorMessage(
  { rateLimiter }: Services,
  workspace: Workspace,
  bytes: number,
): Promise<void> {
  refuseOver(await rateLimiter.take(workspace, 'octeth:hello.message', { usual: usualMessages }));
  const ofBytes = { amount: bytes, usual: usualMessageBytes };
  refuseOver(await rateLimiter.take(workspace, 'octeth:hello.message.bytes', ofBytes));
}

function refuseOver(state: RateLimitState | undefined): void {
  if (state && !state.allowed) throw tooMany(state.resetSeconds);
}

/**
 * Counts a page's message against its address, before its body is read.
 * @throws RequestError `rate-limited`
 */
export async function admitVisitor({ visitors }: Services, request: FastifyRequest): Promise<void> {
  const wait = await visitors.begin(request.ip);
  if (wait > 0) throw tooMany(wait);
}

/** In the vendor's form; the script keeps the message, and sends it again later. */
function tooMany(retryAfterSeconds: number): RequestError {
  return new RequestError('rate-limited', 'Too many requests.', { retryAfterSeconds });
}
