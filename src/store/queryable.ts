/** A value that a statement takes. Lists go as array literals (`arrayLiteral`) or as one JSON text, never as parts of SQL. */
export type Parameter = string | number | boolean | null | Uint8Array | Date;

/** How one question differs from others. */
export interface QuestionOptions {
  /** How long it may take, where that is less than its connection allows. */
  readonly milliseconds?: number;
  /** True: it may take very long, and leaves a place of its workspace's to others. */
  readonly dear?: boolean;
  /** True: its text is made for it alone. It is planned for its values, and no connection keeps it prepared. */
  readonly once?: boolean;
}

/** What the stores need of a connection: a pool for reads, a transaction for writes. */
export interface Queryable {
  query<Row extends object>(text: string, parameters?: readonly Parameter[]): Promise<Row[]>;
}

/** The row of a statement that always answers one, such as a count. */
export function onlyRow<Row>([row]: readonly Row[]): Row {
  if (row === undefined) throw new Error('a statement that always answers a row answered none');
  return row;
}
