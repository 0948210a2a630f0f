import Type from 'typebox';
import {
  boolean,
  choice,
  freeObject,
  type JsonSchema,
  limitedText,
  nullable,
  openObject,
  uuid,
} from '../../documents/json-schema.ts';
import { providers } from '../../source/source.ts';
import { workspaceId } from '../schemas.ts';

export const SourceParameters = Type.Object({
  workspaceId,
  sourceId: Type.String({ description: 'As `sourceInfo` and consents have it.' }),
});

const maximumNodes = 1000;

/** A source as it is sent; a client may send back all that it was shown. */
export const sourceSchema: JsonSchema = openObject({
  provider: choice(providers),
  name: { ...limitedText(255), minLength: 1 },
  description: nullable(limitedText(1000)),
  nodes: { type: 'array', items: uuid, minItems: 1, maxItems: maximumNodes },
  enabled: boolean,
  properties: nullable(freeObject),
  id: nullable({ type: 'string' }),
  token: nullable({ type: 'string' }),
});
