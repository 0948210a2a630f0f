import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { usePersonTitles } from '../../api/attribution.ts';
import { useWorkspaceName } from '../../app/current-workspace.ts';
import { formatMoney, formatShare } from '../../components/attribution/amounts.tsx';
import { isWhole, ruleModelOf, ruleModels } from '../../components/attribution/asked.ts';
import type { Asked } from '../../components/attribution/use-asked.ts';
import { DialectTag } from '../../components/dialect-tag.tsx';
import { Dialog } from '../../components/dialog.tsx';
import { Select } from '../../components/field.tsx';
import { countOf } from '../../components/number.ts';
import { Loaded } from '../../components/states.tsx';
import { Status } from '../../components/status.tsx';
import { Time, ZoneNote } from '../../components/time.tsx';
import { type Credits, creditsQuery, type ExplainedTouch } from './queries.ts';
import { campaignsIn, campaignsRoute } from './route.ts';

interface CreditsPanelProps {
  readonly eventId: string;
  readonly asked: Asked;
  readonly onClose: () => void;
}

/** Why a conversion is credited as it is: every touch of the person with its credit, or the rule that left it out. */
export function CreditsPanel({ eventId, asked, onClose }: CreditsPanelProps) {
  const workspace = useWorkspaceName();
  const navigate = campaignsRoute.useNavigate();
  const model = ruleModelOf(asked.model);
  const query = useQuery(creditsQuery(workspace, eventId, asked, model));
  const pick = (picked: string) =>
    void navigate({ search: (before) => campaignsIn({ ...before, model: picked }), replace: true });
  return (
    <Dialog
      title="What led to it"
      form="panel"
      description="A conversion, with the credit of each touch before it"
      onClose={onClose}
    >
      <Loaded query={query}>
        {(credits) => (
          <div className="panel-parts">
            <Facts credits={credits} />
            <Select
              label="Model"
              value={model}
              options={ruleModels.map(({ value, title, note }) => ({ value, title: `${title}: ${note}` }))}
              onPick={pick}
            />
            {isWhole(asked.model) ? (
              <p className="soft small">A data-driven model says nothing of a single conversion.</p>
            ) : null}
            <Touches credits={credits} />
          </div>
        )}
      </Loaded>
    </Dialog>
  );
}

function Facts({ credits: { event, parameters, touches } }: { readonly credits: Credits }) {
  const workspace = useWorkspaceName();
  const titleOf = usePersonTitles([event.personId]);
  const counting = touches.filter(({ leftOut }) => leftOut === null).length;
  return (
    <>
      <dl className="facts">
        <dt>Conversion</dt>
        <dd className="foreign">
          {parameters.conversion ? `${parameters.conversion.name} · ` : ''}
          <Link to="/$workspace/live" params={{ workspace }} search={{ event: event.id }}>
            {parameters.event}
          </Link>
        </dd>
        <dt>When</dt>
        <dd>
          <Time at={event.convertedAt} />
        </dd>
        <dt>Person</dt>
        <dd className="foreign">
          <Link to="/$workspace/people/$person" params={{ workspace, person: event.personId }}>
            {titleOf(event.personId)}
          </Link>
        </dd>
        {event.value ? (
          <>
            <dt>Value</dt>
            <dd>{formatMoney(event.value)}</dd>
          </>
        ) : null}
      </dl>
      <p className="small soft">
        {counting === 0 ? (
          <Status mood="warn">Unattributed</Status>
        ) : (
          `${countOf(counting, 'touch', 'touches')} of ${touches.length} ${counting === 1 ? 'counts' : 'count'}`
        )}{' '}
        · <ZoneNote />
      </p>
    </>
  );
}

function Touches({ credits: { touches, event, parameters } }: { readonly credits: Credits }) {
  if (touches.length === 0)
    return <p>No touch of this person is known at all: no visit, no click, no interaction.</p>;
  const shown = touches.map((touch) => ({ at: touch.at, touch }));
  const after = shown.findIndex(({ at }) => at > event.convertedAt);
  const place = after < 0 ? shown.length : after;
  return (
    <ol className="touches" aria-label="Touches, oldest first">
      {shown.slice(0, place).map(({ touch }) => (
        <Touch key={touch.id} touch={touch} rules={parameters} />
      ))}
      <li className="touches-end">
        <strong>The conversion</strong>{' '}
        <span className="small soft">
          <Time at={event.convertedAt} form="short" />
        </span>
      </li>
      {shown.slice(place).map(({ touch }) => (
        <Touch key={touch.id} touch={touch} rules={parameters} />
      ))}
    </ol>
  );
}

type Rules = Credits['parameters'];

function Touch({ touch, rules }: { readonly touch: ExplainedTouch; readonly rules: Rules }) {
  const { credit, leftOut, value } = touch;
  return (
    <li className="touch" data-counts={leftOut === null}>
      <div className="touch-head">
        <span className="foreign">
          <TouchName touch={touch} />
        </span>
        {leftOut === null ? (
          <strong>
            {formatShare(credit)}
            {value ? ` · ${formatMoney(value)}` : ''}
          </strong>
        ) : null}
      </div>
      {leftOut === null ? (
        <div className="touch-bar" aria-hidden="true">
          <div style={{ width: `${credit * 100}%` }} />
        </div>
      ) : (
        <p className="small touch-rule">{sayRule(leftOut, rules, touch)}</p>
      )}
      <p className="small soft touch-facts">
        <Time at={touch.at} form="full" />
        <DialectTag name={touch.dialect} />
        <span>{touch.channel}</span>
        {touch.source || touch.medium ? (
          <span className="foreign">
            {[touch.source, touch.medium].filter((text) => text !== null).join(' / ')}
          </span>
        ) : null}
        {touch.referrerHost ? <span className="foreign">from {touch.referrerHost}</span> : null}
        {touch.adId ? <span className="foreign">ad {touch.adId}</span> : null}
      </p>
    </li>
  );
}

function TouchName({ touch: { campaign, channel, source } }: { readonly touch: ExplainedTouch }): ReactNode {
  const workspace = useWorkspaceName();
  if (campaign)
    return (
      <Link to="/$workspace/campaigns/$campaign" params={{ workspace, campaign: campaign.key }}>
        {campaign.label ?? campaign.key}
      </Link>
    );
  return source ?? (channel === 'direct' ? 'Direct visit' : channel);
}

/** The rule that left a touch out, as it holds here. */
function sayRule(rule: NonNullable<ExplainedTouch['leftOut']>, rules: Rules, touch: ExplainedTouch): string {
  switch (rule) {
    case 'after-conversion':
      return 'Left out: it came after the conversion.';
    case 'before-lookback':
      return `Left out: it is older than the ${countOf(rules.lookbackDays, 'day')} that are looked back.`;
    case 'conversion-itself':
      return 'Left out: it is the interaction that the conversion itself tells of.';
    case 'excluded-referrer':
      return `Left out: ${touch.referrerHost ?? 'where it came from'} is the site itself, or one where one pays or signs in.`;
    case 'same-campaign':
      return `Left out: one of the same campaign counted in the ${countOf(rules.sameCampaignMinutes, 'minute')} before.`;
    case 'direct-beside-others':
      return 'Left out: it is a direct visit, and a touch that is not counts.';
  }
}
