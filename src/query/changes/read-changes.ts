import type { DialectName } from '../../core/dialect-name.ts';
import type { Workspace, WorkspaceId } from '../../core/workspace/workspace.ts';
import { joinRows, joinValues, splitFirst, splitRows } from '../../store/joined-rows.ts';
import { arrayLiteral } from '../../store/parameters.ts';
import type { Queryable } from '../../store/queryable.ts';
import { looksInCommon } from './look-in-common.ts';

export type ChangedEntity = 'record' | 'event';

/**
 * Which changes are asked for. The dialect's nodes and event types are those that there are when the changes are read: by those that a
 * process knew, the first event of a type would be passed over for good.
 */
export interface ChangeFilter {
  readonly entities: readonly ChangedEntity[];
  readonly dialect: DialectName;
  /** Of the profile, or of the event's profile; null: any of the dialect's. */
  readonly nodeIds: readonly number[] | null;
}

/** What is read with an event that was created: SQL of a text about the row `e`, and of the one row besides that it is told with. */
export interface EventTelling {
  readonly text: string;
  readonly from: string;
}

/** A change of a record or an event, as it was; what has become of it since is read by its id. */
export interface EntityChange {
  readonly seq: number;
  readonly entity: ChangedEntity;
  /** Of a record: the id of the profile that was changed. */
  readonly id: string;
  readonly operation: 'create' | 'update' | 'delete';
  /** Null where the change itself does not say. */
  readonly nodeId: number | null;
  /** What is told of a deletion. */
  readonly data: Readonly<Record<string, string>> | null;
  /** Of an event's creation: its type's name, and its telling. Null where the row that it is told with is not there any more. */
  readonly event: { readonly type: string; readonly telling: string } | null;
}

/** So many changes are read at once: whatever they hold, a page has no more of them in memory than a few times these, and what it tells. */
const sliceSize = 250;
/** So many looks make one answer at most. */
const maximumLooks = 10;
/** A look goes over twice as many seqs as are wanted, and over four times as many as the one before, where that did not find them. */
const growth = 4;
const mostSeqs = 500_000;

function seqsOfLook(look: number, limit: number): number {
  return Math.min(mostSeqs, 2 * limit * growth ** look);
}

/** Changes in commit order, and how far was looked: what is committed later is behind that. */
export interface Slice {
  readonly changes: readonly EntityChange[];
  readonly reached: number;
}

/**
 * The changes behind `after`, in commit order, in slices: each is being read while the one before it is worked on. Fewer than `limit` are
 * all that there are, unless very many others lie between. Who reads the same in the same time gets the same lists of changes.
 */
export async function* readChanges(
  connection: Queryable,
  workspace: Workspace,
  filter: ChangeFilter,
  telling: EventTelling,
  { after, limit }: { readonly after: number; readonly limit: number },
): AsyncGenerator<Slice> {
  let reached = after;
  let missing = limit;
  let emptyLooks = 0;
  const reader = looksInCommon.enter(workspace);
  const lookOn = () => {
    const wanted = Math.min(missing, sliceSize);
    const span = { from: reached, seqs: seqsOfLook(emptyLooks, wanted), direction: 'asc' } as const;
    const look = reader.look(JSON.stringify([filter, span, wanted]), () =>
      lookOver(connection, workspace.id, filter, telling, span, wanted),
    );
    // Whoever ends early does not wait for it.
    look.catch(() => {});
    return { wanted, look };
  };
  try {
    let pending = limit > 0 ? lookOn() : undefined;
    while (pending) {
      const { changes, high, last } = await pending.look;
      const lastChange = changes.length === pending.wanted ? changes.at(-1) : undefined;
      reached = Math.max(reached, lastChange?.seq ?? high);
      missing -= changes.length;
      if (!lastChange) emptyLooks++;
      const isOver = missing === 0 || (!lastChange && (high >= last || emptyLooks === maximumLooks));
      pending = isOver ? undefined : lookOn();
      yield { changes, reached };
    }
  } finally {
    reader.leave();
  }
}

