import type { Access } from '../../../../core/credential/authenticator.ts';
import { findSource } from '../../../../core/workspace/workspace.ts';
import type { Services } from '../../../dialect.ts';
import { refuseParameter } from '../../errors.ts';
import { searchListEvents } from '../../query/search-list-events.ts';
import type { Fields } from '../fields.ts';
import { parseEventSearch } from './parse.ts';
import { presentEventSearch } from './present.ts';

/**
 * admin.events.search: the events of the key's workspace, which is the vendor's user. The vendor's administrator sees all users; here
 * a key belongs to one workspace and sees nothing of others.
 * @throws RequestError for a parameter that is not what it must be, and for a page that is too large
 */
export async function searchEvents(services: Services, { workspace }: Access, fields: Fields) {
  const { userId, listId, ...question } = parseEventSearch(fields);
  const list = listId === null ? null : findSource(workspace, 'octeth', 'list', String(listId));
  const present = presentEventSearch.bind(null, workspace);
  if (list === undefined || (userId !== null && userId !== workspace.id)) return present([], 0, false);
  const search = { ...question, dialect: 'octeth', sourceId: list?.id ?? null } as const;
  const found = await searchListEvents(services.database, workspace, search);
  if (found.kind === 'too-large')
    throw refuseParameter(
      2,
      'The properties of so many events are too large for one answer; ask for fewer (RecordsPerRequest) or for none of them (IncludeProperties=false).',
    );
  return present(found.events, found.total, question.withProperties);
}
