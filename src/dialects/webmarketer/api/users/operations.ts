import type { FastifyInstance, FastifyRequest } from 'fastify';
import { fromObjectId } from '../../../../core/id.ts';
import { defaultNode } from '../../../../core/workspace/workspace.ts';
import { RequestError } from '../../../../errors.ts';
import type { Services } from '../../../dialect.ts';
import { projectOf } from '../../access.ts';
import { fieldsOf } from '../../field/field.ts';
import { readCreatedFields } from '../../field/field-store.ts';
import { searchUsers } from '../../query/search-users.ts';
import { readUserEvents } from '../../query/user-events.ts';
import { planFilters } from '../../query/user-search.ts';
import { type Page, parsePage } from '../parse.ts';
import { presentEvent, presentPage } from '../present.ts';
import { registerProjectRoute } from '../project-route.ts';
import { ProjectParameters } from '../schemas.ts';
import { parseUserSearch } from './parse.ts';
import { presentUser } from './present.ts';
import { UserEventsQuery, UserEventsReply, UserParameters, UserSearchBody, UsersReply } from './schemas.ts';

const path = '/api/v1/projects/:projectId/users';

/** docs/spec/webmarketer.md A1 and A2. */
export function registerUserRoutes(app: FastifyInstance, services: Services): void {
  registerProjectRoute(app, services, {
    method: 'POST',
    url: `${path}/search`,
    summary: 'Search users',
    params: ProjectParameters,
    body: UserSearchBody,
    reply: UsersReply,
    handle: search,
  });
  registerProjectRoute(app, services, {
    method: 'GET',
    url: `${path}/:userId/events`,
    summary: 'List the events of a user',
    params: UserParameters,
    querystring: UserEventsQuery,
    reply: UserEventsReply,
    handle: listEvents,
  });
}

async function search(services: Services, request: FastifyRequest) {
  const { projectId, access } = projectOf(request);
  const { fields: wanted, ...asked } = parseUserSearch(request.body);
  const { workspace } = access;
  const created = asked.filters.length > 0 ? await readCreatedFields(services.database, workspace.id) : [];
  const planned = planFilters(asked.filters, fieldsOf(workspace, 'webmarketer', created), {
    phoneCountries: workspace.settings.phoneCountries,
    currency: workspace.currency,
    receivedAt: new Date(services.clock()),
  });
  const nodeId = defaultNode(workspace, 'webmarketer').id;
  const found = await searchUsers(services.database, workspace.id, nodeId, {
    ...asked,
    ...planned,
  });
  return presentPage(
    found.users.map((user) => presentUser(projectId, user, wanted)),
    found.total,
    asked,
  );
}

async function listEvents(services: Services, request: FastifyRequest) {
  const { projectId, access } = projectOf(request);
  const page = parsePage(request.query as Partial<Page>);
  const profileId = fromObjectId((request.params as { userId: string }).userId);
  const found =
    profileId && (await readUserEvents(services, access.workspace, 'webmarketer', profileId, page));
  if (!found) throw new RequestError('not-found', 'User not found');
  return presentPage(
    found.events.map((event) => presentEvent(projectId, event)),
    found.total,
    page,
  );
}
