/** A value that a statement takes. Lists go as array literals (`arrayLiteral`) or as one JSON text, never as parts of SQL. */
export type Parameter = string | number | boolean | null | Uint8Array | Date;

/** What the stores need of a connection: a pool for reads, a transaction for writes. */
export interface Queryable {
  query<Row extends object>(text: string, parameters?: readonly Parameter[]): Promise<Row[]>;
}
