import { type DedupeKey, hashKey } from '../../../../core/dedupe/dedupe.ts';
import { hashDocument } from '../../../../core/dedupe/hash-document.ts';
import type { QuarantinedEvent } from '../../../../core/quarantine/quarantine.ts';
import { parseJson } from '../../../../http/body.ts';
import type { Submission } from '../../../../ingest/submission.ts';
import { type EventRequest, parseEvent } from '../parse.ts';
import { prepareEvent } from './prepare.ts';

/** What besides the body is kept of a trashed event. */
export interface TrashRequest {
  /** True: the client was told that the event is invalid; false: it was given the id. */
  readonly synchronous: boolean;
}

/** An event call as the engine takes it. */
export function toSubmission(
  event: EventRequest,
  rawBody: string,
  synchronous: boolean,
  receivedAt: number,
): Submission {
  const request: TrashRequest = { synchronous };
  return {
    dialect: 'webmarketer',
    receivedAt,
    dedupe: nonceKey(event, synchronous),
    carriesEvents: true,
    bytes: rawBody.length,
    size: 1,
    prepare: (workspace) => [prepareEvent(event, workspace, receivedAt)],
    raw: () => rawBody,
    request: { ...request },
  };
}

/**
 * B6: unique in the project for good. A nonce is spent by an accepted call; after a synchronous 400 only the same body is a repeat
 * (ruling 10).
 */
function nonceKey(event: EventRequest, synchronous: boolean): DedupeKey {
  const key = { scope: 'webmarketer-nonce', hash: hashKey(event.nonce), window: 'forever' } as const;
  return synchronous ? { ...key, retryHash: hashDocument(event) } : key;
}

/** A trashed event as it is submitted again. */
export function replayEvent(trashed: QuarantinedEvent): Submission {
  const rawBody = Buffer.from(trashed.raw).toString();
  const { synchronous = false } = trashed.request as Partial<TrashRequest>;
  return toSubmission(parseEvent(parseJson(rawBody)), rawBody, synchronous, trashed.receivedAt.getTime());
}
