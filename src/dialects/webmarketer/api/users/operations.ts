import { fromObjectId } from '../../../../core/id.ts';
import { defaultNode } from '../../../../core/workspace/workspace.ts';
import { RequestError } from '../../../../errors.ts';
import { type Operation, operation } from '../../../../http/operation.ts';
import type { Services } from '../../../dialect.ts';
import { inProject } from '../../access.ts';
import { fieldsOf } from '../../field/field.ts';
import { readCreatedFields } from '../../field/field-store.ts';
import { searchUsers } from '../../query/search-users.ts';
import { readUserEvents } from '../../query/user-events.ts';
import { planFilters } from '../../query/user-search.ts';
import { presentEvent } from '../events/present.ts';
import { parsePage } from '../parse.ts';
import { presentPage } from '../present.ts';
import { ProjectParameters } from '../schemas.ts';
import { parseUserSearch } from './parse.ts';
import { presentUser } from './present.ts';
import { UserEventsQuery, UserEventsReply, UserParameters, UserSearchBody, UsersReply } from './schemas.ts';

const path = '/api/v1/projects/:projectId/users';

/** docs/spec/webmarketer.md A1 and A2. */
export const userOperations: readonly Operation<Services>[] = [
  operation({
    method: 'POST',
    path: `${path}/search`,
    summary: 'Search users',
    guard: inProject,
    checks: { path: ProjectParameters },
    documents: { body: UserSearchBody },
    example: { offset: 0, limit: 20, fields: ['email'] },
    replies: { 200: UsersReply },
    handle: async ({ services, access: { workspace }, path: { projectId }, body }) => {
      const { fields: wanted, ...asked } = parseUserSearch(body);
      const created =
        asked.filters.length > 0 ? await readCreatedFields(services.database, workspace.id) : [];
      const planned = planFilters(asked.filters, fieldsOf(workspace, 'webmarketer', created), {
        phoneCountries: workspace.settings.phoneCountries,
        currency: workspace.currency,
        receivedAt: new Date(services.clock()),
      });
      const nodeId = defaultNode(workspace, 'webmarketer').id;
      const question = { ...asked, ...planned };
      const found = await searchUsers(services.database, workspace.id, nodeId, question);
      return presentPage(
        found.users.map((user) => presentUser(projectId, user, wanted)),
        found.total,
        asked,
      );
    },
  }),
  operation({
    method: 'GET',
    path: `${path}/:userId/events`,
    summary: 'List the events of a user',
    guard: inProject,
    checks: { path: UserParameters, query: UserEventsQuery },
    replies: { 200: UserEventsReply },
    handle: async ({ services, access, path: { projectId, userId }, query }) => {
      const page = parsePage(query);
      const profileId = fromObjectId(userId);
      const found =
        profileId && (await readUserEvents(services, access.workspace, 'webmarketer', profileId, page));
      if (!found) throw new RequestError('not-found', 'User not found');
      return presentPage(
        found.events.map((event) => presentEvent(projectId, event)),
        found.total,
        page,
      );
    },
  }),
];