/** The seq of the last change, 0 where there is none; where very many others are behind it, one behind it that is not behind these. */
export async function readLastChange(
  connection: Queryable,
  workspaceId: WorkspaceId,
  filter: ChangeFilter,
): Promise<number> {
  let from = Number.MAX_SAFE_INTEGER;
  for (let index = 0; index < maximumLooks && from > 0; index++) {
    const span = { from, seqs: seqsOfLook(index, 100), direction: 'desc' } as const;
    const { changes, low } = await lookOver(connection, workspaceId, filter, null, span, 1);
    if (changes[0]) return changes[0].seq;
    from = low;
  }
  return from;
}

/** The seqs that one statement looks at: from `from` on upwards, that one left out, or downwards, that one too. */
interface Span {
  readonly from: number;
  readonly seqs: number;
  readonly direction: 'asc' | 'desc';
}

/** What was found behind `low` and up to `high`, when the workspace's last seq was `last`. */
export interface Look {
  readonly low: number;
  readonly high: number;
  readonly last: number;
  readonly changes: readonly EntityChange[];
}

/** One statement, so that rows and `last` are of one moment. */
async function lookOver(
  connection: Queryable,
  workspaceId: WorkspaceId,
  { entities, dialect, nodeIds }: ChangeFilter,
  telling: EventTelling | null,
  { from, seqs, direction }: Span,
  limit: number,
): Promise<Look> {
  const parts = [...(entities.includes('event') ? [createdEvents(telling)] : []), changesOf(entities)];
  const [row] = await connection.query<LookRow>(lookText(parts, direction), [
    workspaceId,
    from,
    seqs,
    limit,
    dialect,
    nodeIds && arrayLiteral([...nodeIds]),
  ]);
  const { low = 0, high = 0, last = 0, types = null, changes = null } = row ?? {};
  const typeNames = new Map(splitRows(types).map((type) => splitPair(type)));
  return { low, high, last, changes: splitRows(changes).map((text) => readChange(text, typeNames)) };
}

interface LookRow {
  low: number;
  high: number;
  last: number;
  types: string | null;
  changes: string | null;
}

/** A type's name is read once in a look, and not with each event. */
const typeRow = joinValues(['t.id', 't.name']);

function splitPair(text: string): readonly [string, string] {
  const { values, rest } = splitFirst(text, 1);
  return [values[0] ?? '', rest];
}

/** SQL of a change's row, in the order in which `readChange` takes it apart. */
function changeRow(values: {
  readonly seq: string;
  readonly entity: string;
  readonly id: string;
  readonly operation: string;
  readonly nodeId: string;
  readonly data: string;
  readonly typeId: string;
  readonly telling: string;
}): string {
  const { seq, entity, id, operation, nodeId, data, typeId, telling } = values;
  return joinValues([seq, entity, id, operation, nodeId, data, typeId, telling]);
}

function readChange(text: string, typeNames: ReadonlyMap<string, string>): EntityChange {
  const { values, rest: telling } = splitFirst(text, 7);
  const [seq, entity, id = '', operation, nodeId, data = '', typeId = ''] = values;
  return {
    seq: Number(seq),
    entity: entity === 'event' ? 'event' : 'record',
    id,
    operation: operation === 'create' || operation === 'delete' ? operation : 'update',
    nodeId: nodeId === '' ? null : Number(nodeId),
    data: data === '' ? null : JSON.parse(data),
    event: telling === '' ? null : { type: typeNames.get(typeId) ?? '', telling },
  };
}

/**
 * Each part has its rows in order by an index, of which no more are read than the page takes, and makes one text of each, so that what
 * puts them in order has two values to pass on.
 */
