import Type from 'typebox';
import { operation } from '../../http/operation.ts';
import { queryObject } from '../../http/validation.ts';
import { readPersonTitles } from '../../query/people/read-titles.ts';
import { inWorkspace } from '../guards.ts';
import { errors, Id, WorkspaceParameters } from '../schemas/common.ts';

const maximumTitles = 100;
const id = '[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}';

const TitlesQuery = queryObject({
  ids: Type.String({
    pattern: `^${id}(?:,${id}){0,${maximumTitles - 1}}$`,
    description: `Ids of persons, at most ${maximumTitles}, with commas between them.`,
  }),
});

const TitlesReply = Type.Object({
  people: Type.Array(Type.Object({ id: Id, title: Type.String() }), {
    description: 'Those of them who have a name, an address, a number or an id; no other is in it.',
  }),
});

/** For lists that name many persons. */
export const personTitles = operation({
  method: 'GET',
  path: '/workspaces/:workspace/people/titles',
  summary: 'As what persons are known, of many at once',
  guard: inWorkspace,
  checks: { path: WorkspaceParameters, query: TitlesQuery },
  replies: { 200: TitlesReply, ...errors(404) },
  handle: async ({ services, access: { workspace }, query: { ids } }) => {
    const titles = await readPersonTitles(services.database, workspace.id, [...new Set(ids.split(','))]);
    return { people: [...titles].map(([personId, title]) => ({ id: personId, title })) };
  },
});
