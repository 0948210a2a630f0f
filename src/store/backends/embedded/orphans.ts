/** How long processes of a killed server may hold its shared memory before we give up on them. */
export const ORPHAN_PATIENCE_MS = 30_000;

/** Whether a server did not start for processes of a killed one: they end as soon as they notice; until then its memory counts as in use. */
export function isHeldByOrphans(complaint: string): boolean {
  return /shared memory|postmaster\.pid/.test(complaint);
}
