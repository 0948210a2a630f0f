import { Button } from './button.tsx';
import { countOf } from './number.ts';
import { Failure } from './states.tsx';

interface PagesFootProps {
  /** What `useInfiniteQuery` has found. */
  readonly pages: {
    readonly error: Error | null;
    readonly hasNextPage: boolean;
    readonly isFetchingNextPage: boolean;
    readonly fetchNextPage: () => Promise<unknown>;
  };
  readonly count: number;
  /** What is counted, in the singular. */
  readonly noun: string;
}

/** Beneath a list that comes in pages: how many are shown, whether these are all, why no more came, and the next page on demand. */
export function PagesFoot({ pages, count, noun }: PagesFootProps) {
  return (
    <div className="table-foot">
      <span className="soft small" role="status">
        {countOf(count, noun)} {pages.hasNextPage ? 'so far' : 'in all'}
      </span>
      {pages.error ? <Failure error={pages.error} /> : null}
      {pages.hasNextPage ? (
        <Button onClick={() => void pages.fetchNextPage()} busy={pages.isFetchingNextPage}>
          {pages.isFetchingNextPage ? 'Loading …' : 'Show older ones'}
        </Button>
      ) : null}
    </div>
  );
}
