import type { Conversion } from '../../api/attribution.ts';
import { groupings, models, ruleModels } from '../../components/attribution/asked.ts';
import { AskedFilters } from '../../components/attribution/asked-filters.tsx';
import { conversionOf, useAsked, useConversions } from '../../components/attribution/use-asked.ts';
import { Select } from '../../components/field.tsx';
import { PageHead } from '../../components/page-head.tsx';
import { Loaded } from '../../components/states.tsx';
import { Tabs } from '../../components/tabs.tsx';
import { ZoneNote } from '../../components/time.tsx';
import { ConvertedEvents } from './converted.tsx';
import { Counting, NothingCounts } from './counting.tsx';
import { CreditsPanel } from './credits.tsx';
import { PathsBefore } from './paths.tsx';
import { Results } from './results.tsx';
import { type CampaignsSearch, campaignsIn, campaignsRoute, sides } from './route.ts';
import './campaigns.css';

/** Which campaigns of all APIs led to conversions, what they cost, and why. */
export function Campaigns() {
  const conversions = useConversions();
  return (
    <>
      <PageHead
        title="Campaigns"
        note={
          <>
            Of all APIs, by what they led to · <ZoneNote />
          </>
        }
      />
      <Loaded query={conversions}>
        {({ conversions: kept, defaults }) => {
          const [first] = kept;
          return first ? (
            <Sides conversions={kept} first={first} defaults={defaults} />
          ) : (
            <NothingCounts defaults={defaults} />
          );
        }}
      </Loaded>
    </>
  );
}

interface SidesProps {
  readonly conversions: readonly Conversion[];
  readonly first: Conversion;
  readonly defaults: Parameters<typeof Counting>[0]['defaults'];
}

function Sides({ conversions, first, defaults }: SidesProps) {
  const search = campaignsRoute.useSearch();
  const navigate = campaignsRoute.useNavigate();
  const conversion = conversionOf(conversions, search) ?? first;
  const asked = useAsked(search, conversion);
  const { side, event } = search;
  const change = useChange();
  const pick = (value: string) =>
    change({ side: sides.find((one) => one === value), group: undefined, unattributed: undefined });
  const filters = (
    <Filters search={search} conversions={conversions} conversion={conversion} onChange={change} />
  );
  return (
    <>
      <Tabs
        label="Sides of attribution"
        value={side ?? 'results'}
        onPick={pick}
        tabs={[
          {
            value: 'results',
            title: 'Results',
            content: (
              <div className="stack">
                {filters}
                <Results asked={asked} search={search} onChange={change} />
              </div>
            ),
          },
          {
            value: 'paths',
            title: 'Paths',
            content: (
              <div className="stack">
                {filters}
                <PathsBefore asked={asked} search={search} onChange={change} />
              </div>
            ),
          },
          {
            value: 'conversions',
            title: 'Conversions',
            content: (
              <div className="stack">
                {filters}
                <ConvertedEvents asked={asked} search={search} onChange={change} />
              </div>
            ),
          },
          {
            value: 'rules',
            title: 'Rules',
            content: <Counting conversions={conversions} defaults={defaults} />,
          },
        ]}
      />
      {event === undefined ? null : (
        <CreditsPanel
          eventId={event}
          asked={asked}
          onClose={() => void navigate({ search: ({ event: _closed, ...rest }) => rest })}
        />
      )}
    </>
  );
}

/** Takes a change into the address: what is undefined goes. */
export type OnChange = (
  change: { readonly [key in keyof CampaignsSearch]: CampaignsSearch[key] | undefined },
) => void;

function useChange(): OnChange {
  const navigate = campaignsRoute.useNavigate();
  return (change) =>
    void navigate({
      search: (before) => campaignsIn({ ...before, ...change }),
      replace: true,
    });
}

interface FiltersProps {
  readonly search: CampaignsSearch;
  readonly conversions: readonly Conversion[];
  readonly conversion: Conversion;
  readonly onChange: OnChange;
}

/** Each side is asked by what it can be asked by. */
function Filters({ search, conversions, conversion, onChange }: FiltersProps) {
  const { side, by = 'campaign' } = search;
  return (
    <search className="asked" aria-label="What is shown">
      <AskedFilters
        search={search}
        conversions={conversions}
        conversion={conversion}
        {...(side === 'paths'
          ? { choices: [] }
          : side === 'conversions'
            ? { choices: ruleModels }
            : { choices: models })}
        canDate={side === undefined}
        onChange={onChange}
      />
      <Select
        label="Told by"
        value={by}
        options={groupings.map(({ value, title }) => ({ value, title }))}
        onPick={(picked) =>
          onChange({
            by: groupings.find(({ value }) => value === picked && value !== 'campaign')?.value,
            group: undefined,
          })
        }
      />
    </search>
  );
}
