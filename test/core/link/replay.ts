import type { Key } from '../../../src/core/identity/identity.ts';
import type { Binding, Companion, EventItem } from '../../../src/ingest/item.ts';
import { eventPart } from '../../ingest/engine.ts';

/** Whose event it is. */
export interface SubjectPlan {
  readonly keys: readonly Key[];
  readonly contacts: readonly Key[];
  readonly anonymous: boolean;
  readonly unitesKeys: boolean;
  readonly write: Readonly<Record<string, string>>;
}

/** The session or browser that it came by. */
export interface CompanionPlan {
  readonly keys: readonly Key[];
  readonly binding: Binding;
}

/** An event as it comes in, or two profiles (by their place in the order of creation) joined by hand. */
export type Step =
  | {
      readonly kind: 'event';
      readonly nodeId: number;
      readonly subject: SubjectPlan;
      readonly companion: CompanionPlan | null;
    }
  | { readonly kind: 'join'; readonly a: number; readonly b: number };

interface ModelProfile {
  readonly node: number;
  readonly anonymous: boolean;
  readonly values: Map<string, { value: string; clock: number }>;
  events: number;
}

interface ModelLink {
  readonly text: string;
  readonly first: number;
  readonly second: number;
  readonly scope: 'record' | 'person';
  readonly exclusive: boolean;
  /** False: at its time the records had different values of a field. */
  readonly agrees: boolean;
}

export interface World {
  /** Of each profile, in the order of creation, the profile that names its record, and its person. */
  readonly memberships: { record: number; person: number }[];
  /** What each profile's record shows. */
  readonly shown: Record<string, string>[];
  /** Events of each person, by the profile that names it. */
  readonly events: Record<number, number>;
}

/** The name of a link's evidence, equal for the engine's link and the model's. */
export function evidenceText(link: {
  first: number;
  second: number;
  scope: string;
  evidence: string;
  exclusive: boolean;
}): string {
  const [a, b] = link.exclusive
    ? [link.first, link.second]
    : [Math.min(link.first, link.second), Math.max(link.first, link.second)];
  return `${a}-${b} ${link.scope} ${link.evidence} ${link.exclusive}`;
}

/**
 * The slow, obvious model: plays a history from its start and never makes the links of `undone`. `age` says which of two profiles
 * the engine's ids make the older (ids of one millisecond are in no order).
 */
export function replay(
  steps: readonly Step[],
  undone: ReadonlySet<string>,
  age: (profile: number) => string,
): World {
  const model = new Model(undone, age);
  for (const step of steps) model.play(step);
  return model.world();
}

class Model {
  readonly #undone: ReadonlySet<string>;
  readonly #age: (profile: number) => string;
  readonly #profiles: ModelProfile[] = [];
  readonly #holders: { key: string; node: number; profile: number }[] = [];
  readonly #links: ModelLink[] = [];
  #clock = 0;

  constructor(undone: ReadonlySet<string>, age: (profile: number) => string) {
    this.#undone = undone;
    this.#age = age;
  }

