import { eventTypeId } from '../../../../src/dialects/signals/conversation/event-type-id.ts';
import { matchesText } from '../../../../src/dialects/signals/conversation/match-text.ts';
import type { ConversationRules } from '../../../../src/dialects/signals/conversation/rules.ts';

/** A message or an external event of a lead, as the test made it and the database stored it. */
export interface ToldFact {
  readonly phone: string | null;
  readonly userId: string | null;
  /** As it was sent, among all. */
  readonly receipt: number;
  readonly eventId: string;
  /** What the event was stored on. */
  readonly profileId: string;
  readonly at: number;
  /** The number of the app; of an external event the one that was named. */
  readonly app: number | null;
  readonly appId: string;
  readonly message: {
    readonly id: string;
    /** False: a reaction, an edit, a message in a group …, which say nothing of conversations. */
    readonly isOfLead: boolean;
    readonly name: string | null;
    readonly text: string | null;
    readonly choice: string | null;
    readonly click: {
      readonly origin: 'ad' | 'post';
      readonly target: string;
      readonly id: string | null;
    } | null;
  } | null;
  readonly external: { readonly previous: string | null; readonly amount: number | null } | null;
}

export interface Expected {
  /** `${message} ${phone} ${type} ${value} ${ad} ${first message of the conversation}` */
  readonly events: string[];
  /** `${external event} ${app} ${ad} ${amount}` */
  readonly sales: string[];
  /** Counts that are not 0. */
  readonly days: Record<string, number>;
  /** `${profile} ${target} ${at}`, one a click. */
  readonly clicks: string[];
  /** By profile. */
  readonly names: Record<string, string>;
}

interface Session {
  readonly app: number;
  readonly first: ToldFact;
  readonly origin: 'ad' | 'post' | 'standalone';
  readonly target: string | null;
  readonly click: string | null;
  readonly members: ToldFact[];
}

/**
 * What the facts of all leads give by the rules, told the slow way: lead by lead, the whole of it sorted.
 * @param leads the facts of each
 */
export function expectConversations(
  leads: readonly (readonly ToldFact[])[],
  rules: ConversationRules,
): Expected {
  const expected: Expected = { events: [], sales: [], days: {}, clicks: [], names: {} };
  for (const facts of leads) {
    expectNames(facts, expected);
    const said = facts.filter(({ message }) => !message || message.isOfLead);
    expectLead(said.toSorted(compareFacts), rules, expected);
  }
  expected.events.sort();
  expected.sales.sort();
  expected.clicks.sort();
  return expected;
}

/** By time; of one second what tells of a click first, external events last, else as they were sent. */
function compareFacts(a: ToldFact, b: ToldFact): number {
  const rank = ({ message }: ToldFact) => (message ? (message.click ? 0 : 1) : 2);
  return a.at - b.at || rank(a) - rank(b) || a.receipt - b.receipt;
}

/** Each profile bears the name that was told last, whatever it was told with. */
function expectNames(facts: readonly ToldFact[], { names }: Expected): void {
  for (const { profileId, message } of facts.toSorted((a, b) => a.at - b.at || a.receipt - b.receipt))
    if (message?.name) names[profileId] = message.name;
}

/** Facts that share a number or a user id, also by way of others, are one lead's. */
export function leadsByKeys(facts: readonly ToldFact[]): ToldFact[][] {
  let leads: ToldFact[][] = [];
  const keys = ({ phone, userId }: ToldFact) => [phone, userId].filter((key) => key !== null);
  for (const fact of facts) {
    const share = (other: ToldFact) => keys(other).some((key) => keys(fact).includes(key));
    const own = leads.filter((lead) => lead.some(share));
    leads = [...leads.filter((lead) => !own.includes(lead)), [...own.flat(), fact]];
  }
  return leads;
}

function expectLead(facts: readonly ToldFact[], rules: ConversationRules, expected: Expected): void {
  const lead = new LeadOracle(rules, expected);
  for (const [index, fact] of facts.entries()) {
    if (fact.external) lead.tellExternal(fact, fact.external, facts.slice(0, index));
    else if (fact.message && fact.app !== null) lead.tellMessage(fact, fact.message, fact.app);
  }
}

class LeadOracle {
  readonly #rules: ConversationRules;
  readonly #expected: Expected;
  readonly #sessions: Session[] = [];
  readonly #places = new Map<string, Session>();
  readonly #seen = new Set<string>();

  constructor(rules: ConversationRules, expected: Expected) {
    this.#rules = rules;
    this.#expected = expected;
  }

