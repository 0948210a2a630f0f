import Type from 'typebox';
import { Value } from 'typebox/value';
import { storeMoves } from '../../core/link/neighbourhood.ts';
import { underHeadLock } from '../../core/workspace/under-head-lock.ts';
import type { RebuildPart, RebuildStep } from '../projection.ts';
import { readMembershipSlice } from './membership-slice.ts';

const Place = Type.Union([Type.Object({ profileId: Type.String() }), Type.Null()]);

/**
 * Makes records and persons of the next profiles anew from the links, under the head lock, and counts the profiles that had another. A
 * part takes in all that its profiles are linked with, so each is right by itself.
 */
export async function rebuildMemberships({
  database,
  workspaceId,
  place,
}: RebuildPart): Promise<RebuildStep> {
  const after = Value.Parse(Place, place)?.profileId;
  return underHeadLock(database, workspaceId, async (tx) => {
    const { wrong, next } = await readMembershipSlice(tx, workspaceId, after);
    await storeMoves(tx, workspaceId, wrong);
    return { counted: wrong.length, next: next === undefined ? 'done' : { profileId: next } };
  });
}
