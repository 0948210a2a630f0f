import { randomBytes, randomInt } from 'node:crypto';
import type { Database } from '../../store/database.ts';
import { inTransaction, type Transaction } from '../../store/transaction.ts';
import { type DialectName, dialectNames } from '../dialect-name.ts';
import { newRecordId } from '../id.ts';
import type { NodeSettings } from '../node/node.ts';
import { defaultSettings, type WorkspaceId, type WorkspaceSettings } from './workspace.ts';

export interface NewWorkspace {
  /** 3 to 64 characters of a-z, 0-9 and single hyphens: it is also the Webmarketer project id. */
  readonly slug: string;
  readonly name: string;
  readonly timezone: string;
  readonly currency: string;
  readonly settings?: Partial<Pick<WorkspaceSettings, 'rateLimits' | 'dialects'>> & {
    readonly matching?: readonly string[];
    readonly phoneCountries?: readonly string[];
  };
}

/** What the new workspace is called in each dialect. */
export interface DialectNames {
  readonly licenseCode: string;
  readonly projectId: string;
  readonly wmktId: string;
  readonly listId: string;
  readonly contacthubNodeId: string;
  readonly partnerId: string;
  readonly clientId: string;
  readonly appId: string;
  readonly adAccountId: string;
}

export interface CreatedWorkspace {
  readonly id: WorkspaceId;
  readonly publicId: string;
  readonly names: DialectNames;
}

/** A dialect, as who makes a workspace knows it. */
export interface WorkspaceSetUp {
  /** Makes what of its own a new workspace has from the start, in the transaction that makes the workspace. */
  readonly setUp?: (
    tx: Transaction,
    workspace: Pick<NewWorkspace, 'timezone' | 'currency'> & Pick<CreatedWorkspace, 'id' | 'names'>,
    now: Date,
  ) => Promise<void>;
}

export const slugPattern = /^(?=.{3,64}$)[a-z0-9]+(?:-[a-z0-9]+)*$/;

/** The rule by which Contacthub's default node finds a record again. */
const contacthubMatching: NodeSettings = {
  uniqueCustomer: { properties: ['base.contacts.email'], caseSensitive: false },
  uniquenessPolicy: 'MERGE',
};

/**
 * Makes a workspace with an entry node for each dialect, its names there, and one source for each dialect that needs one. All or
 * nothing. @throws a unique violation (SQLSTATE 23505) when the slug is taken
 */
export async function createWorkspace(
  database: Database,
  workspace: NewWorkspace,
  now: Date,
  dialects: readonly WorkspaceSetUp[],
): Promise<CreatedWorkspace> {
  const names = makeNames(workspace.slug, now);
  return inTransaction(database, async (tx) => {
    // Held until the commit, so that two creations don't take the same number; on a cluster identity columns don't count from one.
    await tx.query('lock table workspace in share row exclusive mode');
    const [last] = await tx.query<{ id: number }>('select coalesce(max(id), 0) as id from workspace');
    const id = (last!.id + 1) as WorkspaceId;
    const publicId = newRecordId(now.getTime());
    await insertWorkspace(tx, id, publicId, workspace, now);
    const nodeIds = await insertNodes(tx, id, names, now);
    await insertSources(tx, id, names, nodeIds, now);
    await insertBindings(tx, id, names);
    for (const { setUp } of dialects) await setUp?.(tx, { ...workspace, id, names }, now);
    return { id, publicId, names };
  });
}

function makeNames(slug: string, now: Date): DialectNames {
  const digits = (length: number) =>
    `${randomInt(1, 10)}${Array.from({ length: length - 1 }, () => randomInt(10)).join('')}`;
  return {
    licenseCode: randomBytes(5).toString('hex').slice(0, 9),
    projectId: slug,
    wmktId: randomBytes(8).toString('hex'),
    listId: '1',
    contacthubNodeId: newRecordId(now.getTime()),
    partnerId: randomBytes(6).toString('hex'),
    clientId: randomBytes(6).toString('hex'),
    appId: digits(9),
    adAccountId: digits(15),
  };
}

