import Type, { type Static } from 'typebox';
import type { Access } from '../../../../core/credential/authenticator.ts';
import type { Node } from '../../../../core/node/node.ts';
import { type Operation, operation } from '../../../../http/operation.ts';
import type { Services } from '../../../dialect.ts';
import { at, requireNode, requireReadNode } from '../../access.ts';
import { compileForm } from '../../documents/compile.ts';
import { notFound } from '../../errors.ts';
import { changeNodeRetention } from '../../retention/change-node-retention.ts';
import { nodePolicyOf, workspacePolicyOf } from '../../retention/due-rules.ts';
import { readRetentionStatus } from '../../retention/read-status.ts';
import { requireUnlimited } from '../../rights/seen-workspace.ts';
import { changeSettings } from '../../settings/change-settings.ts';
import { RetentionPolicy } from '../../settings/retention-policy.ts';
import { checkBody } from '../body.ts';
import { NodeParameters } from '../bulk-jobs/schemas.ts';
import { WorkspaceParameters } from '../schemas.ts';

const State = Type.Object({ enabled: Type.Boolean() }, { additionalProperties: false });
const NodePolicyBody = Type.Object(
  {
    enabled: Type.Optional(Type.Boolean()),
    events: Type.Optional(Type.Union([RetentionPolicy, Type.Null()])),
  },
  { additionalProperties: false },
);
const checkPolicy = compileForm(RetentionPolicy);
const checkState = compileForm(State);
const checkNodePolicy = compileForm(NodePolicyBody);

type NodePolicy = ReturnType<typeof nodePolicyOf>;

export const retentionOperations: readonly Operation<Services>[] = [
  operation({
    ...at('readRetentionStatus'),
    summary: 'Get what retention has to do and has done, by event type',
    checks: { path: WorkspaceParameters },
    handle: ({ services: { database, clock }, access: { workspace } }) => {
      // Its counts are of all nodes.
      requireUnlimited(workspace);
      return readRetentionStatus(database, workspace, clock());
    },
  }),
  operation({
    ...at('readRetentionPolicy'),
    summary: 'Get how long the workspace keeps events, by type',
    checks: { path: WorkspaceParameters },
    handle: ({ access: { workspace } }) => workspacePolicyOf(workspace),
  }),
  operation({
    ...at('replaceRetentionPolicy'),
    summary: 'Modify how long the workspace keeps events, by type',
    checks: { path: WorkspaceParameters },
    documents: { body: RetentionPolicy },
    example: { viewedPage: { months: 13 } },
    handle: async ({ services, access: { workspace }, body }) => {
      const retention = checkBody<RetentionPolicy>('policy', checkPolicy, body);
      const changed = await changeSettings(services, workspace, (own) => ({ ...own, retention }));
      return workspacePolicyOf(changed);
    },
  }),
  operation({
    ...at('readNodeRetentionPolicy'),
    summary: 'Get how long a node keeps events, by type',
    checks: { path: NodeParameters },
    handle: ({ access: { workspace }, path }) => nodePolicyOf(requireReadNode(workspace, path.nodeId)),
  }),
  operation({
    ...at('replaceNodeRetentionPolicy'),
    summary: 'Modify how long a node keeps events, by type',
    checks: { path: NodeParameters },
    documents: { body: NodePolicyBody },
    example: { enabled: true, events: { viewedPage: { months: 13 } } },
    handle: async ({ services, access, path, body }) => {
      const node = requireReadNode(access.workspace, path.nodeId);
      const { enabled, events } = checkBody<Static<typeof NodePolicyBody>>('policy', checkNodePolicy, body);
      return changeNode(services, access, node, (own) => ({
        enabled: enabled ?? own.enabled,
        events: events === undefined ? own.events : (events ?? {}),
      }));
    },
  }),
  operation({
    ...at('readEntryRetentionPolicy'),
    summary: 'Get how long an entry node keeps events, by type',
    checks: { path: NodeParameters },
    handle: ({ access: { workspace }, path }) => nodePolicyOf(requireNode(workspace, path.nodeId)).events,
  }),
  operation({
    ...at('replaceEntryRetentionPolicy'),
    summary: 'Modify how long an entry node keeps events, by type',
    checks: { path: NodeParameters },
    documents: { body: RetentionPolicy },
    example: { viewedPage: { months: 13 } },
    handle: async ({ services, access, path, body }) => {
      const node = requireNode(access.workspace, path.nodeId);
      const events = checkBody<RetentionPolicy>('policy', checkPolicy, body);
      return (await changeNode(services, access, node, (own) => ({ ...own, events }))).events;
    },
  }),
  operation({
    ...at('readEntryRetentionState'),
    summary: 'Get whether an entry node goes by its own policy',
    checks: { path: NodeParameters },
    handle: ({ access: { workspace }, path }) => stateOf(requireNode(workspace, path.nodeId)),
  }),
  operation({
    ...at('replaceEntryRetentionState'),
    summary: 'Modify whether an entry node goes by its own policy',
    checks: { path: NodeParameters },
    documents: { body: State },
    example: { enabled: true },
    handle: async ({ services, access, path, body }) => {
      const node = requireNode(access.workspace, path.nodeId);
      const { enabled } = checkBody<Static<typeof State>>('state', checkState, body);
      const changed = await changeNode(services, access, node, (own) => ({ ...own, enabled }));
      return { enabled: changed.enabled };
    },
  }),
];

function stateOf(node: Node) {
  return { enabled: nodePolicyOf(node).enabled };
}

async function changeNode(
  services: Services,
  { workspace }: Access,
  { id, publicId }: Node,
  edit: (policy: NodePolicy) => NodePolicy,
): Promise<NodePolicy> {
  const changed = await changeNodeRetention(services, workspace, id, edit, new Date(services.clock()));
  if (!changed) throw notFound('node', publicId);
  return nodePolicyOf(changed);
}
