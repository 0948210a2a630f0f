import type { Logger } from 'pino';
import type { Config } from '../config.ts';
import type { AdPlatform } from '../core/attribution/ad-platform.ts';
import type { DialectAttribution } from '../core/attribution/spend.ts';
import type { Clock } from '../core/clock.ts';
import type { Authenticator } from '../core/credential/authenticator.ts';
import type { LastUses } from '../core/credential/last-uses.ts';
import type { SignInLinks } from '../core/credential/sign-in-links.ts';
import type { SignInThrottle } from '../core/credential/sign-in-throttle.ts';
import type { DialectName } from '../core/dialect-name.ts';
import type { DialectErasure } from '../core/erasure/erasure.ts';
import type { ErasureKeyFile } from '../core/erasure/erasure-key.ts';
import type { Explainer } from '../core/quarantine/remedy.ts';
import type { OtherProcesses, Reachable } from '../core/together.ts';
import type { SettingsOwner } from '../core/workspace/manage-workspaces.ts';
import type { WorkspaceCache } from '../core/workspace/workspace-cache.ts';
import type { Ingest } from '../ingest/ingest.ts';
import type { Replayer } from '../ingest/replay-event.ts';
import type { TypeKeeper } from '../jobs/delete-event-type.ts';
import type { RetentionOwner } from '../jobs/plan-retention.ts';
import type { JobRunner } from '../jobs/run-jobs.ts';
import type { Projection } from '../projections/projection.ts';
import type { Database } from '../store/database.ts';
import type { FairLine } from '../store/fair-line.ts';
import type { Readiness } from '../store/readiness.ts';
import type { WriteCommand } from './dialects/first-event.ts';
import type { DialectForms } from './workspaces/settings.ts';

/** An event type by its dialect and its name there. */
export interface KnownType {
  readonly dialect: DialectName;
  readonly name: string;
}

/** What the native routes work with. */
export interface NativeServices {
  readonly config: Config;
  readonly database: Database;
  /** For what takes its time by its nature: a rebuild, retention. */
  readonly jobDatabase: Database;
  readonly workspaces: WorkspaceCache;
  readonly authenticator: Authenticator;
  readonly lastUses: LastUses;
  readonly signInThrottle: Reachable<SignInThrottle>;
  readonly signInLinks: Reachable<SignInLinks>;
  readonly others: OtherProcesses;
  readonly ingest: Ingest;
  readonly erasureKey: ErasureKeyFile;
  readonly exports: FairLine;
  readonly jobs: JobRunner;
  readonly projections: readonly Projection[];
  readonly adPlatforms: readonly AdPlatform[];
  /** Event types that there are in every workspace, before their first event. */
  readonly knownTypes: readonly KnownType[];
  readonly readiness: Readiness;
  readonly clock: Clock;
  readonly logger: Logger;
}

/** What the native API needs of a dialect. */
export interface NativeDialect extends DialectForms, SettingsOwner, TypeKeeper, RetentionOwner, Replayer {
  readonly explainer?: Explainer;
  readonly erasure?: DialectErasure;
  readonly attribution?: DialectAttribution;
  /** By which name its vendor calls it, and how a first event is sent. */
  readonly demo?: { readonly api: string; readonly command?: WriteCommand };
  /** Where its clients send to at the vendor, as they are set up with it. */
  readonly addresses?: readonly { readonly host: string; readonly path: string }[];
}
