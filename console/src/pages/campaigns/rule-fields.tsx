import { type ReactNode, useId, useState } from 'react';
import type { ConversionRules } from '../../api/attribution.ts';
import { CheckField } from '../../components/check-field.tsx';
import { TextField } from '../../components/field.tsx';
import { countOf } from '../../components/number.ts';

interface RuleFieldsProps {
  readonly body: ConversionRules;
  readonly defaults: ConversionRules;
  readonly onChange: (some: Partial<ConversionRules>) => void;
}

/** The rules by which touches count, each with what holds where nobody says otherwise. */
export function RuleFields({ body, defaults, onChange }: RuleFieldsProps) {
  return (
    <fieldset className="rules">
      <legend>Rules</legend>
      <div className="rule-numbers">
        <NumberField
          label="Looks back, in days"
          hint={`${defaults.lookbackDays} unless said; at most 365`}
          value={body.lookbackDays}
          min={1}
          max={365}
          onChange={(lookbackDays) => onChange({ lookbackDays })}
        />
        <NumberField
          label="Same campaign, in minutes"
          hint={`Touches within are one; ${defaults.sameCampaignMinutes} unless said, 0: each counts`}
          value={body.sameCampaignMinutes}
          min={0}
          max={1440}
          onChange={(sameCampaignMinutes) => onChange({ sameCampaignMinutes })}
        />
      </div>
      <CheckField
        label="Direct visits count only where there is nothing else"
        checked={body.directOnlyAlone}
        onPick={(directOnlyAlone) => onChange({ directOnlyAlone })}
      />
      <CheckField
        label="Visits that come from the own site count for nothing"
        checked={body.excludeOwnSite}
        onPick={(excludeOwnSite) => onChange({ excludeOwnSite })}
      />
      <Referrers body={body} defaults={defaults} onChange={onChange} />
      <div className="rule-numbers">
        <NumberField
          label="By position: first, in percent"
          hint={`${defaults.position.first} unless said`}
          value={body.position.first}
          min={0}
          max={100 - body.position.last}
          step="any"
          onChange={(first) => onChange({ position: { ...body.position, first } })}
        />
        <NumberField
          label="By position: last, in percent"
          hint={`${defaults.position.last} unless said; those between share the rest`}
          value={body.position.last}
          min={0}
          max={100 - body.position.first}
          step="any"
          onChange={(last) => onChange({ position: { ...body.position, last } })}
        />
        <NumberField
          label="Time decay: half-life, in days"
          hint={`${defaults.halfLifeDays} unless said`}
          value={body.halfLifeDays}
          min={0.01}
          max={365}
          step="any"
          onChange={(halfLifeDays) => onChange({ halfLifeDays })}
        />
      </div>
    </fieldset>
  );
}

interface NumberFieldProps {
  readonly label: string;
  readonly hint: ReactNode;
  readonly value: number;
  readonly min: number;
  readonly max: number;
  readonly step?: 'any';
  readonly onChange: (value: number) => void;
}

/** What is no number stays in the field, so that the browser can say what is wrong with it. */
function NumberField({ value, onChange, ...rest }: NumberFieldProps) {
  const [text, setText] = useState(String(value));
  return (
    <TextField
      {...rest}
      type="number"
      required
      value={text}
      onChange={(event) => {
        setText(event.target.value);
        if (event.target.value !== '') onChange(event.target.valueAsNumber);
      }}
    />
  );
}

/** Hosts, one a line. */
function Referrers({ body, defaults, onChange }: RuleFieldsProps) {
  const id = useId();
  const [text, setText] = useState(body.excludedReferrers.join('\n'));
  const write = (written: string) => {
    setText(written);
    const hosts = written.split(/[\s,]+/).filter((host) => host !== '');
    onChange({ excludedReferrers: [...new Set(hosts)] });
  };
  return (
    <details className="referrers">
      <summary>Excluded referrers: {countOf(body.excludedReferrers.length, 'host')}</summary>
      <div className="field">
        <label htmlFor={id}>Hosts, one a line, each with its subdomains</label>
        <textarea
          id={id}
          rows={8}
          spellCheck={false}
          className="mono"
          value={text}
          onChange={(event) => write(event.target.value)}
        />
      </div>
      <p className="soft small">
        Who comes back from where one pays or signs in did not come by it, unless the address names a
        campaign.{' '}
        <button
          type="button"
          className="text-button"
          onClick={() => write(defaults.excludedReferrers.join('\n'))}
        >
          As usual
        </button>
      </p>
    </details>
  );
}
