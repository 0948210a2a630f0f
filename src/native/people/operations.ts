import { type Operation, operation } from '../../http/operation.ts';
import {
  findPersonIds,
  readPersonOf,
  readProfileIdsOfPerson,
  toKey,
} from '../../query/people/find-person.ts';
import { searchPeople } from '../../query/people/search-people.ts';
import { sumPerson } from '../../query/people/sum-person.ts';
import { decodeNumberedPosition } from '../../query/position.ts';
import { readTimeline } from '../../query/timeline/read-timeline.ts';
import { presentEvent } from '../events/present.ts';
import { inWorkspace } from '../guards.ts';
import { badNext, noSuch, noSuchPerson, wrong } from '../refusals.ts';
import { errors, WorkspaceParameters } from '../schemas/common.ts';
import type { NativeServices } from '../services.ts';
import { presentFound, presentPerson, presentSummary } from './present.ts';
import {
  FoundPersonReply,
  LookupQuery,
  PeopleQuery,
  PeopleReply,
  PersonParameters,
  PersonReply,
  SummaryReply,
  TimelineQuery,
  TimelineReply,
} from './schemas.ts';

const path = '/workspaces/:workspace/people';

export const peopleOperations: readonly Operation<NativeServices>[] = [
  operation({
    method: 'GET',
    path,
    summary: 'Search people by a whole e-mail address, phone number or id of any kind, or by name',
    description:
      'A name is found by the beginnings of its words, in any order, without regard to case and accents.',
    guard: inWorkspace,
    checks: { path: WorkspaceParameters, query: PeopleQuery },
    replies: { 200: PeopleReply, ...errors(404) },
    handle: async ({ services, access: { workspace }, query: { search, limit } }) => {
      const found = await searchPeople(services.database, workspace, search.trim(), limit);
      return { people: found.map(presentFound) };
    },
  }),
  operation({
    method: 'GET',
    path: `${path}/lookup`,
    summary: 'Find a person by e-mail address, phone number or an id that a vendor knows',
    guard: inWorkspace,
    checks: { path: WorkspaceParameters, query: LookupQuery },
    replies: { 200: FoundPersonReply, ...errors(404) },
    handle: async ({ services, access: { workspace }, query: { kind, value } }) => {
      const key = toKey(workspace, kind, value);
      if (!key) throw wrong('querystring/value', sayForm(kind));
      const [personId, ...otherPersonIds] = await findPersonIds(services.database, workspace.id, key);
      const person = personId && (await readPersonOf(services.database, workspace.id, personId));
      if (!person) throw noSuch('querystring/value', `Nobody in this workspace has this ${kind}.`);
      return { ...presentPerson(person), otherPersonIds };
    },
  }),
  operation({
    method: 'GET',
    path: `${path}/:personId`,
    summary: 'A person and its profiles in each dialect',
    guard: inWorkspace,
    checks: { path: PersonParameters },
    replies: { 200: PersonReply, ...errors(404) },
    handle: async ({ services, access, path: { personId } }) => {
      const person = await readPersonOf(services.database, access.workspace.id, personId);
      if (!person) throw noSuchPerson('params/personId');
      return presentPerson(person);
    },
  }),
  operation({
    method: 'GET',
    path: `${path}/:personId/summary`,
    summary:
      'When a person was seen first and last, how many events of which types, and what their amounts come to',
    guard: inWorkspace,
    checks: { path: PersonParameters },
    replies: { 200: SummaryReply, ...errors(404) },
    handle: async ({ services, access: { workspace }, path: { personId } }) => {
      const person = await readProfileIdsOfPerson(services.database, workspace.id, personId);
      if (!person) throw noSuchPerson('params/personId');
      return presentSummary(
        person.personId,
        await sumPerson(services.database, workspace.id, person.profileIds),
      );
    },
  }),
  operation({
    method: 'GET',
    path: `${path}/:personId/timeline`,
    summary: 'What happened to a person, over all dialects or by one, newest first',
    guard: inWorkspace,
    checks: { path: PersonParameters, query: TimelineQuery },
    replies: { 200: TimelineReply, ...errors(404) },
    handle: async ({ services, access: { workspace }, path: { personId }, query }) => {
      const { limit, next: after, dialect, type } = query;
      if (after !== undefined && !decodeNumberedPosition(after)) throw badNext();
      const person = await readProfileIdsOfPerson(services.database, workspace.id, personId);
      if (!person) throw noSuchPerson('params/personId');
      const { events, next } = await readTimeline(services.database, workspace.id, person.profileIds, {
        after,
        limit,
        filter: { dialect, type },
      });
      return {
        personId: person.personId,
        events: events.map((event) => presentEvent(workspace, event)),
        next,
      };
    },
  }),
];

function sayForm(kind: string): string {
  const value = `querystring/value is no ${kind}`;
  if (kind === 'phone')
    return `${value}: give it with + and the country's code, or as it is written in one of the workspace's phoneCountries.`;
  return `${value}: it is empty, too long or not of the form of one.`;
}
