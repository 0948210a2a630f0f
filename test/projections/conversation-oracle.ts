import { eventTypeId } from '../../src/core/conversation/event-type-id.ts';
import { matchesText } from '../../src/core/conversation/match-text.ts';
import type { ConversationRules } from '../../src/core/conversation/rules.ts';

/** A message or an external event of a lead, as the test made it and the database stored it. */
export interface ToldFact {
  readonly phone: string;
  readonly eventId: string;
  readonly at: number;
  /** The number of the app; of an external event the one that was named. */
  readonly app: number | null;
  readonly appId: string;
  readonly message: {
    readonly id: string;
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
  /** `${message} ${type} ${value} ${ad} ${first message of the conversation}` */
  readonly events: string[];
  /** `${external event} ${app} ${ad} ${amount}` */
  readonly sales: string[];
  /** Counts that are not 0. */
  readonly days: Record<string, number>;
  /** `${phone} ${target} ${at}`, one a click. */
  readonly clicks: string[];
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

/** What the facts of all leads give by the rules, told the slow way: lead by lead, the whole of it sorted. */
export function expectConversations(facts: readonly ToldFact[], rules: ConversationRules): Expected {
  const expected: Expected = { events: [], sales: [], days: {}, clicks: [], names: {} };
  for (const phone of new Set(facts.map((fact) => fact.phone))) {
    expectLead(
      facts.filter((fact) => fact.phone === phone).sort((a, b) => (isBefore(a, b) ? -1 : 1)),
      rules,
      expected,
    );
  }
  expected.events.sort();
  expected.sales.sort();
  expected.clicks.sort();
  return expected;
}

function isBefore(a: ToldFact, b: ToldFact): boolean {
  const keyOf = (fact: ToldFact) =>
    `${String(fact.at).padStart(16, '0')} ${fact.message ? 0 : 1} ${fact.message?.id ?? fact.eventId}`;
  if (keyOf(a) !== keyOf(b)) return keyOf(a) < keyOf(b);
  return (a.app ?? 0) < (b.app ?? 0);
}

function expectLead(facts: readonly ToldFact[], rules: ConversationRules, expected: Expected): void {
  const sessions: Session[] = [];
  const places = new Map<string, Session>();
  const seen = new Set<string>();
  const add = (fact: ToldFact, app: number | null, ad: string | null, what: string, by = 1) => {
    for (const day of [new Date(fact.at).toISOString().slice(0, 10), '-infinity']) {
      const key = `${app ?? 0} ${ad ?? ''} ${day} ${what}`;
      expected.days[key] = (expected.days[key] ?? 0) + by;
    }
  };
  const addOnce = (fact: ToldFact, app: number, ad: string | null, what: string) => {
    if (seen.has(`${what} ${app} ${ad}`)) return;
    seen.add(`${what} ${app} ${ad}`);
    add(fact, app, ad, what);
  };
  for (const [index, fact] of facts.entries()) {
    if (fact.external) {
      const pinned = places.get(fact.external.previous ?? '');
      const earlier = facts.slice(0, index).filter((other) => other.message);
      const last = earlier.findLast((other) => fact.app === null || other.app === fact.app);
      const session = pinned ?? (last && sessions.find(({ members }) => members.includes(last)));
      if (session) places.set(fact.eventId, session);
      if (fact.external.amount === null) continue;
      const ad = session?.origin === 'ad' ? session.target : null;
      const app = session?.app ?? fact.app;
      expected.sales.push(`${fact.eventId} ${app} ${ad} ${fact.external.amount}`);
      add(fact, app, ad, 'sale');
      add(fact, app, ad, 'revenue', fact.external.amount);
      continue;
    }
    const { message, app, appId, phone } = fact as ToldFact & { app: number };
    const { click, name } = message!;
    if (name !== null) expected.names[phone] = name;
    if (click) {
      const identity = click.id === null ? message!.id : `${click.origin} ${click.target} ${click.id}`;
      if (!seen.has(`click ${app} ${identity}`)) {
        seen.add(`click ${app} ${identity}`);
        expected.clicks.push(`${phone} ${click.target} ${fact.at}`);
      }
    }
    const open = sessions.findLast((session) => session.app === app);
    const isSameClick =
      !click ||
      (click.id !== null &&
        open?.click === click.id &&
        open.target === click.target &&
        open.origin === click.origin);
    let session =
      open && fact.at - open.first.at < rules.windowMilliseconds && isSameClick ? open : undefined;
    if (!session) {
      session = {
        app,
        first: fact,
        origin: click?.origin ?? 'standalone',
        target: click?.target ?? null,
        click: click?.id ?? null,
        members: [],
      };
      sessions.push(session);
    }
    session.members.push(fact);
    const ad = session.origin === 'ad' ? session.target : null;
    const campaign = ad === null ? undefined : rules.campaignOfAd.get(ad);
    const raised = new Set<string>();
    if (session.members.length === 1) raised.add('conversation null');
    if (session.members.length === 2) raised.add('engagement null');
    if (message!.choice !== null) raised.add(`button ${message!.choice}`);
    const configured = new Set<string>();
    for (const rule of rules.textRules) {
      if (message!.text === null || !matchesText(rule.value, message!.text)) continue;
      if (rule.adId !== null && rule.adId !== ad) continue;
      if (rule.campaignId !== null && rule.campaignId !== campaign) continue;
      if (rule.archivedAt !== null && fact.at >= rule.archivedAt) continue;
      configured.add(`${rule.type} ${rule.value}`);
    }
    const conversion = campaign === undefined ? undefined : rules.conversions.get(campaign);
    let main: string | undefined;
    if (conversion) {
      const { type, typeValue } = conversion;
      const isText = (type === 'keyword' || type === 'conversation') && typeValue !== null;
      if (isText && message!.text !== null && matchesText(typeValue, message!.text))
        configured.add(`${type} ${typeValue}`);
      if (type === 'converted') main = [...configured][0];
      else if (typeValue !== null)
        main = [...raised, ...configured].find((event) => event === `${type} ${typeValue}`);
      else if (type === 'conversation') main = [...raised].find((event) => event === 'conversation null');
      else main = [...raised, ...configured].find((event) => event.startsWith(`${type} `));
    }
    const all = [...raised, ...configured];
    if (main !== undefined) all.push(`converted ${main.slice(main.indexOf(' ') + 1)}`);
    const isStandalone = session.origin === 'standalone';
    for (const event of all) {
      const type = event.slice(0, event.indexOf(' '));
      const text = event.slice(type.length + 1);
      const value = text === 'null' ? null : text;
      expected.events.push(`${message!.id} ${event} ${ad} ${session.first.message!.id}`);
      add(fact, app, ad, `${type} ${eventTypeId(appId, type, value)} ${value ?? ''}`);
      if (isStandalone) add(fact, app, ad, 'standalone-event');
      if (event === 'conversation null') {
        add(fact, app, ad, 'session');
        if (isStandalone) add(fact, app, ad, 'standalone-session');
        addOnce(fact, app, ad, 'lead');
      }
      if (type === 'engagement') addOnce(fact, app, ad, 'engaged');
      if (type === 'converted') addOnce(fact, app, ad, 'converted-lead');
    }
  }
}
