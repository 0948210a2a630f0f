import type { Consent, ConsentAct } from '../../core/consent/consent.ts';
import { type ConsentRow, consentColumns, consentFromRow } from '../../core/consent/consent-store.ts';
import type { WorkspaceId } from '../../core/workspace/workspace.ts';
import { columnsOf } from '../../store/columns.ts';
import { arrayLiteral } from '../../store/parameters.ts';
import { onlyRow, type Parameter, type Queryable } from '../../store/queryable.ts';

/** Of the matches only so many count. */
export const maximumConsents = 10_000;

/** What is null is not asked for. */
export interface ConsentFilter {
  readonly profileIds: readonly string[] | null;
  readonly nodeIds: readonly number[] | null;
  readonly act: ConsentAct | null;
  readonly properties: readonly string[] | null;
  /** Inclusive. */
  readonly from: Date | null;
  /** Exclusive. */
  readonly until: Date | null;
}

export const allConsents: ConsentFilter = {
  profileIds: null,
  nodeIds: null,
  act: null,
  properties: null,
  from: null,
  until: null,
};

export interface ConsentPage {
  readonly descending: boolean;
  /** Where the page before ended; absent: at the beginning. */
  readonly after?: Pick<Consent, 'loggedAt' | 'id'> | undefined;
  readonly offset: number;
  readonly limit: number;
}

/** A row of the log with whom it concerns now. */
export interface ShownConsent extends Consent {
  /** The record and the person that the profile belongs to; its own id where it is gone. */
  readonly recordId: string;
  readonly personId: string;
}

/** A page of the log, by time. */
export async function readConsents(
  connection: Queryable,
  workspaceId: WorkspaceId,
  filter: ConsentFilter,
  { descending, after, offset, limit }: ConsentPage,
): Promise<ShownConsent[]> {
  const direction = descending ? 'desc' : 'asc';
  const order = (alias: string) => `${alias}.logged_at ${direction}, ${alias}.id ${direction}`;
  const parameters = [
    ...parametersOf(workspaceId, filter),
    after?.loggedAt ?? (descending ? 'infinity' : '-infinity'),
    after?.id ?? (descending ? Number.MAX_SAFE_INTEGER : 0),
    offset + limit,
    offset,
    limit,
  ];
  const beyond = `(l.logged_at, l.id) ${descending ? '<' : '>'} ($8::text::timestamptz, $9::text::bigint)`;
  const rows = await connection.query<ShownConsentRow>(
    `select ${columnsOf('c', consentColumns)}, ${shownColumns}
       from (${matching(filter, `and ${beyond} order by ${order('l')} limit $10`)}) c ${shownJoin}
      order by ${order('c')} offset $11 limit $12`,
    parameters.map((parameter) => (parameter instanceof Date ? parameter.toISOString() : parameter)),
  );
  return rows.map(shownConsentFromRow);
}

/** How many rows match, up to `maximumConsents`. */
export async function countConsents(
  connection: Queryable,
  workspaceId: WorkspaceId,
  filter: ConsentFilter,
): Promise<number> {
  const { total } = onlyRow(
    await connection.query<{ total: number }>(
      `select count(*)::integer as total
         from (select from (${matching(filter, `limit ${maximumConsents}`)}) c limit ${maximumConsents}) counted`,
      parametersOf(workspaceId, filter),
    ),
  );
  return total;
}

export async function readConsent(
  connection: Queryable,
  workspaceId: WorkspaceId,
  id: number,
): Promise<ShownConsent | undefined> {
  const [row] = await connection.query<ShownConsentRow>(
    `select ${columnsOf('c', consentColumns)}, ${shownColumns}
       from consent_log c ${shownJoin}
      where c.workspace_id = $1 and c.id = $2`,
    [workspaceId, id],
  );
  return row && shownConsentFromRow(row);
}

type ShownConsentRow = ConsentRow & { record_id: string; person_id: string };

const shownColumns = `coalesce(p.record_id, c.profile_id) as record_id, coalesce(p.person_id, c.profile_id) as person_id`;
const shownJoin = 'left join profile p on p.workspace_id = $1 and p.id = c.profile_id';

function shownConsentFromRow(row: ShownConsentRow): ShownConsent {
  return { ...consentFromRow(row), recordId: row.record_id, personId: row.person_id };
}

/**
 * The rows of each profile, property or act that is asked for, each by an index that has them in order. The text has few forms, since
 * each is kept as a prepared statement by the server. `rest`: what ends each index's reading.
 */
function matching({ profileIds, properties, act }: ConsentFilter, rest: string): string {
  const rows = (belongs: string) => `
      select l.* from consent_log l
       where l.workspace_id = $1 ${belongs}
         and ($4::text is null or l.act = $4::text)
         and ($2::text is null or l.profile_id = any($2::text::uuid[]))
         and ($3::text is null or l.property = any($3::text::text[]))
         and ($5::text is null or l.node_id = any($5::text::integer[]))
         and l.logged_at >= coalesce($6::text::timestamptz, '-infinity')
         and l.logged_at < coalesce($7::text::timestamptz, 'infinity') ${rest}`;
  const each = (list: string, belongs: string) =>
    `select own.* from unnest(${list}) as wanted (value) cross join lateral (${rows(belongs)}) own`;
  if (profileIds) return each('$2::text::uuid[]', 'and l.profile_id = wanted.value');
  if (properties) return each('$3::text::text[]', 'and l.property = wanted.value');
  return rows(act ? 'and l.act = $4::text' : '');
}

function parametersOf(workspaceId: WorkspaceId, filter: ConsentFilter): Parameter[] {
  const { profileIds, properties, act, nodeIds, from, until } = filter;
  return [
    workspaceId,
    profileIds && arrayLiteral(profileIds),
    properties && arrayLiteral(properties),
    act,
    nodeIds && arrayLiteral([...nodeIds]),
    from?.toISOString() ?? null,
    until?.toISOString() ?? null,
  ];
}
