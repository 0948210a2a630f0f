import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import type { Conversion, ConversionRules } from '../../api/attribution.ts';
import { useWorkspaceName } from '../../app/current-workspace.ts';
import { Button } from '../../components/button.tsx';
import { Dialog } from '../../components/dialog.tsx';
import { countOf } from '../../components/number.ts';
import { Empty, Failure } from '../../components/states.tsx';
import { Status } from '../../components/status.tsx';
import { Time } from '../../components/time.tsx';
import { deleteConversion } from './conversion-changes.ts';
import { ConversionForm } from './conversion-form.tsx';

interface CountingProps {
  readonly conversions: readonly Conversion[];
  readonly defaults: ConversionRules;
}

/** What counts as success, and by which rules touches get the credit of it. */
export function Counting({ conversions, defaults }: CountingProps) {
  const [edited, edit] = useState<Conversion | 'new'>();
  const [doomed, doom] = useState<Conversion>();
  return (
    <div className="stack">
      <div className="card-head counting-head">
        <p className="soft">
          Each is counted with what comes in, so that questions about it are answered at once.
        </p>
        <Button look="primary" onClick={() => edit('new')}>
          New conversion
        </Button>
      </div>
      <ul className="kept">
        {conversions.map((conversion) => (
          <li key={conversion.id} className="card">
            <Kept
              conversion={conversion}
              defaults={defaults}
              onEdit={() => edit(conversion)}
              onDelete={() => doom(conversion)}
            />
          </li>
        ))}
      </ul>
      {edited === undefined ? null : (
        <ConversionForm
          conversion={edited === 'new' ? undefined : edited}
          defaults={defaults}
          onClose={() => edit(undefined)}
        />
      )}
      {doomed === undefined ? null : <DeleteDialog conversion={doomed} onClose={() => doom(undefined)} />}
    </div>
  );
}

/** Before anything counts: what a conversion is, and the form that makes one. */
export function NothingCounts({ defaults }: Pick<CountingProps, 'defaults'>) {
  const [isMaking, make] = useState(false);
  return (
    <>
      <Empty
        title="What counts as success?"
        action={
          <Button look="primary" onClick={() => make(true)}>
            New conversion
          </Button>
        }
      >
        Say which event is a conversion, an order or a sign-up of any API, and what it is worth. Each touch of
        a person before it then gets its part of the credit, by the rules that you choose, also for what
        happened already.
      </Empty>
      {isMaking ? (
        <ConversionForm conversion={undefined} defaults={defaults} onClose={() => make(false)} />
      ) : null}
    </>
  );
}

interface KeptProps {
  readonly conversion: Conversion;
  readonly defaults: ConversionRules;
  readonly onEdit: () => void;
  readonly onDelete: () => void;
}

function Kept({ conversion, defaults, onEdit, onDelete }: KeptProps) {
  const { name, event, state, metric, status, createdAt } = conversion;
  return (
    <>
      <div className="card-head">
        <h2 className="foreign">{name}</h2>
        {status === 'kept' ? (
          <Status mood="good">Counted</Status>
        ) : (
          <Status mood="warn">Counting what is stored …</Status>
        )}
      </div>
      <dl className="facts">
        <dt>Counts</dt>
        <dd className="foreign">
          {state === null ? event : `${event}, while its state “${state}” is 1, at the state’s date`}
        </dd>
        <dt>Worth</dt>
        <dd className="foreign">{metric ?? 'nothing but itself'}</dd>
        <dt>Rules</dt>
        <dd>{sayRules(conversion, defaults).join(' · ')}</dd>
      </dl>
      <div className="kept-foot">
        <span className="small soft">
          Since <Time at={createdAt} form="day" />
        </span>
        <span>
          <Button look="quiet" onClick={onEdit}>
            Edit<span className="only-read"> {name}</span>
          </Button>
          <Button look="quiet" onClick={onDelete}>
            Delete …<span className="only-read"> {name}</span>
          </Button>
        </span>
      </div>
    </>
  );
}

function sayRules(rules: ConversionRules, defaults: ConversionRules): string[] {
  const { lookbackDays, sameCampaignMinutes, excludedReferrers, position } = rules;
  const isUsual = JSON.stringify(excludedReferrers) === JSON.stringify(defaults.excludedReferrers);
  return [
    `looks back ${countOf(lookbackDays, 'day')}`,
    sameCampaignMinutes === 0
      ? 'each touch of a campaign counts'
      : `one touch of a campaign in ${countOf(sameCampaignMinutes, 'minute')}`,
    rules.directOnlyAlone ? 'direct visits only alone' : 'direct visits always',
    `${isUsual ? 'usual' : countOf(excludedReferrers.length, 'own')} excluded ${excludedReferrers.length === 1 ? 'referrer' : 'referrers'}`,
    rules.excludeOwnSite ? 'own site excluded' : 'own site counts',
    `position ${position.first} / ${position.last}`,
    `half-life ${countOf(rules.halfLifeDays, 'day')}`,
  ];
}

function DeleteDialog({
  conversion,
  onClose,
}: {
  readonly conversion: Conversion;
  readonly onClose: () => void;
}) {
  const workspace = useWorkspaceName();
  const queryClient = useQueryClient();
  const remove = useMutation({
    mutationFn: () => deleteConversion(workspace, conversion.id),
    onSuccess: async () => {
      await queryClient.invalidateQueries({ queryKey: ['conversions', workspace] });
      onClose();
    },
  });
  return (
    <Dialog
      title={`Delete “${conversion.name}”?`}
      onClose={onClose}
      actions={
        <>
          <Button onClick={onClose}>Keep it</Button>
          <Button look="danger" onClick={() => remove.mutate()} busy={remove.isPending}>
            Delete it
          </Button>
        </>
      }
    >
      <p>
        Its sums go, and answers as of an earlier change with them. Its events stay: it can be made again, and
        is counted anew then.
      </p>
      {remove.error ? <Failure error={remove.error} /> : null}
    </Dialog>
  );
}
