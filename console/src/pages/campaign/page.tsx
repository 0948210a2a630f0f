import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import type { Conversion } from '../../api/attribution.ts';
import { useWorkspace, useWorkspaceName } from '../../app/current-workspace.ts';
import { askedIn, isWhole, ruleModelOf, ruleModels, spanOf } from '../../components/attribution/asked.ts';
import { AskedFilters } from '../../components/attribution/asked-filters.tsx';
import { conversionOf, useAsked, useConversions } from '../../components/attribution/use-asked.ts';
import { DialectTag } from '../../components/dialect-tag.tsx';
import { PageHead } from '../../components/page-head.tsx';
import { Empty, Loaded } from '../../components/states.tsx';
import { ZoneNote } from '../../components/time.tsx';
import { Ads } from './ads.tsx';
import { Days } from './days.tsx';
import { Outlays } from './outlays.tsx';
import { type CampaignFacts, campaignQuery } from './queries.ts';
import { campaignRoute } from './route.ts';
import { Touchpoints } from './touchpoints.tsx';
import './campaign.css';

/** One campaign: what it brought and cost day by day, its ads, outlays and touchpoints. */
export function Campaign() {
  const { campaign: key } = campaignRoute.useParams();
  const workspace = useWorkspaceName();
  const search = campaignRoute.useSearch();
  const campaign = useQuery(campaignQuery(workspace, key));
  return (
    <Loaded query={campaign}>
      {(found) => (
        <>
          <PageHead
            title={found.name ?? found.label ?? found.key}
            note={<Facts campaign={found} />}
            actions={
              <Link
                to="/$workspace/campaigns"
                params={{ workspace }}
                search={search}
                className="button button-plain"
              >
                All campaigns
              </Link>
            }
          />
          <Parts campaign={found} />
        </>
      )}
    </Loaded>
  );
}

function Facts({ campaign: { dialect, owner, label, name, status } }: { readonly campaign: CampaignFacts }) {
  return (
    <span className="campaign-facts">
      <DialectTag name={dialect} />
      {owner ? <span className="foreign">{owner.name ?? owner.id}</span> : null}
      {label !== null && label !== name ? <span className="foreign">{label}</span> : null}
      {status ? <span>{status.toLowerCase()}</span> : null}
      <span>
        <ZoneNote />
      </span>
    </span>
  );
}

function Parts({ campaign }: { readonly campaign: CampaignFacts }) {
  const workspace = useWorkspaceName();
  const { timezone } = useWorkspace();
  const search = campaignRoute.useSearch();
  const conversions = useConversions();
  const { key } = campaign;
  return (
    <div className="stack">
      <Loaded query={conversions}>
        {({ conversions: kept }) => {
          const conversion = conversionOf(kept, search);
          return conversion ? (
            <Brought campaign={campaign} conversions={kept} conversion={conversion} />
          ) : (
            <Empty title="What did it bring?">
              <Link to="/$workspace/campaigns" params={{ workspace }}>
                Say first what counts
              </Link>
              : which event is a conversion, and what it is worth.
            </Empty>
          );
        }}
      </Loaded>
      {key.includes('-') ? (
        <Outlays campaignId={key} />
      ) : (
        <Ads campaignKey={key} span={spanOf(search, timezone)} />
      )}
      <Touchpoints campaignKey={key} />
    </div>
  );
}

interface BroughtProps {
  readonly campaign: CampaignFacts;
  readonly conversions: readonly Conversion[];
  readonly conversion: Conversion;
}

function Brought({ campaign, conversions, conversion }: BroughtProps) {
  const search = campaignRoute.useSearch();
  const navigate = campaignRoute.useNavigate();
  const asked = useAsked(search, conversion);
  return (
    <>
      <search className="asked" aria-label="What is shown">
        <AskedFilters
          search={search}
          conversions={conversions}
          conversion={conversion}
          choices={ruleModels}
          onChange={(change) =>
            void navigate({ search: (before) => askedIn({ ...before, ...change }), replace: true })
          }
        />
      </search>
      {isWhole(asked.model) ? (
        <p className="soft small">
          A data-driven model is of all days together, and says nothing of a single one: here credit is
          linear.
        </p>
      ) : null}
      <Days campaign={campaign} asked={asked} model={ruleModelOf(asked.model)} search={search} />
    </>
  );
}
