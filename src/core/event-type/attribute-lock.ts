import { arrayLiteral } from '../../store/parameters.ts';
import type { Queryable } from '../../store/queryable.ts';
import { type DataType, dataTypeOf } from '../event/data-type.ts';
import type { WorkspaceId } from '../workspace/workspace.ts';

/** docs/spec/webengage.md B8: attributes of one data type that a type of event can have, over all events ever. */
const maximumPerDataType = 25;

/** The type number under which the attributes of profiles are locked. */
export const profileLockType = 0;

/**
 * What the first value of each attribute of one event type has settled (docs/spec/webengage.md B7, B8). Entries never change, so a
 * name that is known here needs no look into the database.
 */
export class AttributeLocks {
  readonly #types = new Map<string, DataType>();
  readonly #perType = new Map<DataType, number>();

  learn(name: string, dataType: DataType): void {
    if (this.#types.has(name)) return;
    this.#types.set(name, dataType);
    this.#perType.set(dataType, (this.#perType.get(dataType) ?? 0) + 1);
  }

  copy(): AttributeLocks {
    const copy = new AttributeLocks();
    for (const [name, dataType] of this.#types) copy.learn(name, dataType);
    return copy;
  }

  has(name: string): boolean {
    return this.#types.has(name);
  }

  /** `fits`, `first` (this value would settle the type), or why the attribute is dropped. A null says nothing: it is skipped. */
  judge(name: string, value: unknown): 'fits' | 'first' | 'null' | 'other-type' | 'too-many' {
    const dataType = dataTypeOf(value);
    if (!dataType) return 'null';
    const locked = this.#types.get(name);
    if (locked) return locked === dataType ? 'fits' : 'other-type';
    return (this.#perType.get(dataType) ?? 0) < maximumPerDataType ? 'first' : 'too-many';
  }
}

export interface NewLock {
  readonly typeId: number;
  readonly name: string;
  readonly dataType: DataType;
}

/** All locks of the given event types. */
export async function readAttributeLocks(
  connection: Queryable,
  workspaceId: WorkspaceId,
  typeIds: readonly number[],
): Promise<NewLock[]> {
  const rows = await connection.query<{ type_id: number; name: string; data_type: DataType }>(
    'select type_id, name, data_type from attribute_lock where workspace_id = $1 and type_id = any($2::text::integer[])',
    [workspaceId, arrayLiteral(typeIds)],
  );
  return rows.map((row) => ({ typeId: row.type_id, name: row.name, dataType: row.data_type }));
}

export async function insertAttributeLocks(
  connection: Queryable,
  workspaceId: WorkspaceId,
  locks: readonly NewLock[],
): Promise<void> {
  await connection.query(
    `insert into attribute_lock (workspace_id, type_id, name, data_type)
     select h.workspace_id, l.* from workspace_head h,
            unnest($2::text::integer[], $3::text::text[], $4::text::text[]) as l
      where h.workspace_id = $1
     on conflict do nothing`,
    [
      workspaceId,
      arrayLiteral(locks.map((lock) => lock.typeId)),
      arrayLiteral(locks.map((lock) => lock.name)),
      arrayLiteral(locks.map((lock) => lock.dataType)),
    ],
  );
}
