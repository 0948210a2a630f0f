import { formatCount } from '../../components/number.ts';

/** What an erasure counts, in words; docs/erasure.md says more of each. */
const words: Readonly<Record<string, string>> = {
  profiles: 'profiles that become empty',
  keys: 'keys: addresses, numbers, ids',
  states: 'things remembered of them',
  links: 'links',
  events: 'events that lose their properties',
  eventValues: 'values that events are found by',
  conversationEvents: 'conversation events that go',
  touchpoints: 'contacts that lose page and click',
  arrivals: 'origins of contacts that go',
  consents: 'consents that lose their value',
  quarantined: 'bad events that go',
  tombstones: 'keys that are dropped from now on',
  sharedKeys: 'keys that somebody else has, too, and keeps',
};

/** How many of what an erasure empties, or has emptied; what there is none of is left out. */
export function ErasureCounts({ counts }: { readonly counts: Readonly<Record<string, number>> }) {
  const told = Object.entries(counts).filter(([, count]) => count > 0);
  return (
    <dl className="counts">
      {told.map(([name, count]) => (
        <div key={name}>
          <dt>{words[name] ?? name}</dt>
          <dd className="number">{formatCount(count)}</dd>
        </div>
      ))}
    </dl>
  );
}
