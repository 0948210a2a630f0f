import {
  createColumnHelper,
  createSortedRowModel,
  type ReactTable,
  rowSortingFeature,
  type SortingState,
  sortFn_alphanumeric,
  tableFeatures,
  type Updater,
  useTable,
} from '@tanstack/react-table';
import { useVirtualizer } from '@tanstack/react-virtual';
import { type ReactNode, type RefObject, useEffect, useMemo, useRef } from 'react';
import { Icon } from './icons.tsx';
import { formatCount } from './number.ts';

export interface Column<Row> {
  readonly id: string;
  readonly head: string;
  readonly cell: (row: Row) => ReactNode;
  /** By what the column sorts; without it, it does not. */
  readonly sortBy?: (row: Row) => string | number;
  /** Figures stand at the right. */
  readonly isNumber?: boolean;
}

/** A column of figures, which it sorts by; shown as a count unless said. */
export function numberColumn<Row>(
  id: string,
  head: string,
  figureOf: (row: Row) => number,
  cell: (row: Row) => ReactNode = (row) => formatCount(figureOf(row)),
): Column<Row> {
  return { id, head, sortBy: figureOf, cell, isNumber: true };
}

interface DataTableProps<Row> {
  /** Says to who can't see what the rows are. */
  readonly caption: string;
  readonly columns: readonly Column<Row>[];
  readonly rows: readonly Row[];
  readonly rowKey: (row: Row) => string;
  /** Beneath the last row: more to load, an end. */
  readonly foot?: ReactNode;
  /** Rows that stay beneath all others, however these are sorted. */
  readonly sums?: readonly SumRow[];
  /** The column that it is sorted by, with a minus before it in descending order; without `onSort` the table remembers it by itself. */
  readonly sort?: string | undefined;
  readonly onSort?: (sort: string | undefined) => void;
  /** The key of the row that one has come for: it is marked, and scrolled to. */
  readonly current?: string | undefined;
}

/** What rows come to. */
export interface SumRow {
  readonly id: string;
  readonly head: ReactNode;
  /** By the column's id; the head stands in the first. */
  readonly cells: Readonly<Record<string, ReactNode>>;
}

const features = tableFeatures({
  rowSortingFeature,
  sortedRowModel: createSortedRowModel(),
  sortFns: { alphanumeric: sortFn_alphanumeric },
});

/**
 * Rows in columns, sorted by their heads, in a place that scrolls by itself: of a long list the rows in sight alone are in the page. Give
 * it columns and rows that stay the same objects until they change.
 */
export function DataTable<Row extends object>(props: DataTableProps<Row>) {
  const { caption, columns, rows, rowKey, foot, sums = [], sort, onSort, current } = props;
  const tableColumns = useMemo(() => {
    const helper = createColumnHelper<typeof features, Row>();
    return helper.columns(
      columns.map(({ id, head, cell, sortBy }) =>
        helper.accessor((row) => sortBy?.(row) ?? '', {
          id,
          header: head,
          cell: ({ row }) => cell(row.original),
          enableSorting: sortBy !== undefined,
        }),
      ),
    );
  }, [columns]);
  const data = useMemo(() => [...rows], [rows]);
  const sorting = useMemo(() => sortingOf(sort), [sort]);
  const table = useTable({
    features,
    columns: tableColumns,
    data,
    getRowId: rowKey,
    ...(onSort && {
      state: { sorting },
      onSortingChange: (change: Updater<SortingState>) =>
        onSort(sortIn(typeof change === 'function' ? change(sorting) : change)),
    }),
  });
  const numbers = new Set(columns.filter(({ isNumber }) => isNumber).map(({ id }) => id));
  const view = { table, caption, numbers, foot, sums, current };
  return <TableView {...view} />;
}

function sortingOf(sort: string | undefined): SortingState {
  if (sort === undefined) return [];
  const desc = sort.startsWith('-');
  return [{ id: desc ? sort.slice(1) : sort, desc }];
}

function sortIn([first]: SortingState): string | undefined {
  return first && `${first.desc ? '-' : ''}${first.id}`;
}

interface TableViewProps<Row extends object> {
  readonly table: ReactTable<typeof features, Row>;
  readonly caption: string;
  readonly numbers: ReadonlySet<string>;
  readonly foot: ReactNode;
  readonly sums: readonly SumRow[];
  readonly current: string | undefined;
}

