import Type from 'typebox';
import { type Operation, operation } from '../../../http/operation.ts';
import { inWorkspace } from '../../../native/guards.ts';
import { wrong } from '../../../native/refusals.ts';
import { errors, WorkspaceParameters } from '../../../native/schemas/common.ts';
import type { NativeServices } from '../../../native/services.ts';
import { findReadNode } from '../access.ts';
import { changeSettings } from '../settings/change-settings.ts';
import { SendSources } from '../settings/send-sources.ts';
import { readHubSettings } from '../settings.ts';

const path = '/workspaces/:workspace/contacthub/send-sources';

const SendSourcesBody = Type.Object({ sendSources: SendSources }, { additionalProperties: false });

/** What the vendor's wire shows of databases of Contactsend's, and has no operation to set. */
export const sendSourceOperations: readonly Operation<NativeServices>[] = [
  operation({
    method: 'GET',
    path,
    summary: 'Which databases of Contactsend are fed from which nodes',
    guard: inWorkspace,
    checks: { path: WorkspaceParameters },
    replies: { 200: SendSourcesBody, ...errors(404) },
    handle: ({ access: { workspace } }) => {
      const { sendSources = [] } = readHubSettings(workspace.settings.dialects.contacthub);
      return { sendSources };
    },
  }),
  operation({
    method: 'PUT',
    path,
    summary: 'Say which databases of Contactsend are fed from which nodes',
    guard: inWorkspace,
    checks: { path: WorkspaceParameters, body: SendSourcesBody },
    example: {
      sendSources: [{ nodeId: '0198c0de-0000-7000-8000-000000000001', groupPk: 1, userdbId: 'shop' }],
    },
    replies: { 200: SendSourcesBody, ...errors(404) },
    handle: async ({ services, access: { workspace }, body: { sendSources: wanted } }) => {
      const sendSources = wanted.map((source, index) => {
        const node = findReadNode(workspace, source.nodeId);
        if (!node)
          throw wrong(
            `body/sendSources/${index}/nodeId`,
            'Contacthub has no node of this id here; GET …/nodes lists those there are.',
          );
        return { ...source, nodeId: node.publicId };
      });
      await changeSettings(services, workspace, (settings) => ({ ...settings, sendSources }));
      return { sendSources };
    },
  }),
];
