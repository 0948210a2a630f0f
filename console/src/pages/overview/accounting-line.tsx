import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useWorkspaceName } from '../../app/current-workspace.ts';
import { DialectTag } from '../../components/dialect-tag.tsx';
import { Icon } from '../../components/icons.tsx';
import { formatCount } from '../../components/number.ts';
import { Time } from '../../components/time.tsx';
import { type Accounting, accountingQuery } from './queries.ts';

/** Whether everything that was received has become something; where not, the hours at fault. */
export function AccountingLine() {
  const { data } = useQuery(accountingQuery(useWorkspaceName()));
  if (!data) return <p className="line line-plain">Adding up what was received …</p>;
  return data.closes ? <Closed accounting={data} /> : <AtFault accounting={data} />;
}

function Closed({ accounting }: { readonly accounting: Accounting }) {
  const { received, stored, duplicate, quarantined, dropped } = totals(accounting);
  return (
    <p className="line line-good">
      <Icon name="check" />
      <span>
        <strong>Accounting closes.</strong> {formatCount(received)} received = {formatCount(stored)} stored +{' '}
        {formatCount(duplicate)} duplicate + {formatCount(quarantined)} quarantined + {formatCount(dropped)}{' '}
        dropped
      </span>
    </p>
  );
}

function AtFault({ accounting }: { readonly accounting: Accounting }) {
  const workspace = useWorkspaceName();
  const hours = accounting.hours.filter(({ closes }) => !closes);
  return (
    <div className="line line-bad" role="alert">
      <Icon name="quarantine" />
      <div>
        <strong>Accounting does not close.</strong> Events were counted as received that became nothing:{' '}
        <Link to="/$workspace/accounting" params={{ workspace }}>
          verify
        </Link>{' '}
        and keep what it answers.
        <ul>
          {hours.map(({ hour, dialect, ...counts }) => (
            <li key={`${dialect} ${hour}`}>
              <Link to="/$workspace/accounting" params={{ workspace }} search={{ hour, api: dialect }}>
                <DialectTag name={dialect} /> at <Time at={hour} form="short" />
              </Link>
              : {formatCount(counts.received)} received,{' '}
              {formatCount(counts.stored + counts.duplicate + counts.quarantined + counts.dropped)} accounted
              for
            </li>
          ))}
        </ul>
      </div>
    </div>
  );
}

function totals({ hours }: Accounting) {
  const sums = { received: 0, stored: 0, duplicate: 0, quarantined: 0, dropped: 0 };
  for (const hour of hours) {
    sums.received += hour.received;
    sums.stored += hour.stored;
    sums.duplicate += hour.duplicate;
    sums.quarantined += hour.quarantined;
    sums.dropped += hour.dropped;
  }
  return sums;
}
