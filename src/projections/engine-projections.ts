import { rebuildCatalogue } from './catalogue/rebuild-catalogue.ts';
import { checkCatalogue, checkMemberships, checkRollups } from './check-derived.ts';
import { rebuildMemberships } from './memberships/rebuild-memberships.ts';
import { names } from './names/names.ts';
import type { Projection } from './projection.ts';
import { quarantineGroups } from './quarantine-groups/quarantine-groups.ts';
import { rebuildRollups } from './rollups/rebuild-rollups.ts';

/** Records and persons, from the links. */
const memberships: Projection = {
  counts: 'profilesMoved',
  rebuild: rebuildMemberships,
  verify: (database, { id }) => checkMemberships(database, id),
};

export const rollups: Projection = {
  counts: 'rollupSlices',
  isOfLocalDays: true,
  rebuild: rebuildRollups,
  verify: checkRollups,
};

/** The properties that events of a type carry. */
const catalogue: Projection = {
  counts: 'catalogueEntries',
  rebuild: rebuildCatalogue,
  verify: (database, { id }) => checkCatalogue(database, id),
};

/** What the engine derives whatever the dialect, in the order in which it is made anew: what follows from records comes behind them. */
export const engineProjections: readonly Projection[] = [
  rollups,
  memberships,
  catalogue,
  quarantineGroups,
  names,
];
