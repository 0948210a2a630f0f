import { isSupportedCountry } from 'libphonenumber-js/min';
import type { Database } from '../../store/database.ts';
import { sqlState } from '../../store/database-error.ts';
import { inTransaction, type Transaction } from '../../store/transaction.ts';
import { countConversionsAnew } from '../attribution/manage-conversions.ts';
import type { DialectName } from '../dialect-name.ts';
import { localDays, requestCountOfAmounts, requestRebuild } from '../job/rebuild-request.ts';
import { changeConfiguration } from './change-configuration.ts';
import { createWorkspace, type NewWorkspace, slugPattern } from './create-workspace.ts';
import type { CredentialsFile } from './credentials-file.ts';
import { issueKeys } from './issue-keys.ts';
import { NameTakenError, type ProvidedDialect } from './provide-dialect.ts';
import type { Settings, Workspace, WorkspaceId, WorkspaceSettings } from './workspace.ts';
import type { WorkspaceCache } from './workspace-cache.ts';
import type { SettableStatus } from './workspace-status.ts';

const UNIQUE_VIOLATION = '23505';
const matchingKinds = ['email', 'phone'] as const;

/** What may be changed of a workspace after its creation; what is absent stays. */
export interface WorkspaceChanges {
  readonly name?: string;
  readonly timezone?: string;
  readonly currency?: string;
  /** Identity kinds by which profiles of different nodes become one person, from now on; no link that exists is touched. */
  readonly matching?: readonly string[];
  /** ISO 3166-1 alpha-2, in the order in which a phone number without `+` is tried in them. */
  readonly phoneCountries?: readonly string[];
  /** Requests per minute, by dialect and endpoint group; 0 is off. Groups that are not named stay. */
  readonly rateLimits?: Readonly<Record<string, number>>;
  /** A dialect's own settings, each dialect's as a whole. Dialects that are not named stay. */
  readonly dialects?: WorkspaceSettings['dialects'];
  readonly status?: SettableStatus;
}

export interface WorkspaceProblem {
  readonly path: string;
  /** In one sentence without its end, that names the value. */
  readonly message: string;
}

/** What is wrong with a new workspace or a change; undefined when nothing is. */
export function findWorkspaceProblem(
  wanted: Omit<WorkspaceChanges, 'dialects'> & { slug?: string },
): WorkspaceProblem | undefined {
  const { slug, name, timezone, currency, matching, phoneCountries } = wanted;
  if (slug !== undefined && !slugPattern.test(slug))
    return problem('slug', `"${slug}" is no slug: 3 to 64 characters of a-z, 0-9 and single hyphens`);
  if (name !== undefined && (name.trim() === '' || name.length > 200))
    return problem('name', 'a name has 1 to 200 characters');
  if (timezone !== undefined && !isTimezone(timezone))
    return problem('timezone', `"${timezone}" is no time zone; give an IANA name such as Europe/Paris`);
  if (currency !== undefined && !Intl.supportedValuesOf('currency').includes(currency))
    return problem('currency', `"${currency}" is no currency; give an ISO 4217 code such as EUR`);
  const unknown = matching?.find((kind) => !matchingKinds.some((known) => known === kind));
  if (unknown !== undefined)
    return problem('matching', `"${unknown}" can't match persons; choose from ${matchingKinds.join(', ')}`);
  const country = phoneCountries?.find((code) => !isSupportedCountry(code));
  if (country !== undefined)
    return problem('phoneCountries', `"${country}" is no country; give an ISO 3166-1 code such as FR`);
  return undefined;
}

function problem(path: string, message: string): WorkspaceProblem {
  return { path, message };
}

/** An offset such as +02:00 is refused: a workspace's days follow its clocks through summer time. */
function isTimezone(name: string): boolean {
  try {
    return /^[A-Za-z]/.test(name) && Temporal.Now.zonedDateTimeISO(name).timeZoneId !== '';
  } catch {
    return false;
  }
}