  play(step: Step): void {
    this.#clock++;
    if (step.kind === 'join') {
      const same = this.#profiles[step.a]!.node === this.#profiles[step.b]!.node;
      this.#link(step.a, step.b, same ? 'record' : 'person', 'manual', false);
      return;
    }
    const before = this.#profiles.length;
    const { subject, companion, nodeId } = step;
    const first = this.#find(subject, nodeId);
    if (companion) {
      const { keys, binding } = companion;
      const own = { keys, contacts: [], anonymous: true, unitesKeys: false, write: {} };
      this.#bind(binding, this.#find(own, nodeId), first, before, keys[0]!.kind);
    }
    const { values } = this.#profiles[first]!;
    for (const [path, value] of Object.entries(subject.write))
      values.set(path, { value, clock: this.#clock });
    this.#profiles[first]!.events++;
  }

  #bind(binding: Binding, profile: number, first: number, before: number, kind: string): void {
    if (profile === first) return;
    if (binding.when === 'when-new' && profile < before && first < before) return;
    if (!this.#profiles[profile]!.anonymous) return;
    const agrees = binding.follows !== 'fields-agree' || this.#fieldsAgree(profile, first);
    const isClaim = binding.follows === 'claimed-record';
    const evidence = `${isClaim ? 'claimed-' : ''}${kind}`;
    this.#link(profile, first, 'record', evidence, isClaim || binding.follows === 'one-record', agrees);
  }

  #find(plan: SubjectPlan, node: number): number {
    const holderOf = (key: Key) => {
      const inNode = this.#holders.filter((held) => held.node === node && held.key === textOf(key));
      return this.#oldest(inNode.map((held) => held.profile));
    };
    const matched = plan.keys.flatMap((key) => {
      const profile = holderOf(key);
      return profile === undefined ? [] : [{ profile, kind: key.kind }];
    });
    const profile = matched[0]?.profile ?? this.#profiles.length;
    if (profile === this.#profiles.length)
      this.#profiles.push({ node, anonymous: plan.anonymous, values: new Map(), events: 0 });
    for (const other of plan.unitesKeys ? matched : []) {
      if (other.profile !== profile) this.#link(profile, other.profile, 'record', other.kind, false);
    }
    for (const key of plan.keys) if (holderOf(key) === undefined) this.#attach(key, profile, node);
    for (const key of plan.contacts) this.#attach(key, profile, node);
    return profile;
  }

  #attach(key: Key, profile: number, node: number): void {
    const holders = this.#holders.filter((held) => held.key === textOf(key)).map((held) => held.profile);
    if (holders.includes(profile)) return;
    if (key.kind === 'email' || key.kind === 'phone') {
      const oldest = this.#oldest(holders);
      if (oldest !== undefined) this.#link(profile, oldest, 'person', key.kind, false);
    }
    this.#holders.push({ key: textOf(key), node, profile });
  }

  #oldest(profiles: readonly number[]): number | undefined {
    return [...profiles].sort((a, b) => (this.#age(a) < this.#age(b) ? -1 : 1))[0];
  }

  #link(
    first: number,
    second: number,
    scope: 'record' | 'person',
    evidence: string,
    exclusive: boolean,
    agrees = true,
  ): void {
    const text = evidenceText({ first, second, scope, evidence, exclusive });
    if (this.#undone.has(text) || this.#links.some((link) => link.text === text)) return;
    this.#links.push({ text, first, second, scope, exclusive, agrees });
  }

  /** True unless what is the anonymous profile's record by now has another value of a field that the other profile has. */
  #fieldsAgree(anonymous: number, other: number): boolean {
    const records = this.#names(this.#counting().filter((link) => link.scope === 'record'));
    const fieldsOf = (has: (profile: number) => boolean) =>
      this.#holders
        .filter(({ key, profile }) => key.startsWith('field ') && has(profile))
        .map(({ key }) => key);
    const own = fieldsOf((profile) => profile === other);
    const fieldOf = (key: string) => key.slice(0, key.indexOf('\n'));
    return fieldsOf((profile) => records[profile] === records[anonymous]).every((key) =>
      own.every((ownKey) => fieldOf(ownKey) !== fieldOf(key) || ownKey === key),
    );
  }

  #counting(): ModelLink[] {
    return this.#links.filter((link) => {
      if (!link.agrees) return false;
      if (!link.exclusive) return true;
      const others = this.#links.filter((other) => other.exclusive && other.first === link.first);
      return (others.find((other) => !other.text.includes(' claimed-')) ?? others[0]) === link;
    });
  }

  world(): World {
    const counting = this.#counting();
    const records = this.#names(counting.filter((link) => link.scope === 'record'));
    const persons = this.#names(counting);
    const events: Record<number, number> = {};
    this.#profiles.forEach((profile, index) => {
      events[persons[index]!] = (events[persons[index]!] ?? 0) + profile.events;
    });
    return {
      memberships: records.map((record, index) => ({ record, person: persons[index]! })),
      shown: records.map((record) =>
        this.#show(records.flatMap((r, index) => (r === record ? [index] : []))),
      ),
      events,
    };
  }

  /** Spreads the best name along every link until nothing changes. */
  #names(links: readonly ModelLink[]): number[] {
    const names = this.#profiles.map((_, index) => index);
    const better = (a: number, b: number) => {
      const [first, second] = [this.#profiles[a]!, this.#profiles[b]!];
      if (first.anonymous !== second.anonymous) return second.anonymous ? a : b;
      return Math.min(a, b);
    };
    for (let changed = true; changed; ) {
      changed = false;
      for (const { first, second } of links) {
        const name = better(names[first]!, names[second]!);
        if (names[first] === name && names[second] === name) continue;
        names[first] = names[second] = name;
        changed = true;
      }
    }
    return names;
  }

  #show(members: readonly number[]): Record<string, string> {
    const shown: Record<string, { value: string; clock: number }> = {};
    for (const member of members) {
      for (const [path, written] of this.#profiles[member]!.values) {
        if (!shown[path] || shown[path].clock < written.clock) shown[path] = written;
      }
    }
    return Object.fromEntries(Object.entries(shown).map(([path, { value }]) => [path, value]));
  }
}

function textOf(key: Key): string {
  return `${key.kind} ${key.value}`;
}

export function itemOf({ nodeId, subject, companion }: Extract<Step, { kind: 'event' }>): EventItem {
  const { keys, contacts, anonymous, unitesKeys, write } = subject;
  const companions: Companion[] = companion ? [companion] : [];
  return {
    kind: 'event',
    nodeId,
    subject: { keys, contacts, anonymous, unitesKeys, expects: 'any' },
    companions,
    write: () => write,
    event: eventPart(),
  };
}
