import type { Static } from 'typebox';
import type { Source } from '../../../../core/source/source.ts';
import type { Workspace } from '../../../../core/workspace/workspace.ts';
import { RequestError } from '../../../../errors.ts';
import { type Operation, operation } from '../../../../http/operation.ts';
import type { Services } from '../../../dialect.ts';
import { anyKey, inClientApp, requireApp, requireTrackedApp } from '../../access.ts';
import { resolveNumberedValue } from '../../conversation/query/numbered-value.ts';
import { readEventGroup } from '../../conversion/event-group-store.ts';
import { createEventGroup, updateEventGroup } from '../../conversion/manage-event-groups.ts';
import { type GroupQuestion, listEventGroups, viewEventGroup } from '../../conversion/query/event-groups.ts';
import { notFound } from '../../errors.ts';
import { readAppSettings } from '../../settings.ts';
import { isTypeId } from '../parameters.ts';
import { clientApp } from '../paths.ts';
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

const path = `${clientApp}/event_groups`;

/** Groups are the client's, whichever of its apps they are asked through (docs/spec/signals.md ruling 2, A4). */
export const eventGroupOperations: readonly Operation<Services>[] = [
  operation({
    method: 'GET',
    path,
    summary: 'Get event groups',
    guard: inClientApp,
    checks: { path: ClientAppParameters },
    documents: { query: GroupsQuery },
    replies: { 200: GroupsReply },
    handle: ({ services, access: { workspace, app }, query }) => listGroups(services, workspace, app, query),
  }),
  operation({
    method: 'POST',
    path,
    summary: 'Create an event group',
    description:
      'For all numbers of the client. Where there is an active one like it, that one is answered, with 200.',
    guard: anyKey,
    checks: { path: ClientAppParameters },
    documents: { body: NewGroupBody },
    example: { type: 'keyword', type_value: 'order' },
    replies: { 200: GroupReply, 201: GroupReply },
    handle: async ({ services, access: { workspace }, path, body, reply }) => {
      const app = requireTrackedApp(workspace, path);
      const created = await createEventGroup(services, workspace.id, parseNewGroup(body));
      if (created === 'too-many') throw tooMany();
      if (created.isNew) await startRecount(services, workspace.id);
      // The configuration with the group: which ads its campaign has is part of it.
      const changed = await services.workspaces.get(workspace.id);
      const group = await showGroup(services, changed, app, created.group.id);
      reply.code(created.isNew ? 201 : 200);
      return group;
    },
  }),
  operation({
    method: 'GET',
    path: `${path}/:groupId`,
    summary: 'Get an event group',
    guard: inClientApp,
    checks: { path: GroupParameters },
    replies: { 200: GroupReply },
    handle: ({ services, access: { workspace, app }, path: { groupId } }) =>
      showGroup(services, workspace, app, parseGroupId(groupId)),
  }),
  operation({
    method: 'PATCH',
    path: `${path}/:groupId`,
    summary: 'Archive an event group, bring it back, or change its text',
    guard: anyKey,
    checks: { path: GroupParameters },
    documents: { body: GroupChangeBody },
    example: { status: 'archived' },
    replies: { 200: SuccessReply },
    handle: async ({ services, access: { workspace }, path, body }) => {
      await changeGroup(services, workspace, path, body);
      return success;
    },
  }),
];

/** @throws RequestError `not-found` for what is no id of a group */
function parseGroupId(groupId: string): string {
  if (!isTypeId(groupId)) throw noSuchGroup(groupId);
  return groupId.toLowerCase();
}

async function listGroups(
  services: Services,
  workspace: Workspace,
  app: Source,
  query: unknown,
): Promise<object> {
  const question = await resolveQuestion(services, workspace, app, query);
  const apps = [app, ...appsOfClient(workspace, app).filter((one) => one.id !== app.id)];
  const { views, total } = await listEventGroups(services.database, workspace, apps, question);
  const { offset, limit } = question;
  return { data: views.map(presentGroup), total_count: total, offset, limit };
}

/** Ruling 13: `keyword#1` is the first of the keywords that the app has met. */
async function resolveQuestion(
  { database }: Services,
  workspace: Workspace,
  app: Source,
  query: unknown,
): Promise<GroupQuestion> {
  const question = parseGroupQuestion(query);
  const { types, value } = question;
  const type = types?.length === 1 ? types[0] : undefined;
  if (type === undefined || value === null) return question;
  return { ...question, value: await resolveNumberedValue(database, workspace.id, app, type, value) };
}

async function showGroup(services: Services, workspace: Workspace, app: Source, id: string) {
  const group = await readEventGroup(services.database, workspace.id, id);
  if (!group) throw noSuchGroup(id);
  return presentGroup(await viewEventGroup(services.database, workspace, app, group));
}

/** What is set up anew takes an app that is tracked; putting a group away doesn't. */
async function changeGroup(
  services: Services,
  workspace: Workspace,
  path: Static<typeof GroupParameters>,
  body: unknown,
): Promise<void> {
  requireApp(workspace, path);
  const id = parseGroupId(path.groupId);
  const group = await readEventGroup(services.database, workspace.id, id);
  if (!group) throw noSuchGroup(id);
  const change = parseGroupChange(body, group);
  if (change.status !== 'archived' || change.typeValue !== undefined) requireTrackedApp(workspace, path);
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
