import type { Static } from 'typebox';
import { Value } from 'typebox/value';
import type { InsightView } from '../../core/insight-view/insight-view-store.ts';
import { timeOf } from '../date-times.ts';
import { ViewReply } from './schemas.ts';

export function presentView({
  id,
  name,
  question,
  createdAt,
  updatedAt,
}: InsightView): Static<typeof ViewReply> {
  return {
    id,
    name,
    question: Value.Parse(ViewReply.properties.question, question),
    createdAt: timeOf(createdAt),
    updatedAt: timeOf(updatedAt),
  };
}
