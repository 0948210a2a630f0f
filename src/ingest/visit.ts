import type { Landing } from '../core/campaign/landing.ts';
import { touchpointOfVisit } from '../core/campaign/touchpoint.ts';
import { hashKey } from '../core/dedupe/dedupe.ts';
import { defaultNode } from '../core/workspace/workspace.ts';
import type { Submission } from './submission.ts';

export interface Visit {
  readonly landing: Landing;
  /** Webmarketer's: the browser whose visit it is. Events under this id are the same visitor's. */
  readonly trackerId: string;
  /** Milliseconds since the epoch. */
  readonly at: number;
  /** The sender's own id of the visit: a repeat stores nothing. */
  readonly messageId: string | null;
}

/** A visit without an event as the engine takes it: a touchpoint of the tracker's profile, which is made if it is new. */
export function visitSubmission(visit: Visit, rawBody: string, receivedAt: number): Submission {
  const { landing, trackerId, at, messageId } = visit;
  return {
    dialect: 'webmarketer',
    receivedAt,
    ...(messageId !== null && {
      dedupe: { scope: 'visit', hash: hashKey(messageId), window: 'forever' } as const,
    }),
    carriesEvents: false,
    bytes: rawBody.length,
    size: 1,
    prepare: (workspace) => [
      {
        kind: 'command',
        nodeId: defaultNode(workspace, 'webmarketer').id,
        facets: [
          { keys: [{ kind: 'tracker', value: trackerId }], contacts: [], anonymous: true, create: true },
        ],
        touchpoint: touchpointOfVisit(workspace, landing, at),
      },
    ],
    raw: () => rawBody,
    request: {},
  };
}
