import type { Landing } from '../core/campaign/landing.ts';
import { touchpointOfVisit } from '../core/campaign/touchpoint.ts';
import { hashKey } from '../core/dedupe/dedupe.ts';
import { defaultNode, type Workspace } from '../core/workspace/workspace.ts';
import type { Prepared } from './item.ts';
import type { Submission } from './submission.ts';

export interface Visit {
  readonly landing: Landing;
  /** Webmarketer's: the browser whose visit it is. Events under this id are the same visitor's. */
  readonly trackerId: string;
  /** Milliseconds since the epoch. */
  readonly at: number;
  /** True: a program's, by its user agent; marked, so that it can be told apart. */
  readonly isBot?: boolean;
  /** The sender's own id of the visit: a repeat stores nothing. */
  readonly messageId: string | null;
}

/** A visit without an event as the engine takes it: a touchpoint of the tracker's profile, which is made if it is new. */
export function visitSubmission(visit: Visit, rawBody: string, receivedAt: number): Submission {
  const { messageId } = visit;
  return {
    dialect: 'webmarketer',
    // One that names an integration which is archived, or unknown, is a visit all the same (core/campaign/touchpoint.ts).
    source: null,
    receivedAt,
    ...(messageId !== null && {
      dedupe: { scope: 'visit', hash: hashKey(messageId), window: 'forever' } as const,
    }),
    carriesEvents: false,
    bytes: rawBody.length,
    size: 1,
    prepare: (workspace) => [prepareVisit(workspace, visit)],
    raw: () => rawBody,
    request: {},
  };
}

/** A visit as an item: by itself, or behind the page view that tells of it. */
export function prepareVisit(
  workspace: Workspace,
  { landing, trackerId, at, isBot = false }: Omit<Visit, 'messageId'>,
): Prepared {
  const touchpoint = touchpointOfVisit(workspace, landing, at);
  return {
    kind: 'edit',
    nodeId: defaultNode(workspace, 'webmarketer').id,
    subject: { keys: [{ kind: 'tracker', value: trackerId }], contacts: [], anonymous: true, expects: 'any' },
    touchpoint: isBot ? { ...touchpoint, detail: { ...touchpoint.detail, bot: true } } : touchpoint,
  };
}
