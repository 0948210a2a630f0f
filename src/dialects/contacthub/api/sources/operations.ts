import type { Workspace } from '../../../../core/workspace/workspace.ts';
import type { RequestError } from '../../../../errors.ts';
import { type Operation, operation } from '../../../../http/operation.ts';
import type { Services } from '../../../dialect.ts';
import { at } from '../../access.ts';
import { notFound } from '../../errors.ts';
import { requireUnlimited } from '../../rights/seen-workspace.ts';
import { changeSource, createSource, deleteSource, refreshToken } from '../../source/change-source.ts';
import { listHubSources, readHubSource } from '../../source/list-sources.ts';
import { invalidBody } from '../body.ts';
import { ListQuery, presentListPage } from '../list-page.ts';
import { payloadLimit, WorkspaceParameters } from '../schemas.ts';
import { parseNewSource, parseSourceEdit } from './parse.ts';
import { presentSource } from './present.ts';
import { SourceParameters, sourceSchema } from './schemas.ts';

/** Ours: each is part of a workspace's configuration. */
const maximumSources = 1000;

/** By what customers and events come in. */
export const sourceOperations: readonly Operation<Services>[] = [
  operation({
    ...at('listSources'),
    summary: 'List sources',
    checks: { path: WorkspaceParameters, query: ListQuery },
    handle: async ({ services, access: { workspace }, query }) => {
      const sources = await listHubSources(services.database, workspace, nowOf(services));
      return presentListPage(sources, query, (source) => presentSource(source, workspace));
    },
  }),
  operation({
    ...at('createSource'),
    summary: 'Create source',
    description: 'The token is in this answer and nowhere else.',
    checks: { path: WorkspaceParameters },
    documents: { body: sourceSchema },
    example: {
      provider: 'API',
      name: 'Checkout',
      nodes: ['0198c0de-0000-7000-8000-000000000001'],
      enabled: true,
    },
    bodyLimit: payloadLimit,
    handle: async ({ services, access: { workspace }, body }) => {
      requireUnlimited(workspace);
      const wanted = parseNewSource(body, workspace);
      const { length } = await listHubSources(services.database, workspace, nowOf(services));
      if (length >= maximumSources)
        throw invalidBody('source', [{ path: '', message: `there are ${maximumSources} already` }]);
      const { source, token } = await createSource(services, workspace, wanted, nowOf(services));
      return presentSource(source, workspace, token);
    },
  }),
  operation({
    ...at('readSource'),
    summary: 'Get source',
    checks: { path: SourceParameters },
    handle: async ({ services, access: { workspace }, path }) => {
      const id = path.sourceId.toLowerCase();
      const source = await readHubSource(services.database, workspace, id, nowOf(services));
      if (!source) throw sourceNotFound(path.sourceId);
      return presentSource(source, workspace);
    },
  }),
  operation({
    ...at('replaceSource'),
    summary: 'Modify source',
    checks: { path: SourceParameters },
    documents: { body: sourceSchema },
    example: {
      provider: 'API',
      name: 'Checkout',
      nodes: ['0198c0de-0000-7000-8000-000000000001'],
      enabled: true,
    },
    bodyLimit: payloadLimit,
    handle: async ({ services, access: { workspace }, path, body }) => {
      requireUnlimited(workspace);
      const id = await requireId(services, workspace, path.sourceId);
      const edit = parseSourceEdit(body, workspace, id);
      const source = await changeSource(services, workspace, id, edit, nowOf(services));
      if (!source) throw sourceNotFound(path.sourceId);
      return presentSource(source, workspace);
    },
  }),
  operation({
    ...at('deleteSource'),
    summary: 'Delete source',
    checks: { path: SourceParameters },
    handle: async ({ services, access: { workspace }, path }) => {
      requireUnlimited(workspace);
      const id = path.sourceId.toLowerCase();
      if (!(await deleteSource(services, workspace, id, nowOf(services))))
        throw sourceNotFound(path.sourceId);
      return {};
    },
  }),
  operation({
    ...at('refreshSourceToken'),
    summary: 'Refresh source token',
    description: 'The token before ends at once; the new one is in this answer and nowhere else.',
    checks: { path: SourceParameters },
    handle: async ({ services, access: { workspace }, path }) => {
      requireUnlimited(workspace);
      const id = path.sourceId.toLowerCase();
      const refreshed = await refreshToken(services, workspace, id, nowOf(services));
      if (!refreshed) throw sourceNotFound(path.sourceId);
      return presentSource(refreshed.source, workspace, refreshed.token);
    },
  }),
];

function nowOf({ clock }: Services): Date {
  return new Date(clock());
}

/** The id in the path, before the body is looked at. @throws RequestError `not-found` */
async function requireId(services: Services, workspace: Workspace, sourceId: string): Promise<string> {
  const id = sourceId.toLowerCase();
  if (await readHubSource(services.database, workspace, id, nowOf(services))) return id;
  throw sourceNotFound(sourceId);
}

function sourceNotFound(id: string): RequestError {
  return notFound('source', id);
}
