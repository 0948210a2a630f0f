import type { DemoClient } from '../../cli/demo/client.ts';
import { person } from '../../cli/demo/person.ts';
import type { CredentialsFile } from '../../core/workspace/credentials-file.ts';
import type { DialectDemo } from '../dialect.ts';

export const demo: DialectDemo = {
  api: 'Octeth',
  send: sendSamples,
  isShownAtStart: true,
  command: ({ name, email, curl, secret, json }) =>
    `${curl('/api/v1/event')} ${json} -d '{"APIKey":"'${secret('apiKey')}'","ListID":${name('listId')},"Event":"newsletter-opened","Email":"${email}"}'`,
};

async function sendSamples(client: DemoClient, { octeth }: CredentialsFile): Promise<void> {
  await client.send({
    method: 'POST',
    path: '/api/v1/event',
    body: {
      APIKey: octeth.apiKey,
      ListID: Number(octeth.listId),
      id: 'user-id-2006',
      event: 'test',
      email: person.email,
      properties: { 'number-of-subscribers-imported': 100 },
    },
  });
}
