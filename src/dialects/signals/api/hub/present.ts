import type { Workspace } from '../../../../core/workspace/workspace.ts';
import { type ClientsQuestion, filterFields } from './parse.ts';

/**
 * The Hub's list of clients, in the shape of its Partner API: of what that tells of a client, the parts that are known here. All
 * clients of a workspace bear its name.
 */
export function presentClients(workspace: Workspace, ids: readonly string[], question: ClientsQuestion) {
  const { filters, sort, limit, offset } = question;
  const clients = ids
    .map((id) => presentClient(workspace, id))
    .filter((client) =>
      filterFields.every((field) => filters[field] === undefined || client[field] === filters[field]),
    )
    .sort((a, b) => {
      for (const { field, isDescending } of sort) {
        if (a[field] !== b[field]) return a[field] < b[field] === isDescending ? 1 : -1;
      }
      return 0;
    });
  const page = clients.slice(offset, offset + limit);
  return {
    count: page.length,
    filters,
    sort: sort.map(({ field, isDescending }) => `${isDescending ? '-' : ''}${field}`),
    limit,
    offset,
    total: clients.length,
    clients: page,
  };
}

function presentClient(workspace: Workspace, id: string) {
  return {
    id,
    name: workspace.name,
    status: 'active' as const,
    organisation: workspace.name,
    meta_info: { timezone: workspace.timezone },
    contact_info: {},
    created_at: `${workspace.createdAt.toISOString().slice(0, 19)}Z`,
  };
}
