import type { AdPlatform } from '../../core/attribution/ad-platform.ts';
import { apportionByKey } from '../../core/attribution/apportion.ts';
import type { ConversionSettings } from '../../core/attribution/conversion.ts';
import { creditJourney } from '../../core/attribution/credit-journey.ts';
import { keyOf } from '../../core/attribution/grouping.ts';
import { readJourneys, readTouches } from '../../core/attribution/journey-store.ts';
import { judgeTouches, pathOf } from '../../core/attribution/judge-touches.ts';
import { MarkovChain, maximumMarkovKeys } from '../../core/attribution/markov.ts';
import { ShapleyGame } from '../../core/attribution/shapley.ts';
import { addCredited, type Credited, nothing } from '../../core/attribution/tally.ts';
import type { Journey, Touch } from '../../core/attribution/touch.ts';
import { minorDigitsOf, numberDigits } from '../../core/attribution/units.ts';
import type { ModelQuestion, ModelResult } from '../../core/attribution/whole-model.ts';
import { lowestId } from '../../core/id.ts';
import type { Workspace, WorkspaceId } from '../../core/workspace/workspace.ts';
import type { Queryable } from '../../store/queryable.ts';
import { type ConvertingEvent, listConverting } from './list-converting.ts';
import { instantsOf, intervalIn } from './local-interval.ts';

/** The message says what to do. */
export class ModelTooLargeError extends Error {}

const pageSize = 500;
/** Those that lie on paths are remembered, some hundred bytes each. */
const maximumTouches = 2_000_000;
/** Of a person who was not converted. */
const touchesOfPerson = 500;
/** Stands for what is of no group. */
const ofNone = '';
/** Without a conversion to look back from, all touches of the span count. */
const unbounded = { lookbackDays: Number.MAX_SAFE_INTEGER / 1e9 };

export function beginWalk(workspace: Workspace, question: ModelQuestion, asOf: number): ModelWalk {
  return new ModelWalk(workspace, question, asOf);
}

/** A walk over the conversions of a span, and for Markov over the persons whose touches led to none, page by page. */
export class ModelWalk {
  /** Conversions that were gone through, and persons behind them. */
  done = 0;
  readonly #workspace: Workspace;
  readonly #question: ModelQuestion;
  readonly #settings: ConversionSettings;
  readonly #asOf: number;
  readonly #isAsked: (instant: number) => boolean;
  readonly #chain = new MarkovChain();
  readonly #game = new ShapleyGame();
  readonly #groups = new Map<string, { touches: number; readonly people: Set<string> }>();
  /** Touches that were looked at for a conversion. */
  readonly #used = new Set<string>();
  #attributed: Credited = nothing;
  #unattributed: Credited = nothing;
  #isMoney: boolean | null = null;
  #after: ConvertingEvent | null = null;
  /** Behind which person it goes on; null while there are conversions. */
  #person: string | null = null;

  constructor(workspace: Workspace, question: ModelQuestion, asOf: number) {
    this.#workspace = workspace;
    this.#question = question;
    // The question was made of settings, and is nobody else's.
    this.#settings = question.settings;
    this.#asOf = asOf;
    const intervalOf = intervalIn(question, question.timezone, null);
    this.#isAsked = (instant) => intervalOf(instant) !== undefined;
  }

