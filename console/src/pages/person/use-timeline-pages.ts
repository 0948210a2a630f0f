import { useQueries } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { useWorkspace, useWorkspaceName } from '../../app/current-workspace.ts';
import { formatTime } from '../../components/time.tsx';
import { type Happening, type TimelineFilter, timelinePageQuery } from './queries.ts';
import { type PageShape, shapeOf, withShape } from './timeline-shape.ts';

export interface TimelinePages {
  /** The events of the pages that are in sight, by page. */
  readonly events: ReadonlyMap<number, readonly Happening[]>;
  readonly isLoading: boolean;
  readonly error: Error | null;
  readonly retry: () => void;
}

/** What is known of a timeline's pages, and how to note more. */
export function useShapes(): readonly [
  readonly PageShape[],
  (change: (shapes: readonly PageShape[]) => readonly PageShape[]) => void,
] {
  return useState<readonly PageShape[]>([]);
}

/** Reads the wanted pages of a timeline, each from where the one before it ended, and notes what there is to be shown of them. */
export function useTimelinePages(
  personId: string,
  filter: TimelineFilter,
  wanted: readonly number[],
  [shapes, setShapes]: ReturnType<typeof useShapes>,
): TimelinePages {
  const workspace = useWorkspaceName();
  const { timezone } = useWorkspace();
  const pages = wanted.map((page) => ({ page, cursor: cursorOf(shapes, page) }));
  const results = useQueries({
    queries: pages.map(({ cursor }) => timelinePageQuery(workspace, personId, filter, cursor)),
  });
  useEffect(() => {
    const dayOf = (at: string) => formatTime(at, timezone, 'day');
    setShapes((before) => {
      let after = before;
      for (const [index, { page, cursor }] of pages.entries()) {
        const result = results[index];
        if (!result?.data || page > after.length || cursorOf(after, page) !== cursor) continue;
        const readAt = result.dataUpdatedAt;
        if (after[page]?.readAt === readAt) continue;
        after = withShape(
          after,
          page,
          shapeOf({ ...result.data, cursor, readAt }, dayOf, after[page - 1]?.lastDay),
        );
      }
      return after;
    });
  });
  const failed = results.find(({ error, data }) => error !== null && data === undefined);
  return {
    events: new Map(
      pages.flatMap(({ page }, index) => (results[index]?.data ? [[page, results[index].data.events]] : [])),
    ),
    isLoading: results.some(({ isPending, error }) => isPending && error === null),
    error: failed?.error ?? null,
    retry: () => void failed?.refetch(),
  };
}

function cursorOf(shapes: readonly PageShape[], page: number): string | undefined {
  return page === 0 ? undefined : (shapes[page - 1]?.next ?? undefined);
}
