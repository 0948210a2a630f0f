import { Link } from '@tanstack/react-router';
import { useVirtualizer } from '@tanstack/react-virtual';
import { useMemo, useRef } from 'react';
import { useWorkspace, useWorkspaceName } from '../../app/current-workspace.ts';
import { DialectTag } from '../../components/dialect-tag.tsx';
import { GlanceLine } from '../../components/glance.tsx';
import { countOf } from '../../components/number.ts';
import { Empty, Failure, Loading } from '../../components/states.tsx';
import { formatTime, Time } from '../../components/time.tsx';
import type { Happening, TimelineFilter } from './queries.ts';
import { type PageShape, pageOf, startsOf } from './timeline-shape.ts';
import { useShapes, useTimelinePages } from './use-timeline-pages.ts';

interface TimelineRowsProps {
  readonly personId: string;
  readonly filter: TimelineFilter;
}

/** So many lines before the end, what is behind it is asked for. */
const ahead = 150;
const lineHeight = 41;
const caption = 'What happened, newest first';

/**
 * All that happened, with a heading for each day, as far as one scrolls. Of however many events those in sight alone are in the page, and
 * of what was read the pages around them.
 */
export function TimelineRows({ personId, filter }: TimelineRowsProps) {
  const place = useRef<HTMLElement>(null);
  const known = useShapes();
  const [shapes] = known;
  const starts = useMemo(() => startsOf(shapes), [shapes]);
  const total = starts.at(-1) ?? 0;
  const virtualizer = useVirtualizer({
    count: total,
    getScrollElement: () => place.current,
    estimateSize: () => lineHeight,
    overscan: 12,
    initialRect: { width: 800, height: 800 },
  });
  const items = virtualizer.getVirtualItems();
  const [first, last] = [items[0]?.index ?? 0, items.at(-1)?.index ?? 0];
  const hasMore = shapes.at(-1)?.next !== null;
  const wanted = pagesBetween(
    pageOf(starts, first),
    hasMore && last >= total - ahead ? shapes.length : pageOf(starts, last),
  );
  const { events, isLoading, error, retry } = useTimelinePages(personId, filter, wanted, known);
  if (shapes.length === 0) return error ? <Failure error={error} retry={retry} /> : <Loading />;
  if (total === 0) return <Nothing isFiltered={filter.api !== undefined || filter.type !== undefined} />;
  const lineAt = (index: number): Line => {
    const page = pageOf(starts, index);
    const line = shapes[page]?.lines[index - (starts[page] ?? 0)];
    return typeof line === 'number' ? { event: events.get(page)?.[line] } : { day: line };
  };
  const before = items[0]?.start ?? 0;
  const after = virtualizer.getTotalSize() - (items.at(-1)?.end ?? 0);
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what can scroll has to be reached by keyboard
    <section className="table-place timeline-place" ref={place} tabIndex={0} aria-label={caption}>
      <table className="table" aria-rowcount={hasMore ? -1 : total + 1}>
        <caption className="only-read">{caption}</caption>
        <Head day={dayInSight(virtualizer.range?.startIndex ?? 0, shapes, starts)} />
        <tbody>
          {before > 0 ? <tr style={{ height: before }} /> : null}
          {items.map(({ index }) => (
            <TimelineLine
              key={index}
              index={index}
              line={lineAt(index)}
              personId={personId}
              measure={virtualizer.measureElement}
            />
          ))}
          {after > 0 ? <tr style={{ height: after }} /> : null}
        </tbody>
      </table>
      <div className="table-foot">
        <span className="soft small">
          {countOf(countEvents(shapes), 'event')} {hasMore ? 'so far' : 'in all'}
        </span>
        {error ? <Failure error={error} retry={retry} /> : null}
        {isLoading ? <span className="soft small">Loading …</span> : null}
      </div>
    </section>
  );
}

function pagesBetween(first: number, last: number): readonly number[] {
  return Array.from({ length: Math.max(last - first, 0) + 1 }, (_, index) => first + index);
}

function countEvents(shapes: readonly PageShape[]): number {
  let count = 0;
  for (const { lines } of shapes) for (const line of lines) if (typeof line === 'number') count++;
  return count;
}

/** The day that the first line in sight is of, whose heading is above it; undefined where that is in sight itself. */
function dayInSight(
  index: number,
  shapes: readonly PageShape[],
  starts: readonly number[],
): string | undefined {
  const first = pageOf(starts, index);
  if (typeof shapes[first]?.lines[index - (starts[first] ?? 0)] === 'string') return undefined;
  for (let page = first; page >= 0; page--) {
    const lines = shapes[page]?.lines ?? [];
    const from = page === first ? index - (starts[page] ?? 0) : lines.length - 1;
    for (let line = from; line >= 0; line--) {
      const found = lines[line];
      if (typeof found === 'string') return found;
    }
  }
  return undefined;
}

function Nothing({ isFiltered }: { readonly isFiltered: boolean }) {
  return isFiltered ? (
    <Empty title="No such event">There is none of this kind; take a filter away.</Empty>
  ) : (
    <Empty title="Nothing happened yet">
      The APIs know who this is, and have told of no event. What they tell from now on stands here.
    </Empty>
  );
}

function Head({ day }: { readonly day: string | undefined }) {
  return (
    <thead>
      <tr>
        <th scope="col">
          When <span className="timeline-day">{day}</span>
        </th>
        <th scope="col">API</th>
        <th scope="col">Event</th>
        <th scope="col">Properties</th>
      </tr>
    </thead>
  );
}

/** A day, or an event: undefined while its page is read again. */
type Line = { readonly day: string | undefined } | { readonly event: Happening | undefined };

interface TimelineLineProps {
  readonly index: number;
  readonly line: Line;
  readonly personId: string;
  readonly measure: (element: Element | null) => void;
}

function TimelineLine({ index, line, personId, measure }: TimelineLineProps) {
  const workspace = useWorkspaceName();
  const { timezone } = useWorkspace();
  const place = { 'data-index': index, ref: measure, 'aria-rowindex': index + 2 };
  if ('day' in line)
    return (
      <tr {...place} className="timeline-heading">
        <th scope="rowgroup" colSpan={4}>
          {line.day}
        </th>
      </tr>
    );
  const { event } = line;
  if (!event)
    return (
      <tr {...place}>
        <td colSpan={4} className="soft">
          …
        </td>
      </tr>
    );
  return (
    <tr {...place}>
      <td>
        <span className="only-read">{formatTime(event.occurredAt, timezone, 'day')} </span>
        <Time at={event.occurredAt} form="time" />
      </td>
      <td>
        <DialectTag name={event.dialect} />
      </td>
      <td>
        <Link
          to="/$workspace/live"
          params={{ workspace }}
          search={{ person: personId, event: event.id }}
          className="foreign timeline-link"
        >
          {event.type}
        </Link>
      </td>
      <td>
        <GlanceLine glance={event.glance} />
      </td>
    </tr>
  );
}