  /** Goes through the next page. Answers whether it was the last. @throws ModelTooLargeError */
  async step(connection: Queryable, platforms: readonly AdPlatform[]): Promise<boolean> {
    if (this.#person !== null) return this.#stepPersons(connection, platforms, this.#person);
    const [workspace, settings] = [this.#workspace, this.#settings];
    const span = instantsOf(this.#question, this.#question.timezone);
    const page = await listConverting(connection, workspace, settings, span, this.#after, pageSize);
    const ids = page.map(({ id }) => id);
    for (const journey of await readJourneys(connection, workspace, settings, ids, platforms))
      if (this.#isAsked(journey.convertedAt)) this.#addJourney(journey);
    this.#after = page.at(-1) ?? null;
    if (page.length === pageSize) return false;
    if (this.#question.model === 'shapley') return true;
    this.#person = lowestId;
    return false;
  }

  #addJourney(journey: Journey): void {
    this.done++;
    const credited = creditJourney(journey, this.#settings, 'linear');
    if (journey.value !== null) this.#isMoney = this.#isMoney === true || journey.value.currency !== null;
    for (const { id } of journey.touches) this.#used.add(id);
    if (this.#used.size > maximumTouches)
      throw new ModelTooLargeError(
        `more than ${maximumTouches} touches lie before the conversions of these days; ask for fewer days`,
      );
    const path = credited.touches.map(({ touch }) => touch);
    if (path.length === 0) {
      this.#unattributed = addCredited(this.#unattributed, credited);
      return;
    }
    this.#attributed = addCredited(this.#attributed, credited);
    const keys = path.map((touch) => this.#keyOf(touch));
    for (const key of keys) {
      const group = this.#groups.getOrInsertComputed(key, () => ({ touches: 0, people: new Set<string>() }));
      group.touches++;
      group.people.add(journey.personId);
    }
    if (this.#question.model === 'shapley') this.#game.add(keys, 1, credited.value / this.#millionths());
    else this.#addToChain(keys, 1, 0);
  }

  /** Persons whose touches of the span led to no conversion. */
  async #stepPersons(
    connection: Queryable,
    platforms: readonly AdPlatform[],
    after: string,
  ): Promise<boolean> {
    const persons = await listPersons(connection, this.#workspace.id, after, pageSize);
    const { from: since, until } = instantsOf(this.#question, this.#question.timezone);
    const spans = persons.map((personId) => ({ key: personId, personId, since, until }));
    const touches = await readTouches(connection, this.#workspace.id, spans, touchesOfPerson, platforms);
    for (const own of touches.values()) {
      const vain = own.filter(({ id, at }) => !this.#used.has(id) && this.#isAsked(at));
      const path = pathOf(
        judgeTouches({ ...this.#settings, ...unbounded }, { convertedAt: until, eventId: null }, vain),
      );
      const keys = path.map((touch) => this.#keyOf(touch));
      if (keys.length > 0) this.#addToChain(keys, 0, 1);
    }
    this.done += persons.length;
    this.#person = persons.at(-1) ?? after;
    return persons.length < pageSize;
  }

  #addToChain(keys: readonly string[], conversions: number, nulls: number): void {
    try {
      this.#chain.add(keys, conversions, nulls);
    } catch (error) {
      if (!(error instanceof RangeError)) throw error;
      throw new ModelTooLargeError(
        `there are more than ${maximumMarkovKeys} groups; ask for fewer days, or group by channel`,
      );
    }
  }

  #keyOf(touch: Touch): string {
    return keyOf(this.#question.grouping, touch.origin) ?? ofNone;
  }

  /** Of the smallest unit that value is handed out in. */
  #millionths(): bigint {
    const digits = this.#isMoney === true ? minorDigitsOf(this.#question.currency) : numberDigits;
    return 10n ** BigInt(numberDigits - digits);
  }

  /** What each group gets of all that is attributed, which it sums to. */
  async result(): Promise<ModelResult> {
    const shares = await this.#shares();
    return {
      asOf: this.#asOf,
      isMoney: this.#isMoney,
      rows: [...this.#groups].map(([key, { touches, people }]) => ({
        key: key === ofNone ? null : key,
        touches,
        people: people.size,
        ...texts(shares.get(key) ?? nothing),
      })),
      unattributed: texts(this.#unattributed),
    };
  }

  async #shares(): Promise<ReadonlyMap<string, Credited>> {
    const millionths = this.#millionths();
    if (this.#question.model === 'shapley') {
      const shares = this.#game.shares();
      return new Map(
        [...shares].map(([key, { credit, value }]) => [
          key,
          { conversions: credit, value: value * millionths },
        ]),
      );
    }
    if (this.#groups.size === 0) return new Map();
    const effects = await this.#chain.removalEffects();
    const { conversions, value } = this.#attributed;
    const credits = apportionByKey(conversions, effects);
    const values = apportionByKey(value / millionths, effects);
    return new Map(
      [...credits].map(([key, credit]) => [
        key,
        { conversions: credit, value: (values.get(key) ?? 0n) * millionths },
      ]),
    );
  }
}

function texts({ conversions, value }: Credited) {
  return { conversions: String(conversions), value: String(value) };
}

async function listPersons(
  connection: Queryable,
  workspaceId: WorkspaceId,
  after: string,
  limit: number,
): Promise<string[]> {
  const rows = await connection.query<{ id: string }>(
    `select distinct person_id as id from profile
      where workspace_id = $1 and person_id > $2 order by person_id limit $3`,
    [workspaceId, after, limit],
  );
  return rows.map(({ id }) => id);
}
