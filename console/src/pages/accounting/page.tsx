import { useQuery } from '@tanstack/react-query';
import { useWorkspaceName } from '../../app/current-workspace.ts';
import { PageHead } from '../../components/page-head.tsx';
import { Empty, Loaded } from '../../components/states.tsx';
import { ZoneNote } from '../../components/time.tsx';
import { Toggles } from '../../components/toggles.tsx';
import { Equation } from './equation.tsx';
import { Hours } from './hours.tsx';
import { accountingQuery, spanOf } from './queries.ts';
import { Reasons } from './reasons.tsx';
import { accountingRoute, type Span } from './route.ts';
import { Verification } from './verification.tsx';
import './accounting.css';

const choices = [
  { value: 'day', title: '24 hours' },
  { value: 'week', title: '7 days' },
  { value: 'month', title: '31 days' },
] as const;

/** What became of everything that came in, hour by hour, and whether the figures hold. */
export function Accounting() {
  const { span: chosen, hour, api } = accountingRoute.useSearch();
  const navigate = accountingRoute.useNavigate();
  const pick = (value: Span) => void navigate({ search: value === 'day' ? {} : { span: value } });
  const ofHour = hour === undefined ? 'day' : spanOf(hour);
  const span = chosen ?? ofHour ?? 'day';
  const isLongAgo = chosen === undefined && ofHour === undefined;
  const accounting = useQuery(accountingQuery(useWorkspaceName(), span, isLongAgo ? hour : undefined));
  return (
    <>
      <PageHead
        title="Accounting"
        note={
          <>
            By hour of receipt · <ZoneNote />
          </>
        }
        actions={<Toggles label="Span" choices={choices} value={span} onPick={pick} />}
      />
      <div className="stack">
        <Loaded query={accounting}>
          {(found) =>
            found.hours.length === 0 ? (
              <Empty title="Nothing came in">
                In this time no API has received anything. Choose a longer one, or send a first event: the
                overview has a command for each API.
              </Empty>
            ) : (
              <>
                <Equation accounting={found} />
                <Hours hours={found.hours} current={hour === undefined ? undefined : { hour, api }} />
                <Reasons hours={found.hours} />
              </>
            )
          }
        </Loaded>
        <Verification />
      </div>
    </>
  );
}
