import { createHash } from 'node:crypto';
import Type, { type Static } from 'typebox';
import type { ConversionSettings } from './conversion.ts';
import { ruleModels } from './models.ts';

/** Models that look at all conversions of a span together: a job makes their results, which are kept with it. */
export const wholeModels = ['markov', 'shapley'] as const;

/** All by which reports are answered. */
export const models = [...ruleModels, ...wholeModels] as const;

export type WholeModel = (typeof wholeModels)[number];

/** What results of such models are told by: what visitors write into addresses is kept in none. */
export const wholeGroupings = ['campaign', 'channel', 'integration', 'api'] as const;

export type WholeGrouping = (typeof wholeGroupings)[number];

/** The kind of the job; its subject is `subjectOf` its question. */
export const modelKind = 'attribution-model';

const oneOf = <Text extends string>(texts: readonly Text[]) =>
  Type.Unsafe<Text>({ type: 'string', enum: [...texts] });

/** All that a result depends on, beside what is stored. `settings`: of the conversion. */
export const ModelQuestion = Type.Object({
  model: oneOf(wholeModels),
  grouping: oneOf(wholeGroupings),
  since: Type.String(),
  until: Type.String(),
  timezone: Type.String(),
  currency: Type.String(),
  /** As whoever asked has made them: the question is no one's but ours. */
  settings: Type.Unsafe<ConversionSettings>({ type: 'object' }),
});

export type ModelQuestion = Static<typeof ModelQuestion>;

/** One question has one subject, so that a result is found by it. */
export function subjectOf(question: ModelQuestion): string {
  const { model, grouping, since, until, timezone, currency, settings } = question;
  const text = JSON.stringify([model, grouping, since, until, timezone, currency, settings]);
  return createHash('sha256').update(text).digest('hex').slice(0, 32);
}

const Credited = { conversions: Type.String(), value: Type.String() } as const;

/** As a job keeps it: credit in billionths and value in millionths, as texts. A null key: of none. */
export const ModelResult = Type.Object({
  asOf: Type.Integer(),
  isMoney: Type.Union([Type.Boolean(), Type.Null()]),
  rows: Type.Array(
    Type.Object({
      key: Type.Union([Type.String(), Type.Null()]),
      touches: Type.Integer(),
      people: Type.Integer(),
      ...Credited,
    }),
  ),
  unattributed: Type.Object(Credited),
});

export type ModelResult = Static<typeof ModelResult>;
