import { onlyRow, type Parameter, type Queryable } from '../store/queryable.ts';

/** Which of all that a question finds are wanted. */
export interface Page {
  readonly limit: number;
  readonly offset: number;
}

/** A question that is answered in pages: `rows` in their order, and `count` with the number of all as `total`, by the same parameters. */
export interface PagedQuestion {
  readonly rows: string;
  readonly count: string;
  readonly parameters: readonly Parameter[];
}

/** A page of what the question finds, and how many there are in all: two statements, asked at once. */
export async function readPage<Row extends object>(
  connection: Queryable,
  { rows, count, parameters }: PagedQuestion,
  { limit, offset }: Page,
): Promise<{ rows: Row[]; total: number }> {
  const place = parameters.length;
  const [found, counted] = await Promise.all([
    connection.query<Row>(`${rows} limit $${place + 1}::bigint offset $${place + 2}::bigint`, [
      ...parameters,
      limit,
      offset,
    ]),
    connection.query<{ total: number }>(count, parameters),
  ]);
  return { rows: found, total: onlyRow(counted).total };
}
