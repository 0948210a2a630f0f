import type { FastifyInstance } from 'fastify';
import Type from 'typebox';
import { type Operation, operation, registerOperations } from '../../../http/operation.ts';
import { publicAddressOf } from '../../../http/public-address.ts';
import { inWorkspace } from '../../../native/guards.ts';
import { errors, WorkspaceParameters } from '../../../native/schemas/common.ts';
import type { NativeServices } from '../../../native/services.ts';
import { compileNative } from '../../../native/validation.ts';
import { listsOf } from '../api/lists/list.ts';
import { trackerAddress, trackerIdsOf, trackerVersion } from '../tracker/tracker-script.ts';

const TrackerReply = Type.Object({
  script: Type.String({ description: 'Its address, for src.' }),
  version: Type.String(),
  lists: Type.Array(
    Type.Object({
      name: Type.String(),
      listId: Type.String({ description: 'Its number in the vendor’s API.' }),
      list: Type.String({ format: 'uuid', description: 'For data-list.' }),
      user: Type.String({ format: 'uuid', description: 'For data-user.' }),
    }),
    { description: 'Those that events can be tracked for.' },
  ),
});

/** What a page is tracked by (docs/browser-tracker.md). */
export function registerTracker(scope: FastifyInstance, services: NativeServices): void {
  registerOperations(scope, services, operations, { tag: 'Native: Octeth', compile: compileNative });
}

const operations: readonly Operation<NativeServices>[] = [
  operation({
    method: 'GET',
    path: '/workspaces/:workspace/octeth/tracker',
    summary: 'The browser tracker: its script, and what each list is called on a page',
    guard: inWorkspace,
    checks: { path: WorkspaceParameters },
    replies: { 200: TrackerReply, ...errors(404) },
    handle: ({ access: { workspace }, request }) => ({
      script: trackerAddress(publicAddressOf(request)),
      version: trackerVersion,
      lists: listsOf(workspace)
        .filter(({ archivedAt }) => archivedAt === null)
        .map((list) => ({
          name: list.name,
          listId: list.externalId,
          ...trackerIdsOf(workspace, list),
        })),
    }),
  }),
];
