import { Tally } from '../core/accounting/accounting.ts';
import type { ImplicitCampaign } from '../core/campaign/campaign-store.ts';
import type { NewTouchpoint } from '../core/campaign/touchpoint-store.ts';
import type { NewConsent } from '../core/consent/consent.ts';
import type { SpentKey } from '../core/dedupe/dedupe-store.ts';
import type { NewEvent } from '../core/event/event-store.ts';
import type { NewLock } from '../core/event-type/attribute-lock.ts';
import type { EventType } from '../core/event-type/event-type.ts';
import type { Key } from '../core/identity/identity.ts';
import type { NewIdentity } from '../core/identity/identity-store.ts';
import type { Link } from '../core/link/link.ts';
import type { PastMetric } from '../core/metric/metric-history-store.ts';
import type { FirstMetric, NewMetric } from '../core/metric/metric-store.ts';
import type { Attributes } from '../core/profile/attributes.ts';
import type { ProfileState } from '../core/profile/profile-state-store.ts';
import type { Profile } from '../core/profile/profile-store.ts';
import type { QuarantinedEvent } from '../core/quarantine/quarantine.ts';
import type { Replay } from '../core/quarantine/quarantine-store.ts';
import type { Change } from '../core/update-stream/change-store.ts';
import type { Head } from '../core/workspace/workspace-store.ts';
import type { CatalogueEntry } from '../projections/catalogue/catalogue.ts';
import type { BatchProjection, InBatchProjection, TouchedProfile } from '../projections/projection.ts';
import { RollupDeltas } from '../projections/rollups/rollups.ts';

/** All rows that a batch, or another change, writes. */
export interface BatchRows {
  head: Head;
  profiles: Profile[];
  updatedProfiles: Map<string, Profile>;
  /** What profiles that are called otherwise than before are left with, by id. */
  named: Map<string, Attributes>;
  /** Those of them that are somebody, and what records were called that are part of others now. */
  touchedProfiles: TouchedProfile[];
  identities: NewIdentity[];
  removedIdentities: { key: Key; profileId: string }[];
  links: Link[];
  /** Profiles that followed a record by a claim and now follow another, and those: who is who around them is derived anew. */
  rebound: Set<string>;
  recordRenames: Map<string, string>;
  personRenames: Map<string, string>;
  states: Map<string, ProfileState>;
  consents: NewConsent[];
  changes: Change[];
  types: EventType[];
  locks: NewLock[];
  events: NewEvent[];
  metrics: FirstMetric[];
  /** Metrics of events that were stored before, by event and key: each once, with its last value. */
  setMetrics: Map<string, NewMetric>;
  pastMetrics: PastMetric[];
  /** Each once, by integration and slug. */
  campaigns: Map<string, ImplicitCampaign>;
  touchpoints: NewTouchpoint[];
  rollups: RollupDeltas;
  /** What the projections that the batch's events name make of it. */
  projected: Map<InBatchProjection, BatchProjection>;
  catalogue: CatalogueEntry[];
  quarantined: QuarantinedEvent[];
  replayed: Replay[];
  spentKeys: SpentKey[];
  tally: Tally;
}

/** Notes a campaign that traffic names; named with a key, too, it is no visitor's. */
export function nameCampaign({ campaigns }: BatchRows, campaign: ImplicitCampaign): void {
  const text = `${campaign.sourceId}\n${campaign.slug}`;
  if (!campaign.keyless || !campaigns.has(text)) campaigns.set(text, campaign);
}

export function emptyRows(head: Head, localDay: (instant: number) => string): BatchRows {
  return {
    head,
    profiles: [],
    updatedProfiles: new Map(),
    named: new Map(),
    touchedProfiles: [],
    identities: [],
    removedIdentities: [],
    links: [],
    rebound: new Set(),
    recordRenames: new Map(),
    personRenames: new Map(),
    states: new Map(),
    consents: [],
    changes: [],
    types: [],
    locks: [],
    events: [],
    metrics: [],
    setMetrics: new Map(),
    pastMetrics: [],
    campaigns: new Map(),
    touchpoints: [],
    rollups: new RollupDeltas(localDay),
    projected: new Map(),
    catalogue: [],
    quarantined: [],
    replayed: [],
    spentKeys: [],
    tally: new Tally(),
  };
}
