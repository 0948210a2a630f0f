import { randomBytes } from 'node:crypto';
import type { DemoClient } from '../../cli/demo/client.ts';
import { person } from '../../cli/demo/person.ts';
import type { CredentialsFile } from '../../core/workspace/credentials-file.ts';
import type { DialectDemo } from '../dialect.ts';

export const demo: DialectDemo = {
  api: 'WebEngage',
  send: sendSamples,
  isShownAtStart: true,
  command: ({ name, email, curl, bearer, json }) =>
    `${curl(`/v1/accounts/${name('licenseCode')}/events`)} ${bearer('apiKey')} ${json} -d '{"userId":"ada","eventName":"Added to Cart","eventData":{"Product":"Difference Engine","Price":39.8,"email":"${email}"}}'`,
};

async function sendSamples(client: DemoClient, { webengage }: CredentialsFile): Promise<void> {
  const account = `/v1/accounts/${webengage.licenseCode}`;
  const headers = () => ({
    authorization: `Bearer ${webengage.apiKey}`,
    'x-request-id': randomBytes(16).toString('hex'),
  });
  await client.send({
    method: 'POST',
    path: `${account}/users`,
    headers: headers(),
    body: { userId: 'johndoe', ...person, emailOptIn: true },
  });
  await client.send({
    method: 'POST',
    path: `${account}/events`,
    headers: headers(),
    body: {
      userId: 'johndoe',
      eventName: 'Added to Cart',
      eventTime: `${new Date().toISOString().slice(0, 19)}+0000`,
      eventData: {
        'Product ID': 1337,
        Price: 39.8,
        Quantity: 1,
        Product: 'Givenchy Pour Homme Cologne',
        Category: 'Fragrance',
        Currency: 'USD',
      },
    },
  });
}
