import { useQuery } from '@tanstack/react-query';
import { useMemo } from 'react';
import { useWorkspace } from '../../../app/current-workspace.ts';
import { type Column, DataTable } from '../../../components/data-table.tsx';
import { Dialog } from '../../../components/dialog.tsx';
import { formatCount } from '../../../components/number.ts';
import { Empty, Loaded } from '../../../components/states.tsx';
import { useIsAdministrator } from '../administrator.ts';
import { OpenJobs } from '../open-jobs.tsx';
import { exchangeRatesRoute } from '../route.ts';
import { SectionHead } from '../section-head.tsx';
import { type Currency, currenciesQuery, type Rate, ratesQuery } from './queries.ts';
import { SetRates } from './set-rates.tsx';

const kinds = ['count-amounts'];

export function ExchangeRatesSection() {
  const { currency } = useWorkspace();
  const { currency: opened } = exchangeRatesRoute.useSearch();
  const navigate = exchangeRatesRoute.useNavigate();
  const isAdministrator = useIsAdministrator();
  const currencies = useQuery(currenciesQuery);
  const open = (code: string) => void navigate({ search: { currency: code } });
  return (
    <>
      <SectionHead title="Exchange rates">
        Amounts in another currency than the workspace’s ({currency}) are counted by the rate of their day, or
        the last one of the ten days before. Without one they are kept, and count as soon as there is a rate.
        Rates are the installation’s: all workspaces have the same.
      </SectionHead>
      <OpenJobs kinds={kinds} />
      {isAdministrator ? <SetRates /> : <p className="soft small">The administrator’s key sets them.</p>}
      <Loaded query={currencies}>
        {(found) =>
          found.length === 0 ? (
            <Empty title="There is no rate yet">
              Amounts in other currencies count for nothing until there is one. The European Central Bank
              publishes a file of all days since 1999, which can be taken in as it is.
            </Empty>
          ) : (
            <Currencies currencies={found} onOpen={open} />
          )
        }
      </Loaded>
      {opened === undefined ? null : (
        <Dialog title={`Rates of ${opened}`} form="panel" onClose={() => void navigate({ search: {} })}>
          <Rates currency={opened} />
        </Dialog>
      )}
    </>
  );
}

interface CurrenciesProps {
  readonly currencies: readonly Currency[];
  readonly onOpen: (code: string) => void;
}

function Currencies({ currencies, onOpen }: CurrenciesProps) {
  const columns = useMemo<readonly Column<Currency>[]>(
    () => [
      {
        id: 'currency',
        head: 'Currency',
        cell: ({ currency }) => (
          <button type="button" className="text-button" onClick={() => onOpen(currency)}>
            {currency}
          </button>
        ),
        sortBy: ({ currency }) => currency,
      },
      { id: 'rate', head: 'For a euro', cell: ({ perEuro }) => perEuro, isNumber: true },
      { id: 'last', head: 'On', cell: ({ lastDay }) => lastDay, sortBy: ({ lastDay }) => lastDay },
      { id: 'first', head: 'Since', cell: ({ firstDay }) => firstDay, sortBy: ({ firstDay }) => firstDay },
      {
        id: 'days',
        head: 'Days',
        cell: ({ days }) => formatCount(days),
        sortBy: ({ days }) => days,
        isNumber: true,
      },
    ],
    [onOpen],
  );
  return (
    <DataTable
      caption="Currencies with rates"
      columns={columns}
      rows={currencies}
      rowKey={({ currency }) => currency}
    />
  );
}

const rateColumns: readonly Column<Rate>[] = [
  { id: 'day', head: 'Day', cell: ({ day }) => day, sortBy: ({ day }) => day },
  { id: 'rate', head: 'For a euro', cell: ({ perEuro }) => perEuro, isNumber: true },
];

function Rates({ currency }: { readonly currency: string }) {
  const rates = useQuery(ratesQuery(currency));
  return (
    <Loaded query={rates}>
      {({ rates: found, next }) =>
        found.length === 0 ? (
          <Empty title="There is no rate of it">Its amounts count for nothing until there is one.</Empty>
        ) : (
          <DataTable
            caption={`Rates of ${currency}, newest first`}
            columns={rateColumns}
            rows={found}
            rowKey={({ day }) => day}
            foot={next === null ? null : <p className="soft small table-foot">Older ones are kept, too.</p>}
          />
        )
      }
    </Loaded>
  );
}