function TableView<Row extends object>(props: TableViewProps<Row>) {
  const { table, caption, numbers, foot, sums, current } = props;
  const place = useRef<HTMLElement>(null);
  const { rows } = table.getRowModel();
  const virtualizer = useVirtualizer({
    count: rows.length,
    getScrollElement: () => place.current,
    estimateSize: () => 41,
    getItemKey: (index) => rows[index]?.id ?? index,
    overscan: 12,
    initialRect: { width: 800, height: 800 },
  });
  useScrollTo(place, virtualizer, current === undefined ? -1 : rows.findIndex(({ id }) => id === current));
  const items = virtualizer.getVirtualItems();
  const before = items[0]?.start ?? 0;
  const after = virtualizer.getTotalSize() - (items.at(-1)?.end ?? 0);
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what can scroll has to be reached by keyboard
    <section className="table-place" ref={place} tabIndex={0} aria-label={caption}>
      <table className="table" aria-rowcount={rows.length + 1 + sums.length}>
        <caption className="only-read">{caption}</caption>
        <thead>
          <tr>
            {table.getFlatHeaders().map((header) => (
              <Head key={header.id} header={header} isNumber={numbers.has(header.column.id)} />
            ))}
          </tr>
        </thead>
        <tbody>
          {before > 0 ? <tr style={{ height: before }} /> : null}
          {items.map(({ index }) => {
            const row = rows[index];
            return row ? (
              <tr
                key={row.id}
                data-index={index}
                ref={virtualizer.measureElement}
                aria-rowindex={index + 2}
                aria-current={row.id === current || undefined}
              >
                {row.getAllCells().map((cell) => (
                  <td key={cell.id} className={numbers.has(cell.column.id) ? 'number' : undefined}>
                    <table.FlexRender cell={cell} />
                  </td>
                ))}
              </tr>
            ) : null;
          })}
          {after > 0 ? <tr style={{ height: after }} /> : null}
        </tbody>
        {sums.length > 0 ? (
          <Sums sums={sums} columns={table.getAllLeafColumns().map(({ id }) => id)} numbers={numbers} />
        ) : null}
      </table>
      {foot}
    </section>
  );
}

/** Brings the row that one has come for into sight, once it is there; -1: there is none. */
function useScrollTo(
  place: RefObject<HTMLElement | null>,
  virtualizer: { readonly scrollToIndex: (index: number, options: { align: 'center' }) => void },
  index: number,
): void {
  const come = useRef(false);
  useEffect(() => {
    if (index < 0 || come.current) return;
    come.current = true;
    virtualizer.scrollToIndex(index, { align: 'center' });
    place.current?.scrollIntoView({ block: 'nearest' });
  });
}

interface SumsProps {
  readonly sums: readonly SumRow[];
  /** Their ids, in their order. */
  readonly columns: readonly string[];
  readonly numbers: ReadonlySet<string>;
}

function Sums({ sums, columns: [, ...columns], numbers }: SumsProps) {
  return (
    <tfoot>
      {sums.map(({ id, head, cells }) => (
        <tr key={id}>
          <th scope="row">{head}</th>
          {columns.map((column) => (
            <td key={column} className={numbers.has(column) ? 'number' : undefined}>
              {cells[column]}
            </td>
          ))}
        </tr>
      ))}
    </tfoot>
  );
}

interface HeadProps {
  readonly header: {
    readonly column: {
      readonly columnDef: { readonly header?: unknown };
      readonly getCanSort: () => boolean;
      readonly getIsSorted: () => false | 'asc' | 'desc';
      readonly toggleSorting: () => void;
    };
  };
  readonly isNumber: boolean;
}

const directions = { asc: 'ascending', desc: 'descending' } as const;

function Head({ header: { column }, isNumber }: HeadProps) {
  const title = String(column.columnDef.header ?? '');
  const sorted = column.getIsSorted();
  const direction = sorted === false ? undefined : directions[sorted];
  return (
    <th
      scope="col"
      className={isNumber ? 'number' : undefined}
      {...(direction === undefined ? {} : { 'aria-sort': direction })}
    >
      {column.getCanSort() ? (
        <button
          type="button"
          className="sort"
          data-direction={direction}
          onClick={() => column.toggleSorting()}
        >
          {title}
          {direction ? <Icon name="down" size={12} /> : null}
        </button>
      ) : (
        title
      )}
    </th>
  );
}
