import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { Source } from '../../../../core/source/source.ts';
import type { Workspace } from '../../../../core/workspace/workspace.ts';
import { RequestError } from '../../../../errors.ts';
import { accessOf } from '../../../../http/access.ts';
import type { Services } from '../../../dialect.ts';
import { type ClientAppPath, requireApp, requireKey, requireTrackedApp } from '../../access.ts';
import { resolveNumberedValue } from '../../conversation/query/numbered-value.ts';
import { readEventGroup } from '../../conversion/event-group-store.ts';
import { createEventGroup, updateEventGroup } from '../../conversion/manage-event-groups.ts';
import { type GroupQuestion, listEventGroups, viewEventGroup } from '../../conversion/query/event-groups.ts';
import { notFound } from '../../errors.ts';
import { readAppSettings } from '../../settings.ts';
import { clientAppPrefix } from '../app-routes.ts';
import { isTypeId } from '../parameters.ts';
import { success } from '../present.ts';
import { startRecount } from '../recount.ts';
import { ClientAppParameters, SuccessReply } from '../schemas.ts';
import { parseGroupChange, parseGroupQuestion, parseNewGroup } from './parse.ts';
import { presentGroup } from './present.ts';
import {
  GroupChangeBody,
  GroupParameters,
  GroupReply,
  GroupsQuery,
  GroupsReply,
  NewGroupBody,
} from './schemas.ts';

const path = `${clientAppPrefix}/event_groups`;

/** Groups are the client's, whichever of its apps they are asked through (docs/spec/signals.md ruling 2, A4). */
export function registerEventGroupRoutes(app: FastifyInstance, services: Services): void {
  const onRequest = (request: FastifyRequest) => requireKey(services, request);
  const tags = ['Signals'];
  app.get(path, {
    schema: {
      tags,
      summary: 'Get event groups',
      params: ClientAppParameters,
      querystring: GroupsQuery,
      response: { 200: GroupsReply },
    },
    onRequest,
    handler: (request) => listGroups(services, request),
  });
  app.post(path, {
    schema: {
      tags,
      summary: 'Create an event group',
      description:
        'For all numbers of the client. Where there is an active one like it, that one is answered, with 200.',
      params: ClientAppParameters,
      body: NewGroupBody,
      response: { 200: GroupReply, 201: GroupReply },
    },
    onRequest,
    handler: async (request, reply) => {
      const { group, isNew } = await createGroup(services, request);
      return reply.code(isNew ? 201 : 200).send(group);
    },
  });
  app.get(`${path}/:groupId`, {
    schema: { tags, summary: 'Get an event group', params: GroupParameters, response: { 200: GroupReply } },
    onRequest,
    handler: async (request) => {
      const { workspace, app: asked } = viewOf(request);
      return showGroup(services, workspace, asked, groupIdOf(request));
    },
  });
  app.patch(`${path}/:groupId`, {
    schema: {
      tags,
      summary: 'Archive an event group, bring it back, or change its text',
      params: GroupParameters,
      body: GroupChangeBody,
      response: { 200: SuccessReply },
    },
    onRequest,
    handler: async (request) => {
      await changeGroup(services, request);
      return success;
    },
  });
}

function viewOf(request: FastifyRequest): { workspace: Workspace; app: Source } {
  const { workspace } = accessOf(request);
  return { workspace, app: requireApp(workspace, request.params as ClientAppPath) };
}

/** @throws RequestError `not-found` for what is no id of a group */
function groupIdOf(request: FastifyRequest): string {
  const { groupId } = request.params as { groupId: string };
  if (!isTypeId(groupId)) throw noSuchGroup(groupId);
  return groupId.toLowerCase();
}

async function listGroups(services: Services, request: FastifyRequest): Promise<object> {
  const { workspace, app } = viewOf(request);
  const question = await questionOf(services, workspace, app, request);
  const apps = [app, ...appsOfClient(workspace, app).filter((one) => one.id !== app.id)];
  const { views, total } = await listEventGroups(services.database, workspace, apps, question);
  const { offset, limit } = question;
  return { data: views.map(presentGroup), total_count: total, offset, limit };
}

/** Ruling 13: `keyword#1` is the first of the keywords that the app has met. */
async function questionOf(
  { database }: Services,
  workspace: Workspace,
  app: Source,
  request: FastifyRequest,
): Promise<GroupQuestion> {
  const question = parseGroupQuestion(request.query as Record<string, unknown>);
  const { types, value } = question;
  const type = types?.length === 1 ? types[0] : undefined;
  if (type === undefined || value === null) return question;
  return { ...question, value: await resolveNumberedValue(database, workspace.id, app, type, value) };
}

async function createGroup(services: Services, request: FastifyRequest) {
  const { workspace } = accessOf(request);
  const app = requireTrackedApp(workspace, request.params as ClientAppPath);
  const created = await createEventGroup(services, workspace.id, parseNewGroup(request.body));
  if (created === 'too-many') throw tooMany();
  if (created.isNew) await startRecount(services, workspace.id);
  // The configuration with the group: which ads its campaign has is part of it.
  const changed = await services.workspaces.get(workspace.id);
  return { group: await showGroup(services, changed, app, created.group.id), isNew: created.isNew };
}

async function showGroup(services: Services, workspace: Workspace, app: Source, id: string) {
  const group = await readEventGroup(services.database, workspace.id, id);
  if (!group) throw noSuchGroup(id);
  return presentGroup(await viewEventGroup(services.database, workspace, app, group));
}

/** What is set up anew takes an app that is tracked; putting a group away doesn't. */
async function changeGroup(services: Services, request: FastifyRequest): Promise<void> {
  const { workspace } = viewOf(request);
  const id = groupIdOf(request);
  const group = await readEventGroup(services.database, workspace.id, id);
  if (!group) throw noSuchGroup(id);
  const change = parseGroupChange(request.body, group);
  if (change.status !== 'archived' || change.typeValue !== undefined)
    requireTrackedApp(workspace, request.params as ClientAppPath);
  const outcome = await updateEventGroup(services, workspace.id, group.id, change);
  if (outcome === 'no-such-group') throw noSuchGroup(id);
  if (outcome === 'too-many') throw tooMany();
  if (outcome === 'exists')
    throw new RequestError('conflict', 'There is an active event group of this type and text already');
  if (outcome.isModified) await startRecount(services, workspace.id);
}

function appsOfClient(workspace: Workspace, { settings }: Source): Source[] {
  const { clientId } = readAppSettings(settings);
  return [...workspace.sources.values()].filter(
    (source) =>
      source.dialect === 'signals' &&
      source.kind === 'app' &&
      source.archivedAt === null &&
      readAppSettings(source.settings).clientId === clientId,
  );
}

function noSuchGroup(id: string): RequestError {
  return notFound('event group', id, 'GET …/event_groups lists them; an id has 24 hex digits');
}

function tooMany(): RequestError {
  return new RequestError('conflict', 'There are too many event groups: archive some first');
}
