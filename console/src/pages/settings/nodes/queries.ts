import { queryOptions } from '@tanstack/react-query';
import { api, done, take } from '../../../api/client.ts';

export function nodesQuery(workspace: string) {
  return queryOptions({
    queryKey: ['nodes', workspace],
    queryFn: async () =>
      (await take(api.GET('/workspaces/{workspace}/nodes', { params: { path: { workspace } } }))).nodes,
  });
}

export type Node = Awaited<ReturnType<NonNullable<ReturnType<typeof nodesQuery>['queryFn']>>>[number];

export const policies = ['MERGE', 'BLOCK', 'NO_CHECK'] as const;

/** How an entry node of Contacthub finds its customers again. */
export interface Rule {
  readonly name: string;
  readonly uniquenessPolicy: (typeof policies)[number];
  readonly uniqueCustomer: { readonly properties: string[]; readonly caseSensitive: boolean };
  readonly mandatoryProperties: string[];
}

export function makeNode(workspace: string, rule: Rule) {
  return take(
    api.POST('/workspaces/{workspace}/contacthub/nodes', { params: { path: { workspace } }, body: rule }),
  );
}

export function changeNode(workspace: string, nodeId: string, rule: Rule) {
  return take(
    api.PATCH('/workspaces/{workspace}/contacthub/nodes/{nodeId}', {
      params: { path: { workspace, nodeId } },
      body: rule,
    }),
  );
}

export async function deleteNode(workspace: string, nodeId: string): Promise<void> {
  await done(
    api.DELETE('/workspaces/{workspace}/contacthub/nodes/{nodeId}', {
      params: { path: { workspace, nodeId } },
    }),
  );
}

export function emptyNode(workspace: string, nodeId: string, eventsOnly: boolean) {
  return take(
    api.POST('/workspaces/{workspace}/contacthub/nodes/{nodeId}/empty', {
      params: { path: { workspace, nodeId } },
      body: { eventsOnly },
    }),
  );
}

/** The rule of a node as its settings hold it; what is not set is as of a workspace's first one. */
export function ruleOf({ name, settings }: Node): Rule {
  const unique = memberOf(settings, 'uniqueCustomer');
  const policy = policies.find((one) => one === memberOf(settings, 'uniquenessPolicy'));
  const properties = textsOf(memberOf(unique, 'properties'));
  return {
    name,
    uniquenessPolicy: policy ?? 'MERGE',
    uniqueCustomer: {
      properties: properties.length > 0 ? properties : ['base.contacts.email'],
      caseSensitive: memberOf(unique, 'caseSensitive') === true,
    },
    mandatoryProperties: textsOf(memberOf(settings, 'mandatoryProperties')),
  };
}

function textsOf(value: unknown): string[] {
  return Array.isArray(value) ? value.filter((one) => typeof one === 'string') : [];
}

function memberOf(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? Reflect.get(value, name) : undefined;
}
