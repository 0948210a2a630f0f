/** A page of a timeline as a list of what is shown of it: the heading of a day, or the number of an event within the page. */
export interface PageShape {
  /** From where the page was read; undefined: from the newest on. */
  readonly cursor: string | undefined;
  /** From where the one behind it is; null: it is the last. */
  readonly next: string | null;
  /** Of the reading that it is the shape of. */
  readonly readAt: number;
  readonly lines: readonly (string | number)[];
  /** Of its last event. */
  readonly lastDay: string | undefined;
}

interface ReadPage {
  readonly cursor: string | undefined;
  readonly readAt: number;
  readonly next: string | null;
  readonly events: readonly { readonly occurredAt: string }[];
}

/** `dayOf`: the day of an instant in words. `before`: the day of the last event of the page before. */
export function shapeOf(
  { cursor, readAt, next, events }: ReadPage,
  dayOf: (at: string) => string,
  before: string | undefined,
): PageShape {
  const lines: (string | number)[] = [];
  let lastDay = before;
  for (const [index, { occurredAt }] of events.entries()) {
    const day = dayOf(occurredAt);
    if (day !== lastDay) lines.push(day);
    lastDay = day;
    lines.push(index);
  }
  return { cursor, next, readAt, lines, lastDay };
}

/**
 * The shapes with that of a page that was read. Those behind it stay where it still leads to them: what came in meanwhile moves where a
 * page ends.
 */
export function withShape(
  shapes: readonly PageShape[],
  page: number,
  shape: PageShape,
): readonly PageShape[] {
  const behind = shapes[page]?.next === shape.next ? shapes.slice(page + 1) : [];
  return [...shapes.slice(0, page), shape, ...behind];
}

/** Where each page begins among all lines, and behind them their number. */
export function startsOf(shapes: readonly PageShape[]): readonly number[] {
  const starts = [0];
  for (const { lines } of shapes) starts.push((starts.at(-1) ?? 0) + lines.length);
  return starts;
}

/** The page that a line is of. */
export function pageOf(starts: readonly number[], line: number): number {
  let low = 0;
  let high = starts.length - 2;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if ((starts[middle] ?? 0) <= line) low = middle;
    else high = middle - 1;
  }
  return Math.max(low, 0);
}
