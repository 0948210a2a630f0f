import { queryOptions } from '@tanstack/react-query';
import { api, take } from '../../../api/client.ts';
import type { Dialect } from '../../../api/dialects.ts';
import type { paths } from '../../../api/native.d.ts';

export function sourcesQuery(workspace: string) {
  return queryOptions({
    queryKey: ['sources', workspace],
    queryFn: async () =>
      (await take(api.GET('/workspaces/{workspace}/sources', { params: { path: { workspace } } }))).sources,
  });
}

export type Source = Awaited<ReturnType<NonNullable<ReturnType<typeof sourcesQuery>['queryFn']>>>[number];

/** An API whose events come in by sources. */
export type SourceDialect = Dialect & {
  readonly name: NewSource['dialect'];
  readonly source: NonNullable<Dialect['source']>;
};

export function hasSources(dialect: Dialect): dialect is SourceDialect {
  return dialect.source !== null;
}

export interface NewSource {
  readonly dialect: paths['/workspaces/{workspace}/sources']['post']['requestBody']['content']['application/json']['dialect'];
  readonly name: string;
  readonly externalId?: string;
  readonly settings?: Record<string, unknown>;
}

export function addSource(workspace: string, { dialect, name, externalId, settings }: NewSource) {
  const body = {
    dialect,
    name,
    ...(externalId === undefined ? {} : { externalId }),
    ...(settings === undefined ? {} : { settings }),
  };
  return take(api.POST('/workspaces/{workspace}/sources', { params: { path: { workspace } }, body }));
}

export function sourceQuery(workspace: string, sourceId: string) {
  return queryOptions({
    queryKey: ['source', workspace, sourceId],
    queryFn: () =>
      take(
        api.GET('/workspaces/{workspace}/sources/{sourceId}', { params: { path: { workspace, sourceId } } }),
      ),
  });
}

export interface SourceChange {
  readonly name?: string;
  readonly archived?: boolean;
}

export function changeSource(workspace: string, sourceId: string, { name, archived }: SourceChange) {
  const body = { ...(name === undefined ? {} : { name }), ...(archived === undefined ? {} : { archived }) };
  return take(
    api.PATCH('/workspaces/{workspace}/sources/{sourceId}', {
      params: { path: { workspace, sourceId } },
      body,
    }),
  );
}
