import type { FastifyCorsOptions } from '@fastify/cors';
import type { FastifyInstance } from 'fastify';
import type { Logger } from 'pino';
import type { TObject } from 'typebox';
import type { LazyCommand } from '../cli/command.ts';
import type { DemoClient } from '../cli/demo/client.ts';
import type { Config } from '../config.ts';
import type { AdPlatform } from '../core/attribution/ad-platform.ts';
import type { DialectAttribution } from '../core/attribution/spend.ts';
import type { Clock } from '../core/clock.ts';
import type { Authenticator } from '../core/credential/authenticator.ts';
import type { LastUses } from '../core/credential/last-uses.ts';
import type { SignInLinks } from '../core/credential/sign-in-links.ts';
import type { SignInThrottle } from '../core/credential/sign-in-throttle.ts';
import type { Turns } from '../core/credential/turns.ts';
import type { DialectErasure } from '../core/erasure/erasure.ts';
import type { ErasureKeyFile } from '../core/erasure/erasure-key.ts';
import type { SaleType } from '../core/metric/revenue.ts';
import type { QuarantinedEvent } from '../core/quarantine/quarantine.ts';
import type { Explainer } from '../core/quarantine/remedy.ts';
import type { AddressLimiter } from '../core/rate-limit/address-limiter.ts';
import type { RateLimiter } from '../core/rate-limit/rate-limiter.ts';
import type { DialectRetention } from '../core/retention/retention-slice.ts';
import type { OtherProcesses, Reachable } from '../core/together.ts';
import type { CredentialsFile } from '../core/workspace/credentials-file.ts';
import type { SettingsOwner } from '../core/workspace/manage-workspaces.ts';
import type { ProvidedDialect } from '../core/workspace/provide-dialect.ts';
import type { ShardedDatabase } from '../core/workspace/shard-store.ts';
import type { WorkspaceCache } from '../core/workspace/workspace-cache.ts';
import type { WorkspacePart } from '../core/workspace/workspace-part.ts';
import type { RequestError } from '../errors.ts';
import type { VendorError } from '../http/vendor-error.ts';
import type { Ingest } from '../ingest/ingest.ts';
import type { Submission } from '../ingest/submission.ts';
import type { JobKind } from '../jobs/job-kind.ts';
import type { RecordFinder } from '../jobs/respell-keys.ts';
import type { Rounds } from '../jobs/rounds.ts';
import type { JobRunner } from '../jobs/run-jobs.ts';
import type { WriteCommand } from '../native/dialects/first-event.ts';
import type { Projection } from '../projections/projection.ts';
import type { Database } from '../store/database.ts';
import type { FairLine } from '../store/fair-line.ts';
import type { NodeHealth } from '../store/node-health.ts';
import type { Readiness } from '../store/readiness.ts';
import type { Transfer } from '../transfer/kinds.ts';

/** What routes work with. Made once, in app.ts. */
export interface Services {
  readonly config: Config;
  readonly database: Database;
  /** For what a request sets going and that takes its time: its statements have a bound of their own. */
  readonly jobDatabase: Database;
  readonly workspaces: WorkspaceCache;
  readonly authenticator: Authenticator;
  readonly lastUses: LastUses;
  readonly rateLimiter: RateLimiter;
  /** Of messages without a key, by address. */
  readonly visitors: Reachable<AddressLimiter>;
  readonly signInThrottle: Reachable<SignInThrottle>;
  /** Of the console. */
  readonly signInLinks: Reachable<SignInLinks>;
  /** Of those who are sent all that is kept of a person. */
  readonly exports: FairLine;
  readonly passwordTurns: Turns;
  readonly others: OtherProcesses;
  readonly ingest: Ingest;
  readonly erasureKey: ErasureKeyFile;
  readonly jobs: JobRunner;
  /** What a new workspace gets a place in. */
  readonly provided: readonly ProvidedDialect[];
  readonly readiness: Readiness;
  readonly nodeHealth: NodeHealth;
  readonly shards: ShardedDatabase;
  /** The engine's, and every dialect's. */
  readonly projections: readonly Projection[];
  /** Of every dialect. */
  readonly saleTypes: readonly SaleType[];
  /** Where ads run, by the dialects that know of it. */
  readonly adPlatforms: readonly AdPlatform[];
  /** Event types that there are before their first event. */
  readonly knownTypes: readonly SaleType[];
  readonly clock: Clock;
  readonly logger: Logger;
}

