import type { TObject } from 'typebox';
import type { DialectName } from '../../core/dialect-name.ts';
import { addSource } from '../../core/source/add-source.ts';
import { defaultNode, type Workspace } from '../../core/workspace/workspace.ts';
import { RequestError } from '../../errors.ts';
import { type Operation, operation } from '../../http/operation.ts';
import { requireAdministrator } from '../admission.ts';
import { inWorkspace } from '../guards.ts';
import { wrong } from '../refusals.ts';
import { errors, WorkspaceParameters } from '../schemas/common.ts';
import type { NativeDialect, NativeServices } from '../services.ts';
import { findFault } from '../validation.ts';
import { haveSources, nameKinds, type SourceDialect } from './dialects.ts';
import { presentSource } from './present.ts';
import { NewSourceReply, newSourceBody, SourcesReply } from './schemas.ts';

const path = '/workspaces/:workspace/sources';

/** By what events of a dialect come in. */
export function sourceOperations(dialects: readonly NativeDialect[]): readonly Operation<NativeServices>[] {
  return [list, add(haveSources(dialects))];
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

function add(dialects: readonly SourceDialect[]) {
  const named = dialects.filter(({ provision }) => provision.source.isName);
  return operation({
    method: 'POST',
    path,
    summary: 'Add a source',
    description: `A ${nameKinds(dialects)}. Some ids are names in all of the installation: to give one takes the administrator's key (${nameKinds(named)}).`,
    guard: inWorkspace,
    checks: { path: WorkspaceParameters, body: newSourceBody(dialects) },
    example: { dialect: 'octeth', name: 'Newsletter' },
    status: 201,
    replies: { 201: NewSourceReply, ...errors(403, 404, 409) },
    handle: async ({ services, access, body }) => {
      const { workspace } = access;
      const { name, externalId, node, settings } = body;
      const { provision, sourceSettings } = requireDialect(dialects, body.dialect);
      const { kind, form, isName } = provision.source;
      // The ids of others are the workspace's own.
      if (isName && externalId !== undefined) requireAdministrator(access, 'body/externalId');
      if (externalId !== undefined && !form.test(externalId))
        throw wrong(
          'body/externalId',
          `"${externalId}" is no id of a ${kind}: it is of the form ${form.source}.`,
        );
      refuseFault(sourceSettings, settings);
      const wanted = {
        name,
        nodeId: nodeOf(workspace, body.dialect, node),
        settings: settings ?? {},
        ...(externalId === undefined ? {} : { externalId }),
      };
      const added = await addSource(services, provision, workspace, wanted, new Date(services.clock()));
      if (!added)
        throw new RequestError('conflict', `There is a ${kind} of this id already.`, {
          path: 'body/externalId',
        });
      return { source: presentSource(workspace, added.source), secrets: added.secrets };
    },
  });
}

/** The schema has let no other in. */
function requireDialect(dialects: readonly SourceDialect[], name: DialectName): SourceDialect {
  const found = dialects.find(({ provision }) => provision.dialect === name);
  if (found) return found;
  throw wrong('body/dialect', `${name} has no sources.`);
}

function nodeOf(workspace: Workspace, dialect: DialectName, publicId: string | undefined): number {
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
