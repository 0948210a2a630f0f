import type { TObject } from 'typebox';
import { addSource, type SourceDialect, sourceKinds } from '../../core/source/add-source.ts';
import { defaultNode, type Workspace } from '../../core/workspace/workspace.ts';
import { RequestError } from '../../errors.ts';
import { type Operation, operation } from '../../http/operation.ts';
import { requireAdministrator } from '../admission.ts';
import { inWorkspace } from '../guards.ts';
import { wrong } from '../refusals.ts';
import { errors, WorkspaceParameters } from '../schemas/common.ts';
import type { NativeServices } from '../services.ts';
import { findFault } from '../validation.ts';
import type { DialectForms } from '../workspaces/settings.ts';
import { presentSource } from './present.ts';
import { NewSourceBody, NewSourceReply, SourcesReply } from './schemas.ts';

const path = '/workspaces/:workspace/sources';

/** Lists, WhatsApp numbers and integrations. */
export function sourceOperations(dialects: readonly DialectForms[]): readonly Operation<NativeServices>[] {
  return [list, add(dialects)];
}

const list = operation({
  method: 'GET',
  path,
  summary: 'List sources',
  guard: inWorkspace,
  checks: { path: WorkspaceParameters },
  replies: { 200: SourcesReply, ...errors(404) },
  handle: ({ access: { workspace } }) => ({
    sources: [...workspace.sources.values()].map((source) => presentSource(workspace, source)),
  }),
});

function add(dialects: readonly DialectForms[]) {
  return operation({
    method: 'POST',
    path,
    summary: 'Add a list, a WhatsApp number or an integration',
    description:
      "The id of a WhatsApp number is a name in all of the installation: to give one takes the administrator's key.",
    guard: inWorkspace,
    checks: { path: WorkspaceParameters, body: NewSourceBody },
    status: 201,
    replies: { 201: NewSourceReply, ...errors(403, 404, 409) },
    handle: async ({ services, access, body }) => {
      const { workspace } = access;
      const { dialect, name, externalId, node, settings } = body;
      // The id of a WhatsApp number is a name in all of the installation; those of lists and integrations are the workspace's own.
      if (dialect === 'signals' && externalId !== undefined) requireAdministrator(access, 'body/externalId');
      if (externalId !== undefined && !sourceKinds[dialect].externalId.test(externalId))
        throw wrong(
          'body/externalId',
          `"${externalId}" is no id of a ${sourceKinds[dialect].kind}: it is of the form ${sourceKinds[dialect].externalId.source}.`,
        );
      refuseFault(dialects.find((one) => one.name === dialect)?.sourceSettings, settings);
      const wanted = {
        dialect,
        name,
        nodeId: nodeOf(workspace, dialect, node),
        settings: settings ?? {},
        ...(externalId === undefined ? {} : { externalId }),
      };
      const added = await addSource(services, workspace, wanted, new Date(services.clock()));
      if (!added)
        throw new RequestError('conflict', `There is a ${sourceKinds[dialect].kind} of this id already.`, {
          path: 'body/externalId',
        });
      return { source: presentSource(workspace, added.source), secrets: added.secrets };
    },
  });
}

function nodeOf(workspace: Workspace, dialect: SourceDialect, publicId: string | undefined): number {
  if (publicId === undefined) return defaultNode(workspace, dialect).id;
  for (const node of workspace.nodes.values())
    if (node.publicId === publicId && node.dialect === dialect) return node.id;
  throw wrong('body/node', `${dialect} has no node of this id here; GET …/nodes lists those there are.`);
}

/** Of each dialect's sources the settings have another form. */
function refuseFault(form: TObject | undefined, settings: Record<string, unknown> | undefined): void {
  const fault = form && settings && findFault(form, settings, 'body/settings');
  if (fault) throw wrong(fault.path, fault.message);
}