/** What kinds of jobs work with: a server has it, and so has the command line. */
export type JobKindServices = Pick<
  Services,
  | 'config'
  | 'database'
  | 'jobDatabase'
  | 'workspaces'
  | 'erasureKey'
  | 'ingest'
  | 'jobs'
  | 'projections'
  | 'adPlatforms'
  | 'clock'
  | 'logger'
>;

/** What the demo does with a dialect. */
export interface DialectDemo {
  /** The vendor's name for it. */
  readonly api: string;
  /** Sends the vendor's documented samples, with the demo's person and the time of now in them. @throws CommandError */
  readonly send: (client: DemoClient, credentials: CredentialsFile) => Promise<void>;
  /** Sends an event of a person's, as a command for a POSIX shell. */
  readonly command?: WriteCommand;
  /** The command is one of those that a start prints. */
  readonly isShownAtStart?: true;
}

/** A base address as clients are set up with it. */
export interface VendorAddress {
  /** With its scheme; where each customer has a host of their own, what it is called. */
  readonly host: string;
  /** The same here as there; empty where clients are set up with the host alone. */
  readonly path: string;
}

/** What a vendor's API brings along. The registry lists all; nothing else imports one. */
export interface Dialect extends SettingsOwner, RecordFinder {
  /** Whether a path is this vendor's, so that unknown routes, malformed bodies and faults are answered in its form. */
  readonly owns: (path: string) => boolean;
  readonly register: (app: FastifyInstance, services: Services) => void | Promise<void>;
  /** Says an error of the catalogue in the vendor's words. Total: it has a form for every code. */
  readonly presentError: (error: RequestError, path: string) => VendorError;
  /** The form of a workspace's `settings.dialects.<name>`. */
  readonly settings: TObject;
  /** The form of the settings of its sources, where it has any. */
  readonly sourceSettings?: TObject;
  /** What it adds to a workspace's configuration. */
  readonly parts?: readonly WorkspacePart<unknown>[];
  /** The groups of requests that a workspace's `rateLimits` can name. */
  readonly rateGroups: readonly string[];
  /** What a quarantined event of this dialect is submitted as again; `replayOf` and the receipt date are the
   * caller's. With the event's own dedupe key where it has one (not its request's, which covers the other items too), so that a
   * corrected attempt and the replay are once. @throws RequestError when it can't be read at all
   */
  readonly replay: (event: QuarantinedEvent) => Submission;
  /** What it knows of its bad events better than the rules' own words. */
  readonly explainer?: Explainer;
  /** What it derives from what is stored. */
  readonly projections?: readonly Projection[];
  /** Names of its event types whose events are sales (core/metric/revenue.ts). */
  readonly saleTypes?: readonly string[];
  /** Names of event types that there are before their first event. */
  readonly knownTypes?: readonly string[];
  readonly demo?: DialectDemo;
  /** Where its clients send to at the vendor: they move over by sending to this server instead. */
  readonly addresses?: readonly VendorAddress[];
  /** Adds its operations to the native API. */
  readonly registerNative?: (scope: FastifyInstance, services: Services) => void;
  /** Its kinds of long work. */
  readonly jobKinds?: (services: JobKindServices) => readonly JobKind[];
  /** Sets going what it does again and again beside requests; a server does so at its start. */
  readonly startRounds?: (services: Services) => readonly Rounds[];
  /** What the command line has for it, by the command's name; a command's modules are loaded only when it runs. */
  readonly commands?: Readonly<Record<string, LazyCommand>>;
  /** Names of its event types from whose events something follows, so that they are not deleted. */
  readonly keptTypes?: readonly string[];
  /** What is anonymized or deleted once it is due (docs/retention.md). */
  readonly retention?: DialectRetention;
  /** How what is kept of a person is found and emptied, where the engine does not know of it (docs/erasure.md). */
  readonly erasure?: DialectErasure;
  /** What it alone keeps of a workspace, as it is exported and imported (docs/export-format.md). */
  readonly transfer?: Transfer;
  /** Which campaigns of the platform the ads are of that its touchpoints name (`adId`). */
  readonly campaignsOfAds?: AdPlatform['campaignsOfAds'];
  /** What its campaigns and ads cost, and how they are called. */
  readonly attribution?: DialectAttribution;
  /** True: a POST with `X-HTTP-Method-Override` is a request of that method. */
  readonly overridesMethods?: boolean;
  /** For the paths that browsers call across origins. */
  readonly cors?: FastifyCorsOptions;
}
