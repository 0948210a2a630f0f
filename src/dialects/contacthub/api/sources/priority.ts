import Type, { type Static } from 'typebox';
import { type Operation, operation } from '../../../../http/operation.ts';
import type { Services } from '../../../dialect.ts';
import { at } from '../../access.ts';
import { compileForm } from '../../documents/compile.ts';
import { SourceOrder } from '../../node/node-changes.ts';
import { commonOrderOf, orderSources } from '../../node/order-sources.ts';
import { requireUnlimited } from '../../rights/seen-workspace.ts';
import { checkBody } from '../body.ts';
import { payloadLimit, WorkspaceParameters } from '../schemas.ts';

const PriorityBody = Type.Object({ priority: SourceOrder }, { additionalProperties: false });
type PriorityBody = Static<typeof PriorityBody>;

const check = compileForm(PriorityBody);

/** Version 1.51 had one order of all sources; each entry node has its own since (docs/spec/contacthub.md A). */
export const sourcePriorityOperations: readonly Operation<Services>[] = [
  operation({
    ...at('readSourcePriority'),
    summary: 'Get the order of sources that all entry nodes have',
    checks: { path: WorkspaceParameters },
    handle: ({ access: { workspace } }) => ({ priority: commonOrderOf(workspace) }),
  }),
  operation({
    ...at('replaceSourcePriority'),
    summary: 'Give each entry node an order of sources',
    checks: { path: WorkspaceParameters },
    documents: { body: PriorityBody },
    example: { priority: ['0198c0de-0000-7000-8000-000000000001'] },
    bodyLimit: payloadLimit,
    handle: async ({ services, access: { workspace }, body }) => {
      requireUnlimited(workspace);
      const { priority } = checkBody<PriorityBody>('priority', check, body);
      await orderSources(services, workspace.id, priority, new Date(services.clock()));
      void services.jobs.look();
      return { priority };
    },
  }),
];
