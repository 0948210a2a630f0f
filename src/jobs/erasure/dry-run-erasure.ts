import { type ErasureServices, hashPerson } from '../../change/forget-person.ts';
import type { ErasureCounts } from '../../core/erasure/erasure.ts';
import { readErasureKeyId } from '../../core/erasure/erasure-store.ts';
import { countAtOnce, readMembers } from '../../core/erasure/person-store.ts';
import type { Workspace } from '../../core/workspace/workspace.ts';
import type { ErasureRules } from '../../ingest/erased.ts';
import type { Database } from '../../store/database.ts';
import { isAmong, stagesOf } from './erasure-job.ts';

/** What erasing the person would empty, by what it is; undefined when nobody has such a profile. Changes nothing. */
export async function dryRunErasure(
  { erasureKey, database }: Pick<ErasureServices, 'erasureKey'> & { readonly database: Database },
  rules: ErasureRules,
  workspace: Workspace,
  profileId: string,
): Promise<ErasureCounts | undefined> {
  const members = await readMembers(database, workspace.id, profileId);
  if (members.length === 0) return undefined;
  const profileIds = members.map(({ id }) => id);
  const key = await erasureKey.open(await readErasureKeyId(database, workspace.id));
  const { hashes, shared } = await hashPerson(database, workspace, key, profileIds);
  const isOfPerson = isAmong(new Set(hashes), workspace, key);
  const counts: Record<string, number> = {
    profiles: members.length,
    ...(await countAtOnce(database, workspace.id, profileIds)),
    sharedKeys: shared,
    tombstones: hashes.length,
  };
  for (const stage of stagesOf(rules)) {
    const about = { connection: database, change: undefined, workspace, profileIds, isOfPerson };
    let total = 0;
    for (let position: string | null = null, done = false; !done; ) {
      const slice: Awaited<ReturnType<typeof stage.work>> = await stage.work({ ...about, position });
      total += slice.total;
      position = slice.position ?? null;
      done = slice.done;
    }
    counts[stage.counts] = total;
  }
  return counts;
}
