import type { Provider } from '../source/source.ts';
import { closedObject, type JsonSchema, openObject } from './json-schema.ts';

export interface ProviderDefinition {
  readonly id: Provider;
  readonly description: string;
  /** Of the properties that a source of it has. */
  readonly propertiesSchema: JsonSchema;
}

const none = closedObject({});
const any = openObject({});

/** docs/spec/contacthub.md A#107; which properties a provider wants is told by no source, so that those of the vendor's own are free. */
export const providerDefinitions: readonly ProviderDefinition[] = [
  { id: 'API', description: 'Your own software, by this API', propertiesSchema: none },
  { id: 'CONTACTSEND', description: 'Contactsend', propertiesSchema: any },
  { id: 'CONTACTPLAN', description: 'Contactplan', propertiesSchema: any },
  { id: 'JavaScript', description: 'Pages, by the browser SDK', propertiesSchema: none },
  { id: 'MAGENTO', description: 'Magento', propertiesSchema: none },
  { id: 'ANDROID_SDK', description: 'Android SDK', propertiesSchema: none },
  { id: 'OBJECTIVEC_SDK', description: 'Objective-C SDK', propertiesSchema: none },
  { id: 'NODEJS_SDK', description: 'Node.js SDK', propertiesSchema: none },
  { id: 'JAVA_SDK', description: 'Java SDK', propertiesSchema: none },
  { id: 'SCALA_SDK', description: 'Scala SDK', propertiesSchema: none },
  { id: 'DOTNET_SDK', description: '.NET SDK', propertiesSchema: none },
];
