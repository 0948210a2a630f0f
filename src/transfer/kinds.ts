/** A kind of records, as they stand in a file: a line each (docs/export-format.md). */
export interface RecordKind {
  /** By what its lines are known. */
  readonly record: string;
  readonly table: string;
  /**
   * The members of a line, in their order. A member is called as its column, in camel case: a column may be renamed, a member may not, and
   * then says here what its column is.
   */
  readonly fields: readonly string[];
  /** The columns by which its lines are in order, for `order by`. */
  readonly order: string;
  /** Its rows are of all workspaces; what is there already stays. */
  readonly isShared?: true;
  /**
   * It opens the workspace, or sets something going in it: its lines stand behind those of all other kinds, and come in once what follows from
   * those is made.
   */
  readonly isLast?: true;
}

/** A table whose rows are in no file. */
export interface LeftOutTable {
  readonly table: string;
  /** What makes it anew: `counts` of a projection. Null: nothing has to. */
  readonly madeBy: string | null;
  readonly why: string;
}

/** What is carried of a workspace, and what is not. Every table of tenants is in one of the two. */
export interface Transfer {
  readonly kinds: readonly RecordKind[];
  readonly leftOut: readonly LeftOutTable[];
}

export function kindOf(
  record: string,
  table: string,
  order: string,
  fields: string,
  options: Pick<RecordKind, 'isShared' | 'isLast'> = {},
): RecordKind {
  return { record, table, order, fields: fields.trim().split(/\s+/), ...options };
}

/** The engine's and the dialects', in the order in which they are written: what opens the workspace is last. */
export function joinTransfers(transfers: readonly Transfer[]): Transfer {
  const kinds = transfers.flatMap((one) => one.kinds);
  const isLast = (kind: RecordKind) => kind.isLast === true;
  return {
    kinds: [...kinds.filter((kind) => !isLast(kind)), ...kinds.filter(isLast)],
    leftOut: transfers.flatMap(({ leftOut }) => leftOut),
  };
}

/** `createdAt` → `created_at`. */
export function columnOf(field: string): string {
  return field.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}
