import type { Static } from 'typebox';
import { isUuid } from '../../../../core/id.ts';
import { readHolders } from '../../../../core/identity/identity-store.ts';
import type { Node } from '../../../../core/node/node.ts';
import { nodeIdsOf, type Workspace } from '../../../../core/workspace/workspace.ts';
import { type Operation, operation } from '../../../../http/operation.ts';
import {
  allConsents,
  countConsents,
  maximumConsents,
  readConsent,
  readConsents,
} from '../../../../query/consents/read-consents.ts';
import type { Services } from '../../../dialect.ts';
import { at, findOwnNode } from '../../access.ts';
import { notFound } from '../../errors.ts';
import { readProfileIdsOfRecords } from '../../query/record.ts';
import { parseDateSort, presentPage } from '../paging.ts';
import { WorkspaceParameters } from '../schemas.ts';
import { parseConsentSearch, parseUniqueKey } from './parse.ts';
import { presentConsent } from './present.ts';
import { ConsentParameters, ConsentSearchQuery } from './schemas.ts';

/** What customers agreed to and when. Rows come of writes of customers (rules/consent-changes.ts), and none is ever changed. */
export const consentOperations: readonly Operation<Services>[] = [
  operation({
    ...at('listConsents'),
    summary: 'List consents',
    checks: { path: WorkspaceParameters, query: ConsentSearchQuery },
    handle: ({ services, access, query }) => listConsents(services, access.workspace, query),
  }),
  operation({
    ...at('readConsent'),
    summary: 'Get consent',
    checks: { path: ConsentParameters },
    handle: async ({ services, access: { workspace }, path: { consentId } }) => {
      const id = /^\d{1,15}$/.test(consentId) ? Number(consentId) : undefined;
      const consent = id === undefined ? undefined : await readConsent(services.database, workspace.id, id);
      if (!consent || !findOwnNode(workspace, consent.nodeId)) throw notFound('consent log', consentId);
      return presentConsent(consent);
    },
  }),
];

async function listConsents(
  { database }: Services,
  workspace: Workspace,
  search: Static<typeof ConsentSearchQuery>,
) {
  const { nodes, ...filter } = parseConsentSearch(search, workspace);
  const wanted = { ...filter, profileIds: await profileIdsOf(database, workspace, nodes, search) };
  const offset = search.page * search.size;
  const page = {
    // Its ids are in the order of time, too.
    ...parseDateSort(search.sort, 'consent logs', ['date', 'id']),
    offset,
    limit: Math.max(0, Math.min(search.size, maximumConsents - offset)),
  };
  const [consents, total, unfilteredTotal] = await Promise.all([
    page.limit > 0 ? readConsents(database, workspace.id, wanted, page) : [],
    countConsents(database, workspace.id, wanted),
    countConsents(database, workspace.id, {
      ...allConsents,
      nodeIds: nodeIdsOf(workspace, 'contacthub'),
    }),
  ]);
  return presentPage(consents.map(presentConsent), search, total, unfilteredTotal);
}

/** Null: whoever's. A customer who is gone is still known by the id. */
async function profileIdsOf(
  database: Services['database'],
  workspace: Workspace,
  nodes: readonly Node[],
  { customerId, uniqueKey }: Static<typeof ConsentSearchQuery>,
): Promise<readonly string[] | null> {
  const ofRecords = (ids: readonly string[]) => readProfileIdsOfRecords(database, workspace.id, ids);
  const ofCustomer =
    customerId === undefined ? null : await ofRecords([customerId.toLowerCase()].filter(isUuid));
  if (uniqueKey === undefined) return ofCustomer;
  const keys = parseUniqueKey(uniqueKey, nodes);
  const wanted = keys.map(([, key]) => key);
  const holders = await readHolders(
    database,
    workspace.id,
    wanted,
    keys.map(([nodeId]) => nodeId),
  );
  const matched = holders.filter((holder) => keys.some(([nodeId]) => nodeId === holder.nodeId));
  const ofKey = await ofRecords(matched.map((holder) => holder.profileId));
  return ofCustomer ? ofKey.filter((id) => ofCustomer.includes(id)) : ofKey;
}