  tellExternal(
    fact: ToldFact,
    { previous, amount }: NonNullable<ToldFact['external']>,
    earlier: readonly ToldFact[],
  ): void {
    const pinned = this.#places.get(previous ?? '');
    const messages = earlier.filter((other) => other.message);
    const last = messages.findLast((other) => fact.app === null || other.app === fact.app);
    const session = pinned ?? (last && this.#sessions.find(({ members }) => members.includes(last)));
    if (session) this.#places.set(fact.eventId, session);
    if (amount === null) return;
    const ad = session ? adOf(session) : null;
    const app = session?.app ?? fact.app;
    this.#expected.sales.push(`${fact.eventId} ${app} ${ad} ${amount}`);
    this.#add(fact, app, ad, 'sale');
    this.#add(fact, app, ad, 'revenue', amount);
  }

  tellMessage(fact: ToldFact, message: NonNullable<ToldFact['message']>, app: number): void {
    const { click } = message;
    if (click) {
      const identity = click.id === null ? message.id : `${click.origin} ${click.target} ${click.id}`;
      if (this.#isFirst(`click ${fact.profileId} ${app} ${identity}`))
        this.#expected.clicks.push(`${fact.profileId} ${click.target} ${fact.at}`);
    }
    const session = this.#sessionOf(fact, click, app);
    session.members.push(fact);
    const ad = adOf(session);
    const isStandalone = session.origin === 'standalone';
    for (const event of this.#eventsOf(fact, message, session)) {
      const type = event.slice(0, event.indexOf(' '));
      const text = event.slice(type.length + 1);
      const value = text === 'null' ? null : text;
      this.#expected.events.push(`${message.id} ${fact.phone} ${event} ${ad} ${session.first.message!.id}`);
      this.#add(fact, app, ad, `${type} ${eventTypeId(fact.appId, type, value)} ${value ?? ''}`);
      if (isStandalone) this.#add(fact, app, ad, 'standalone-event');
      if (event === 'conversation null') {
        this.#add(fact, app, ad, 'session');
        if (isStandalone) this.#add(fact, app, ad, 'standalone-session');
        this.#addOnce(fact, app, ad, 'lead');
      }
      if (type === 'engagement') this.#addOnce(fact, app, ad, 'engaged');
      if (type === 'converted') this.#addOnce(fact, app, ad, 'converted-lead');
    }
  }

  #sessionOf(fact: ToldFact, click: NonNullable<ToldFact['message']>['click'], app: number): Session {
    const open = this.#sessions.findLast((session) => session.app === app);
    const isSameClick =
      !click ||
      (click.id !== null &&
        open?.click === click.id &&
        open.target === click.target &&
        open.origin === click.origin);
    if (open && isSameClick && fact.at - open.first.at < this.#rules.windowMilliseconds) return open;
    const session: Session = {
      app,
      first: fact,
      origin: click?.origin ?? 'standalone',
      target: click?.target ?? null,
      click: click?.id ?? null,
      members: [],
    };
    this.#sessions.push(session);
    return session;
  }

  /** `${type} ${value}` of each event. */
  #eventsOf(fact: ToldFact, message: NonNullable<ToldFact['message']>, session: Session): string[] {
    const { campaignOfAd, conversions } = this.#rules;
    const raised = new Set<string>();
    if (session.members.length === 1) raised.add('conversation null');
    if (session.members.length === 2) raised.add('engagement null');
    if (message.choice !== null) raised.add(`button ${message.choice}`);
    const configured = this.#configuredEvents(fact, message.text, adOf(session));
    const conversion = conversions.get(campaignOfAd.get(adOf(session) ?? '') ?? '');
    if (!conversion) return [...raised, ...configured];
    const { type, typeValue } = conversion;
    const isText = (type === 'keyword' || type === 'conversation') && typeValue !== null;
    if (isText && message.text !== null && matchesText(typeValue, message.text))
      configured.add(`${type} ${typeValue}`);
    const all = [...raised, ...configured];
    let main: string | undefined;
    if (type === 'converted') main = [...configured][0];
    else if (typeValue !== null) main = all.find((event) => event === `${type} ${typeValue}`);
    else if (type === 'conversation') main = all.find((event) => event === 'conversation null');
    else main = all.find((event) => event.startsWith(`${type} `));
    return main === undefined ? all : [...all, `converted ${main.slice(main.indexOf(' ') + 1)}`];
  }

  #configuredEvents(fact: ToldFact, text: string | null, ad: string | null): Set<string> {
    const { textRules, campaignOfAd } = this.#rules;
    const configured = new Set<string>();
    for (const rule of textRules) {
      if (text === null || !matchesText(rule.value, text)) continue;
      if (rule.adId !== null && rule.adId !== ad) continue;
      if (rule.campaignId !== null && rule.campaignId !== campaignOfAd.get(ad ?? '')) continue;
      if (rule.archivedAt !== null && fact.at >= rule.archivedAt) continue;
      configured.add(`${rule.type} ${rule.value}`);
    }
    return configured;
  }

  #isFirst(what: string): boolean {
    const isFirst = !this.#seen.has(what);
    this.#seen.add(what);
    return isFirst;
  }

  #add(fact: ToldFact, app: number | null, ad: string | null, what: string, by = 1): void {
    const { days } = this.#expected;
    for (const day of [new Date(fact.at).toISOString().slice(0, 10), '-infinity']) {
      const key = `${app ?? 0} ${ad ?? ''} ${day} ${what}`;
      days[key] = (days[key] ?? 0) + by;
    }
  }

  #addOnce(fact: ToldFact, app: number, ad: string | null, what: string): void {
    if (this.#isFirst(`${what} ${app} ${ad}`)) this.#add(fact, app, ad, what);
  }
}

function adOf({ origin, target }: Session): string | null {
  return origin === 'ad' ? target : null;
}