/**
 * Makes a workspace, which `findWorkspaceProblem` has passed, with a key of each kind. Its native key is for this workspace only.
 * Undefined when the slug, or a name made of it, is taken.
 */
export async function createWorkspaceWithKeys(
  services: { readonly database: Database },
  dialects: readonly ProvidedDialect[],
  workspace: NewWorkspace,
  now: Date,
): Promise<CredentialsFile | undefined> {
  try {
    const created = await createWorkspace(services.database, workspace, now, dialects);
    return await inTransaction(services.database, (tx) =>
      issueKeys(tx, dialects, created, now, { admin: 'workspace' }),
    );
  } catch (error) {
    if (error instanceof NameTakenError || sqlState(error) === UNIQUE_VIOLATION) return undefined;
    throw error;
  }
}

/** A dialect, as who changes its settings knows it. */
export interface SettingsFollower {
  readonly name: DialectName;
  /** Does what follows from other settings, in the transaction that changes them; `before` is the workspace until then. */
  readonly followSettings?: (
    tx: Transaction,
    before: Workspace,
    settings: Settings,
    now: Date,
  ) => Promise<void>;
}

export interface SettingsOwner extends ProvidedDialect, SettingsFollower {}

/**
 * Applies changes that `findWorkspaceProblem` has passed, or that are made of the workspace as it is once it is locked, and answers it
 * as it then is. The dialects whose settings are named follow them; another time zone asks for
 * what is counted by day to be made anew, another currency for the amounts to be counted in it, and either for all credit.
 */
export async function configureWorkspace(
  services: { readonly database: Database; readonly workspaces: WorkspaceCache },
  dialects: readonly SettingsFollower[],
  workspaceId: WorkspaceId,
  wanted: WorkspaceChanges | ((before: Workspace) => WorkspaceChanges),
  now: Date,
): Promise<Workspace> {
  await changeConfiguration(services, workspaceId, now, async (change) => {
    const { tx } = change;
    const before = await services.workspaces.reload(workspaceId, tx);
    const changes = typeof wanted === 'function' ? wanted(before) : wanted;
    await updateWorkspace(tx, workspaceId, changes);
    const { timezone = before.timezone, currency = before.currency } = changes;
    if (currency !== before.currency) await requestCountOfAmounts(tx, workspaceId, now);
    if (timezone !== before.timezone) await requestRebuild(tx, workspaceId, localDays, now);
    if (currency !== before.currency || timezone !== before.timezone) await countConversionsAnew(change);
    for (const { name, followSettings } of dialects) {
      const settings = changes.dialects?.[name];
      if (settings) await followSettings?.(tx, before, settings, now);
    }
  });
  return services.workspaces.get(workspaceId);
}

async function updateWorkspace(
  tx: Transaction,
  workspaceId: WorkspaceId,
  changes: WorkspaceChanges,
): Promise<void> {
  const settings = {
    ...(changes.matching
      ? { matching: matchingKinds.filter((kind) => changes.matching?.includes(kind)) }
      : {}),
    ...(changes.phoneCountries ? { phoneCountries: changes.phoneCountries } : {}),
  };
  await tx.query(
    `update workspace set name = coalesce($2::text, name), timezone = coalesce($3::text, timezone),
            currency = coalesce($4::text, currency),
            status = case when status in ('importing', 'deleting') then status else coalesce($8::text, status) end, settings = settings || $5::text::jsonb || jsonb_build_object(
              'rateLimits', coalesce(settings -> 'rateLimits', '{}') || $6::text::jsonb,
              'dialects', coalesce(settings -> 'dialects', '{}') || $7::text::jsonb)
      where id = $1`,
    [
      workspaceId,
      changes.name ?? null,
      changes.timezone ?? null,
      changes.currency ?? null,
      JSON.stringify(settings),
      JSON.stringify(changes.rateLimits ?? {}),
      JSON.stringify(changes.dialects ?? {}),
      changes.status ?? null,
    ],
  );
}
