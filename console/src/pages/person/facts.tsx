import { useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import type { Person } from '../../api/people.ts';
import { useWorkspaceName } from '../../app/current-workspace.ts';
import { formatAmount, formatCount } from '../../components/number.ts';
import { Time } from '../../components/time.tsx';
import { sumByCurrency, summaryQuery } from './queries.ts';

/** Beside the rest of the page so many currencies are enough; all of them stand among the figures. */
const mostCurrencies = 3;

/** Since when somebody is known, and what all that happened comes to. */
export function Facts({ person }: { readonly person: Person }) {
  const { data, error } = useQuery(summaryQuery(useWorkspaceName(), person.id));
  const waiting = error ? 'not counted' : '…';
  return (
    <dl className="person-facts card">
      <Fact title="First seen">{data ? <At at={data.firstAt} /> : waiting}</Fact>
      <Fact title="Last seen">{data ? <At at={data.lastAt} /> : waiting}</Fact>
      <Fact title="Events">{data ? formatCount(data.events) : waiting}</Fact>
      <Fact title="Profiles">{formatCount(person.profileCount)}</Fact>
      {sumByCurrency(data?.amounts ?? [])
        .slice(0, mostCurrencies)
        .map(({ currency, sum }) => (
          <Fact key={currency} title={`In ${currency}`}>
            {formatAmount(sum, currency)}
          </Fact>
        ))}
      {error ? <p className="soft small foreign">{error.message}</p> : null}
    </dl>
  );
}

function Fact({ title, children }: { readonly title: string; readonly children: ReactNode }) {
  return (
    <div>
      <dt>{title}</dt>
      <dd>{children}</dd>
    </div>
  );
}

function At({ at }: { readonly at: string | null }) {
  return at === null ? <>never</> : <Time at={at} />;
}
