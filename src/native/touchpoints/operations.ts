import type { WorkspaceId } from '../../core/workspace/workspace.ts';
import { type Operation, operation } from '../../http/operation.ts';
import { readProfileIdsOfPerson } from '../../query/people/find-person.ts';
import { decodePosition } from '../../query/position.ts';
import { readTouchpoints } from '../../query/touchpoints/read-touchpoints.ts';
import { inWorkspace } from '../guards.ts';
import { badNext, noSuchPerson, wrong } from '../refusals.ts';
import { errors, WorkspaceParameters } from '../schemas/common.ts';
import type { NativeServices } from '../services.ts';
import { presentTouchpoint } from './present.ts';
import { TouchpointsQuery, TouchpointsReply } from './schemas.ts';

/** Contacts of persons with the brand, of all dialects. */
export const touchpointOperations: readonly Operation<NativeServices>[] = [
  operation({
    method: 'GET',
    path: '/workspaces/:workspace/touchpoints',
    summary: 'Touchpoints of a person, a profile, a campaign, an ad or all, newest first',
    guard: inWorkspace,
    checks: { path: WorkspaceParameters, query: TouchpointsQuery },
    replies: { 200: TouchpointsReply, ...errors(404) },
    handle: async ({ services, access: { workspace }, query }) => {
      const { person, profile, campaign, ad, from, to, limit, next: after } = query;
      if (person !== undefined && profile !== undefined)
        throw wrong('querystring/profile', 'querystring/profile goes without person: ask for one of them.');
      if (after !== undefined && !decodePosition(after)) throw badNext();
      const profileIds =
        person === undefined
          ? profile === undefined
            ? null
            : [profile]
          : await profileIdsOf(services, workspace.id, person);
      const wanted = {
        profileIds,
        campaignId: campaign ?? null,
        adIds: ad === undefined ? null : [ad],
        from,
        to,
        after,
        limit,
      };
      const { touchpoints, next } = await readTouchpoints(services.database, workspace.id, wanted);
      return { touchpoints: touchpoints.map((one) => presentTouchpoint(workspace, one)), next };
    },
  }),
];

async function profileIdsOf(
  { database }: NativeServices,
  workspaceId: WorkspaceId,
  personId: string,
): Promise<readonly string[]> {
  const person = await readProfileIdsOfPerson(database, workspaceId, personId);
  if (!person) throw noSuchPerson('querystring/person');
  return person.profileIds;
}
