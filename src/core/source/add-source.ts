import { randomBytes, randomInt } from 'node:crypto';
import type { Database } from '../../store/database.ts';
import type { Transaction } from '../../store/transaction.ts';
import type { DialectName } from '../dialect-name.ts';
import { newRecordId } from '../id.ts';
import { insertBinding } from '../workspace/binding-store.ts';
import { changeConfiguration } from '../workspace/change-configuration.ts';
import { type AppSecrets, issueAppSecrets } from '../workspace/issue-app-secrets.ts';
import { findSource, type Workspace } from '../workspace/workspace.ts';
import type { WorkspaceCache } from '../workspace/workspace-cache.ts';
import type { Source } from './source.ts';
import { upsertSource } from './source-store.ts';

/** What each dialect's sources are, and the form of the vendor's own ids of them. */
export const sourceKinds = {
  octeth: { kind: 'list', externalId: /^[1-9]\d{0,17}$/ },
  webmarketer: { kind: 'integration', externalId: /^[A-Za-z0-9_-]{1,64}$/ },
  signals: { kind: 'app', externalId: /^[1-9]\d{0,19}$/ },
} as const satisfies Partial<Record<DialectName, { kind: string; externalId: RegExp }>>;

export type SourceDialect = keyof typeof sourceKinds;

export interface NewSource {
  readonly dialect: SourceDialect;
  readonly name: string;
  /** The vendor's own id; one is made where it is left out. */
  readonly externalId?: string;
  readonly nodeId: number;
  readonly settings: Record<string, unknown>;
}

export interface AddedSource {
  readonly source: Source;
  /** Of a WhatsApp number: by what its webhooks are signed and verified. Shown once. */
  readonly secrets: AppSecrets | null;
}

/**
 * Adds a source, or takes one that was archived again, and what its dialect finds the workspace by. Undefined when the workspace, or for a WhatsApp number any
 * workspace, has one of this id.
 */
export async function addSource(
  services: { readonly database: Database; readonly workspaces: WorkspaceCache },
  workspace: Workspace,
  wanted: NewSource,
  now: Date,
): Promise<AddedSource | undefined> {
  const { kind } = sourceKinds[wanted.dialect];
  return changeConfiguration(services, workspace.id, now, async ({ tx, head }) => {
    const current = await services.workspaces.reload(workspace.id, tx);
    const externalId = wanted.externalId ?? makeExternalId(current, wanted.dialect);
    const former = findSource(current, wanted.dialect, kind, externalId);
    if (former && !former.archivedAt) return undefined;
    const secrets = wanted.dialect === 'signals' ? await bindApp(tx, workspace, externalId, now) : null;
    if (secrets === undefined) return undefined;
    const source: Source = {
      id: former?.id ?? ++head.lastSourceId,
      publicId: former?.publicId ?? newRecordId(now.getTime()),
      dialect: wanted.dialect,
      kind,
      externalId,
      name: wanted.name,
      nodeId: wanted.nodeId,
      settings: wanted.settings,
      createdAt: former?.createdAt ?? now,
      archivedAt: null,
    };
    await upsertSource(tx, workspace.id, source);
    return { source, secrets };
  });
}

function makeExternalId(workspace: Workspace, dialect: SourceDialect): string {
  if (dialect === 'webmarketer') return randomBytes(8).toString('hex');
  if (dialect === 'signals') return String(randomInt(100_000_000, 1_000_000_000));
  let last = 0n;
  for (const source of workspace.sources.values()) {
    if (source.dialect === 'octeth' && BigInt(source.externalId) > last) last = BigInt(source.externalId);
  }
  return String(last + 1n);
}

async function bindApp(
  tx: Transaction,
  { id }: Workspace,
  externalId: string,
  now: Date,
): Promise<AppSecrets | undefined> {
  const binding = { dialect: 'signals', kind: 'app', externalId, settings: {} } as const;
  return (await insertBinding(tx, id, binding)) ? issueAppSecrets(tx, id, externalId, now) : undefined;
}
