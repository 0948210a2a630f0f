import type { TObject } from 'typebox';
import type { DialectName } from '../../core/dialect-name.ts';
import { addSource, type SourceProvision } from '../../core/source/add-source.ts';
import { changeSource } from '../../core/source/change-source.ts';
import { defaultNode, findSource, type Workspace } from '../../core/workspace/workspace.ts';
import { RequestError } from '../../errors.ts';
import { type Operation, operation } from '../../http/operation.ts';
import { countTaken } from '../../query/sources/count-taken.ts';
import { requireAdministrator } from '../admission.ts';
import { inWorkspace } from '../guards.ts';
import { noSuch, wrong } from '../refusals.ts';
import { errors, WorkspaceParameters } from '../schemas/common.ts';
import type { NativeDialect, NativeServices } from '../services.ts';
import { findFault } from '../validation.ts';
import { haveSources, nameKinds, type SourceDialect } from './dialects.ts';
import { presentSource } from './present.ts';
import {
  CountedSourceSchema,
  NewSourceReply,
  newSourceBody,
  SourceChangesBody,
  SourceParameters,
  SourceSchema,
  SourcesReply,
} from './schemas.ts';

const path = '/workspaces/:workspace/sources';

/** By what events of a dialect come in. */
export function sourceOperations(dialects: readonly NativeDialect[]): readonly Operation<NativeServices>[] {
  return [list, add(haveSources(dialects)), read(haveSources(dialects)), change(dialects)];
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
      if (!added) throw await refuseTaken(services, workspace, provision, externalId);
      return { source: presentSource(workspace, added.source), secrets: added.secrets };
    },
  });
}

function read(dialects: readonly SourceDialect[]) {
  return operation({
    method: 'GET',
    path: `${path}/:sourceId`,
    summary: 'A source, with how much has come in by it',
    guard: inWorkspace,
    checks: { path: SourceParameters },
    replies: { 200: CountedSourceSchema, ...errors(404) },
    handle: async ({ services, access, path: { sourceId } }) => {
      const workspace = await services.workspaces.reload(access.workspace.id);
      const source = workspace.sources.byPublicId(sourceId.toLowerCase());
      if (!source) throw noSuchSource();
      const kind = dialects.find(({ name }) => name === source.dialect)?.provision.source;
      const taken = kind && (await countTaken(services.database, workspace.id, source.id, kind.takes));
      return {
        ...presentSource(workspace, source),
        events: null,
        touchpoints: null,
        ...(kind && { [kind.takes]: taken }),
      };
    },
  });
}

function change(dialects: readonly NativeDialect[]) {
  return operation({
    method: 'PATCH',
    path: `${path}/:sourceId`,
    summary: 'Rename a source, archive it, or take it back; what is left out stays',
    description:
      'By one that is archived nothing comes in: each API refuses its events in the vendor’s form, and nothing of them is stored. What came in by it stays, under its name, and its keys and secrets are not revoked. The only list, number or integration in use of a workspace can’t be archived (409), nor one taken back whose name was removed from the workspace.',
    guard: inWorkspace,
    checks: { path: SourceParameters, body: SourceChangesBody },
    example: { archived: true },
    replies: { 200: SourceSchema, ...errors(404, 409) },
    handle: async ({ services, access: { workspace }, path: { sourceId }, body }) => {
      const now = new Date(services.clock());
      const changed = await changeSource(services, dialects, workspace.id, sourceId.toLowerCase(), body, now);
      if (changed.kind === 'unknown') throw noSuchSource();
      if (changed.kind === 'needed')
        throw new RequestError('conflict', `${changed.why}.`, { path: 'body/archived' });
      return presentSource(workspace, changed.source);
    },
  });
}

/** Why there is no second of this id. One whose id is a name may be archived here and another workspace's by now. */
async function refuseTaken(
  services: NativeServices,
  { id }: Workspace,
  { dialect, source: { kind, isName } }: SourceProvision,
  externalId = '',
): Promise<RequestError> {
  const other = findSource(await services.workspaces.reload(id), dialect, kind, externalId);
  const advice =
    other?.archivedAt && !isName
      ? `, which is archived: take it back by PATCH …/sources/${other.publicId} {"archived": false}`
      : '';
  return new RequestError('conflict', `There is a ${kind} of this id already${advice}.`, {
    path: 'body/externalId',
  });
}

function noSuchSource(): RequestError {
  return noSuch(
    'params/sourceId',
    'The workspace has no source of this id; GET …/sources lists those there are.',
  );
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
