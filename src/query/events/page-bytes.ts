/** How many bytes of documents a page of events holds: each costs the process ten times that while it is made. */
export const maximumPageBytes = 4 * 1024 * 1024;

/** What a page's row says besides its event. */
export interface PageRow {
  /** How many rows were read before the page was cut to its bytes. */
  page_rows: number;
}

/**
 * The rows of a page of events, cut where their documents have more bytes than `maximum` (a parameter) together. `rows` selects them
 * with properties and detail, `order` is theirs. The first is always there, however large it is, so that whoever reads on from a
 * page's last row comes to an end. Their stored size, which is no larger, is looked at first: it is known without unpacking them.
 */
export function cutToBytes(rows: string, order: string, maximum: string): string {
  const stored = 'pg_column_size(properties) + coalesce(pg_column_size(detail), 0)';
  return `select * from (
            select *, sum(document_bytes) over (order by ${order}) as page_bytes from (
              select *, octet_length(properties::text) + coalesce(octet_length(detail::text), 0) as document_bytes from (
                select *, sum(${stored}) over (order by ${order}) - (${stored}) as stored_before,
                       (count(*) over ())::integer as page_rows
                  from (${rows}) page) stored
               where stored_before < ${maximum}) sized) summed
           where page_bytes <= ${maximum} or page_bytes = document_bytes`;
}

/** Whether rows were left out for their bytes. */
export function isCut(rows: readonly PageRow[]): boolean {
  const [first] = rows;
  return first !== undefined && first.page_rows > rows.length;
}
