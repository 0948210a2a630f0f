import { countOf, formatCount } from '../../components/number.ts';
import { Status } from '../../components/status.tsx';
import type { Accounting } from './queries.ts';

const parts = ['stored', 'duplicate', 'quarantined', 'dropped'] as const;

/** Whether everything that was received has become something, as the sum that it is. */
export function Equation({ accounting: { closes, hours } }: { readonly accounting: Accounting }) {
  const sum = (name: 'received' | 'refused' | (typeof parts)[number]) =>
    hours.reduce((total, hour) => total + hour[name], 0);
  const wrong = hours.filter((hour) => !hour.closes).length;
  return (
    <section className="card" aria-labelledby="equation">
      <div className="card-head">
        <h2 id="equation">Nothing vanishes</h2>
        <Status mood={closes ? 'good' : 'bad'}>
          {closes ? 'Closes' : `${countOf(wrong, 'hour')} ${wrong === 1 ? 'does' : 'do'} not close`}
        </Status>
      </div>
      <dl className="equation">
        <Term name="received" count={sum('received')} />
        {parts.map((name, index) => (
          <Term key={name} name={name} count={sum(name)} sign={index === 0 ? '=' : '+'} />
        ))}
      </dl>
      <p className="soft small">
        {countOf(sum('refused'), 'request')} beside it {sum('refused') === 1 ? 'was' : 'were'} refused before
        being an event: without a key, malformed, too large.
      </p>
    </section>
  );
}

interface TermProps {
  readonly name: string;
  readonly count: number;
  readonly sign?: string;
}

function Term({ name, count, sign }: TermProps) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>
        {sign ? <span className="equation-sign">{sign}</span> : null}
        {formatCount(count)}
      </dd>
    </div>
  );
}
