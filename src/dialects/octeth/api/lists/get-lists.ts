import type { Access } from '../../../../core/credential/authenticator.ts';
import type { Source } from '../../../../core/source/source.ts';
import { findSource, type Workspace } from '../../../../core/workspace/workspace.ts';
import type { Services } from '../../../dialect.ts';
import { CommandError, listErrors } from '../../errors.ts';
import { readLastEventTimes, readPropertyNames } from '../../query/read-activity.ts';
import { type Fields, parseListId } from '../fields.ts';
import { descriptionOf, listsOf } from './list.ts';
import { type ListOrder, parseListsQuestion } from './parse.ts';
import { presentList } from './present.ts';

/**
 * List.Get. `origin`: where this server is reached, for the tracker's script.
 * @throws CommandError also for a list of another workspace
 */
export async function getList(services: Services, { workspace }: Access, fields: Fields, origin: string) {
  const listId = parseListId(fields.get('listid'));
  const list = listId === undefined ? undefined : findSource(workspace, 'octeth', 'list', listId);
  if (!list) throw new CommandError(listErrors.getList, [1]);
  const [shown] = await presentLists(services, workspace, [list], origin);
  return { Success: true, ErrorCode: 0, ErrorText: '', List: shown };
}

/** Lists.Get: a page, and how many there are in all. */
export async function getLists(services: Services, { workspace }: Access, fields: Fields, origin: string) {
  const { offset, limit, order, search, archived } = parseListsQuestion(fields);
  const found = listsOf(workspace).filter(
    (list) =>
      (archived === undefined || archived === (list.archivedAt !== null)) &&
      (search === '' || `${list.name}\n${descriptionOf(list)}`.toLowerCase().includes(search)),
  );
  const page = found.sort(compareBy(order)).slice(offset, offset + limit);
  const Lists = await presentLists(services, workspace, page, origin);
  return { Success: true, ErrorCode: 0, ErrorText: '', TotalListCount: found.length, Lists };
}

/** Lists that are equal in what is asked for stand by their numbers. */
function compareBy({ field, descending }: ListOrder): (a: Source, b: Source) => number {
  const keyOf = (list: Source): string | number => {
    if (field === 'name') return list.name.toLowerCase();
    if (field === 'createdon') return list.createdAt.getTime();
    if (field === 'archivedat') return list.archivedAt?.getTime() ?? 0;
    return Number(list.externalId);
  };
  return (a, b) => {
    const [first, second] = [keyOf(a), keyOf(b)];
    const byField = first < second ? -1 : first > second ? 1 : 0;
    return (descending ? -byField : byField) || Number(a.externalId) - Number(b.externalId);
  };
}

async function presentLists(
  { database }: Services,
  workspace: Workspace,
  lists: readonly Source[],
  origin: string,
) {
  const ids = lists.map((list) => list.id);
  const [times, names] = await Promise.all([
    readLastEventTimes(database, workspace.id, ids),
    readPropertyNames(database, workspace.id, ids),
  ]);
  return lists.map((list) =>
    presentList(workspace, list, origin, names.get(list.id) ?? [], times.get(list.id)),
  );
}
