import Type from 'typebox';
import { EventTypeName } from '../schemas.ts';

export const ConvertedEventBody = Type.Object({
  campaign_id: Type.String(),
  type: EventTypeName,
  type_value: Type.Optional(
    Type.String({
      description:
        'Of `keyword` and `conversation`: the text that is looked for in messages. Of the others: what was chosen.',
    }),
  ),
  type_id: Type.Optional(
    Type.String({ description: '24 hex digits; where `type_value` is given, that decides.' }),
  ),
});
