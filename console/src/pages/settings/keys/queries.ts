import { queryOptions } from '@tanstack/react-query';
import { api, done, take } from '../../../api/client.ts';
import type { Dialect } from '../../../api/dialects.ts';

/** Whose keys: a workspace's by its slug; null: administrators'. */
export type KeyScope = string | null;

function listKeys(scope: KeyScope, after: string | undefined) {
  const query = { limit: 200, ...(after === undefined ? {} : { after }) };
  return scope === null
    ? take(api.GET('/keys', { params: { query } }))
    : take(api.GET('/workspaces/{workspace}/keys', { params: { path: { workspace: scope }, query } }));
}

export type Key = Awaited<ReturnType<typeof listKeys>>['keys'][number];

/** How many pages are shown at most; older ones are found by the command line. */
const mostPages = 25;

/** All that opens something, the newest first. */
export function keysQuery(scope: KeyScope) {
  return queryOptions({
    queryKey: ['keys', scope],
    queryFn: async () => {
      const keys: Key[] = [];
      let after: string | undefined;
      for (let page = 0; page < mostPages; page++) {
        const found = await listKeys(scope, after);
        keys.push(...found.keys);
        if (found.next === null) break;
        after = found.next;
      }
      return keys;
    },
    refetchInterval: 30_000,
  });
}

export interface NewKey {
  readonly dialect: Dialect['name'] | 'native';
  readonly role: string;
  readonly name: string;
}

export function issueKey(scope: KeyScope, { name, ...key }: NewKey) {
  return scope === null
    ? take(api.POST('/keys', { body: { name } }))
    : take(
        api.POST('/workspaces/{workspace}/keys', {
          params: { path: { workspace: scope } },
          body: { name, ...key },
        }),
      );
}

export async function revokeKey(scope: KeyScope, keyId: string): Promise<void> {
  await done(
    scope === null
      ? api.DELETE('/keys/{keyId}', { params: { path: { keyId } } })
      : api.DELETE('/workspaces/{workspace}/keys/{keyId}', {
          params: { path: { workspace: scope, keyId } },
        }),
  );
}

/** `oldValidUntil`: ISO 8601; undefined: for a day. */
export function rotateKey(scope: KeyScope, keyId: string, oldValidUntil: string | undefined) {
  const body = oldValidUntil === undefined ? {} : { oldValidUntil };
  return scope === null
    ? take(api.POST('/keys/{keyId}/rotate', { params: { path: { keyId } }, body }))
    : take(
        api.POST('/workspaces/{workspace}/keys/{keyId}/rotate', {
          params: { path: { workspace: scope, keyId } },
          body,
        }),
      );
}
