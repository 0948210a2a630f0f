import type { AdPlatform } from '../core/attribution/ad-platform.ts';
import { conversions } from '../core/attribution/conversion-store.ts';
import type { SaleType } from '../core/metric/revenue.ts';
import type { WorkspacePart } from '../core/workspace/workspace-part.ts';
import { type ErasureRules, erasureRulesOf } from '../ingest/erased.ts';
import { countAmountsJob } from '../jobs/count-amounts-job.ts';
import { countConversionJob } from '../jobs/count-conversion.ts';
import { countModelJob } from '../jobs/count-model.ts';
import { deleteRecordEventsJob } from '../jobs/delete-record-events.ts';
import { deleteWorkspaceJob } from '../jobs/delete-workspace.ts';
import { erasureJob } from '../jobs/erasure/erasure-job.ts';
import type { JobKind } from '../jobs/job-kind.ts';
import { rebuildJob } from '../jobs/rebuild-job.ts';
import { replayQuarantineJob } from '../jobs/replay-quarantine.ts';
import { retentionJob } from '../jobs/retention-job.ts';
import { verifyJob } from '../jobs/verify-job.ts';
import { attribution } from '../projections/attribution/attribution.ts';
import { engineProjections } from '../projections/engine-projections.ts';
import type { Projection } from '../projections/projection.ts';
import { engineTransfer } from '../transfer/engine-transfer.ts';
import { joinTransfers, type Transfer } from '../transfer/kinds.ts';
import { contacthub } from './contacthub/index.ts';
import type { Dialect, JobKindServices } from './dialect.ts';
import { octeth } from './octeth/index.ts';
import { signals } from './signals/index.ts';
import { webengage } from './webengage/index.ts';
import { webmarketer } from './webmarketer/index.ts';

/** The dialects that an app serves, and what they bring along together. */
export interface Registry {
  readonly dialects: readonly Dialect[];
  /** The event types of all dialects whose events are sales. */
  readonly saleTypes: readonly SaleType[];
  /** Those that there are before their first event. */
  readonly knownTypes: readonly SaleType[];
  /** Where ads run, by the dialects that know of it. */
  readonly adPlatforms: readonly AdPlatform[];
  /** All that is derived, in the order in which it is made anew. */
  readonly projections: readonly Projection[];
  /** What is part of a workspace's configuration beside what it is made with: of the engine, and what the dialects add. */
  readonly workspaceParts: readonly WorkspacePart<unknown>[];
  /** Every kind of long work: the engine's, and the dialects'. */
  readonly jobKindsOf: (services: JobKindServices) => readonly JobKind[];
  /** How the dialects' things of a person are found and emptied, by their names. */
  readonly erasureRules: ErasureRules;
  /** What is exported of a workspace, the engine's and the dialects'. */
  readonly transfer: Transfer;
  readonly dialectOf: (path: string) => Dialect | undefined;
}

export function registryOf(dialects: readonly Dialect[]): Registry {
  const erasureRules = erasureRulesOf(dialects);
  const adPlatforms = dialects.flatMap(({ name: dialect, campaignsOfAds }) =>
    campaignsOfAds ? [{ dialect, campaignsOfAds }] : [],
  );
  return {
    dialects,
    saleTypes: dialects.flatMap(({ name: dialect, saleTypes = [] }) =>
      saleTypes.map((name) => ({ dialect, name })),
    ),
    knownTypes: dialects.flatMap(({ name: dialect, knownTypes = [] }) =>
      knownTypes.map((name) => ({ dialect, name })),
    ),
    adPlatforms,
    projections: [
      ...engineProjections,
      attribution(adPlatforms),
      ...dialects.flatMap(({ projections = [] }) => projections),
    ],
    workspaceParts: [conversions, ...dialects.flatMap(({ parts = [] }) => parts)],
    erasureRules,
    jobKindsOf(services) {
      const { jobDatabase: database, workspaces } = services;
      return [
        rebuildJob({ ...services, database }),
        countAmountsJob({ ...services, database }),
        verifyJob({ ...services, database }),
        countConversionJob({ ...services, database }),
        retentionJob({ ...services, dialects }),
        erasureJob({ workspaces, keyFile: services.erasureKey, rules: erasureRules }),
        deleteRecordEventsJob(services),
        replayQuarantineJob({ ...services, database, dialects }),
        countModelJob({ ...services, database }),
        deleteWorkspaceJob(services),
        ...dialects.flatMap(({ jobKinds }) => jobKinds?.(services) ?? []),
      ];
    },
    transfer: joinTransfers([engineTransfer, ...dialects.flatMap(({ transfer = [] }) => transfer)]),
    dialectOf: (path) => dialects.find((dialect) => dialect.owns(path)),
  };
}

/** Every dialect there is. Only this file imports them. The first that owns a path answers for it. */
export const registry = registryOf([octeth, webengage, webmarketer, signals, contacthub]);

export const {
  dialects,
  projections,
  adPlatforms,
  workspaceParts,
  jobKindsOf,
  erasureRules,
  transfer,
  dialectOf,
} = registry;