async function insertWorkspace(
  tx: Transaction,
  id: WorkspaceId,
  publicId: string,
  workspace: NewWorkspace,
  now: Date,
): Promise<void> {
  const settings = { ...defaultSettings, ...workspace.settings };
  await tx.query(
    `insert into workspace (id, public_id, slug, name, timezone, currency, settings, created_at)
     values ($1, $2, $3, $4, $5, $6, $7::text::jsonb, $8)`,
    [
      id,
      publicId,
      workspace.slug,
      workspace.name,
      workspace.timezone,
      workspace.currency,
      JSON.stringify(settings),
      now,
    ],
  );
  await tx.query(
    'insert into workspace_head (workspace_id, last_node_id, last_source_id) values ($1, $2, 3)',
    [id, dialectNames.length],
  );
}

async function insertNodes(
  tx: Transaction,
  id: WorkspaceId,
  names: DialectNames,
  now: Date,
): Promise<Map<DialectName, number>> {
  const nodeIds = new Map<DialectName, number>();
  for (const [index, dialect] of dialectNames.entries()) {
    nodeIds.set(dialect, index + 1);
    const publicId = dialect === 'contacthub' ? names.contacthubNodeId : newRecordId(now.getTime());
    const settings = dialect === 'contacthub' ? contacthubMatching : {};
    await tx.query(
      `insert into node (workspace_id, id, public_id, dialect, kind, name, is_default, settings, created_at)
       values ($1, $2, $3, $4, 'entry', $4, true, $5::text::jsonb, $6)`,
      [id, index + 1, publicId, dialect, JSON.stringify(settings), now],
    );
  }
  return nodeIds;
}

async function insertSources(
  tx: Transaction,
  id: WorkspaceId,
  names: DialectNames,
  nodeIds: ReadonlyMap<DialectName, number>,
  now: Date,
): Promise<void> {
  const sources: [DialectName, string, string, string, Record<string, unknown>][] = [
    ['octeth', 'list', names.listId, 'Default list', {}],
    ['webmarketer', 'integration', names.wmktId, 'Custom ads', { type: 'custom-ads' }],
    [
      'signals',
      'app',
      names.appId,
      'WhatsApp number',
      { clientId: names.clientId, adAccountId: names.adAccountId, ctwaTracking: true },
    ],
  ];
  for (const [index, [dialect, kind, externalId, name, settings]] of sources.entries()) {
    await tx.query(
      `insert into source (workspace_id, id, public_id, dialect, kind, external_id, name, node_id, settings, created_at)
       values ($1, $2, $3, $4, $5, $6, $7, $8, $9::text::jsonb, $10)`,
      [
        id,
        index + 1,
        newRecordId(now.getTime()),
        dialect,
        kind,
        externalId,
        name,
        nodeIds.get(dialect)!,
        JSON.stringify(settings),
        now,
      ],
    );
  }
}

async function insertBindings(tx: Transaction, id: WorkspaceId, names: DialectNames): Promise<void> {
  const bindings: [DialectName, string, string, Record<string, unknown>][] = [
    ['webengage', 'license', names.licenseCode, {}],
    ['webmarketer', 'project', names.projectId, {}],
    ['signals', 'partner', names.partnerId, {}],
    ['signals', 'client', names.clientId, { partnerId: names.partnerId }],
    ['signals', 'app', names.appId, {}],
  ];
  for (const [dialect, kind, externalId, settings] of bindings) {
    await tx.query(
      `insert into dialect_binding (dialect, kind, external_id, workspace_id, settings) values ($1, $2, $3, $4, $5::text::jsonb)`,
      [dialect, kind, externalId, id, JSON.stringify(settings)],
    );
  }
}