function lookText(parts: readonly string[], direction: Span['direction']): string {
  const bounds =
    direction === 'asc'
      ? '$2::bigint as low, least(h.seq, $2::bigint + $3::bigint) as high'
      : 'greatest(0, least(h.seq, $2::bigint) - $3::bigint) as low, least(h.seq, $2::bigint) as high';
  const ordered = parts.map((part) => `(${part} order by seq ${direction} limit $4)`);
  return `
    select b.low, b.high, b.last,
           (select ${joinRows(typeRow, 't.id')} from event_type t where t.workspace_id = $1 and t.dialect = $5) as types, (
        select ${joinRows('u.row', `u.seq ${direction}`)}
          from (select * from (${ordered.join(' union all ')}) parts order by seq ${direction} limit $4) u) as changes
      from (select h.seq as last, ${bounds} from workspace_head h where h.workspace_id = $1) b`;
}

const wantedNodes = `array(
  select n.id from node n where n.workspace_id = $1 and n.dialect = $5 and ($6::text is null or n.id = any($6::text::integer[])))`;

/** Events of the dialect's types are in its nodes, so that nobody has to look where all of these are asked for. */
const wantedTypes = 'array(select t.id from event_type t where t.workspace_id = $1 and t.dialect = $5)';

/** An event's creation is its own seq and has no row among the changes. */
function createdEvents(telling: EventTelling | null): string {
  const row = changeRow({
    seq: 'e.seq',
    entity: "'event'",
    id: 'e.id',
    operation: "'create'",
    nodeId: "''",
    data: "''",
    typeId: 'e.type_id',
    telling: telling ? 'told.text' : "''",
  });
  const told = telling
    ? `left join lateral (select ${telling.text} as text from ${telling.from} limit 1) told on true`
    : '';
  return `
  select e.seq, ${row} as row
    from event e ${told}
   where e.workspace_id = $1 and e.seq > b.low and e.seq <= b.high and e.type_id = any(${wantedTypes})
     and ($6::text is null or exists (
       select from profile p where p.workspace_id = $1 and p.id = e.profile_id and p.node_id = any($6::text::integer[])))`;
}

/** What is asked for of each kind of entity that changes are of. */
const wantedOf: Readonly<Record<ChangedEntity, string>> = {
  event: `when 'event' then true`,
  record: `when 'profile' then p.anonymous is not true when 'link' then c.operation <> 'undo' and not (p.anonymous and s.anonymous)`,
};

/**
 * Changes of events and of known profiles, and links by which somebody came to a known profile's record: an update of that one. What an
 * anonymous profile brings along are its events, which are shown with the record from then on and have no change of their own. Whose
 * records are parted tells a change of each (change/link.ts).
 */
function changesOf(entities: readonly ChangedEntity[]): string {
  const row = changeRow({
    seq: 'c.seq',
    entity: "case when c.entity = 'event' then 'event' else 'record' end",
    id: 'coalesce(case when p.anonymous then l.second_profile end, l.first_profile, c.entity_id)',
    operation:
      "case when c.entity <> 'link' and c.operation in ('create', 'delete') then c.operation else 'update' end",
    nodeId: 'coalesce(c.node_id, p.node_id)',
    data: 'c.data',
    typeId: "''",
    telling: "''",
  });
  return `
  select c.seq, ${row} as row
    from change c
    left join lateral (
      select first_profile, second_profile from link
       where workspace_id = $1 and id = c.entity_id and c.entity = 'link' and scope = 'record' limit 1) l on true
    left join lateral (
      select node_id, anonymous from profile
       where workspace_id = $1 and id = coalesce(l.first_profile, c.entity_id) and c.entity <> 'event' limit 1) p on true
    left join lateral (
      select anonymous from profile where workspace_id = $1 and id = l.second_profile limit 1) s on true
   where c.workspace_id = $1 and c.seq > b.low and c.seq <= b.high
     and coalesce(c.node_id, p.node_id) = any(${wantedNodes})
     and case c.entity ${entities.map((entity) => wantedOf[entity]).join(' ')} else false end`;
}
