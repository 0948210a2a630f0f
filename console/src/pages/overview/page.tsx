import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { type Dialect, dialectsQuery } from '../../api/dialects.ts';
import { useWorkspaceName } from '../../app/current-workspace.ts';
import { PageHead } from '../../components/page-head.tsx';
import { Loaded } from '../../components/states.tsx';
import { ZoneNote } from '../../components/time.tsx';
import { AccountingLine } from './accounting-line.tsx';
import { EventsByHour } from './events-by-hour.tsx';
import { Figures } from './figures.tsx';
import { GettingStarted } from './getting-started.tsx';
import { Standing } from './standing.tsx';
import './overview.css';

/** How the workspace stands; of one that nothing has come to yet, how something does. */
export function Overview() {
  const dialects = useQuery(dialectsQuery(useWorkspaceName()));
  return <Loaded query={dialects}>{(found) => <Begun dialects={found} />}</Loaded>;
}

function Begun({ dialects }: { readonly dialects: readonly Dialect[] }) {
  // Who watches the first event come is not taken away from it.
  const [isBeginning, setBeginning] = useState(dialects.every(({ stored }) => stored === 0));
  if (isBeginning) return <GettingStarted onDone={() => setBeginning(false)} />;
  return (
    <>
      <PageHead
        title="Overview"
        note={
          <>
            The last 24 hours · <ZoneNote />
          </>
        }
      />
      <div className="stack">
        <AccountingLine />
        <Figures />
        <EventsByHour />
        <Standing />
      </div>
    </>
  );
}
