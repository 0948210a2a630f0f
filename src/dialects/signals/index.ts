import type { FastifyInstance } from 'fastify';
import { issueCredential } from '../../core/credential/issue-credential.ts';
import { signIn } from '../../core/credential/sign-in.ts';
import { RequestError } from '../../errors.ts';
import { leaveBodiesUnparsed } from '../../http/body.ts';
import type { Dialect, Services } from '../dialect.ts';
import { requireJudged } from '../sign-in-refusal.ts';
import { registerAccountRoutes } from './api/accounts/operations.ts';
import { registerAdRoutes } from './api/ads/operations.ts';
import { registerCampaignRoutes } from './api/campaigns/operations.ts';
import { registerConversionRoutes } from './api/conversions/operations.ts';
import { registerEventGroupRoutes } from './api/event-groups/operations.ts';
import { registerEventRoutes } from './api/events/operations.ts';
import { registerExternalEventRoutes } from './api/external-events/operations.ts';
import { isExternalEvent, replayExternalEvent } from './api/external-events/prepare.ts';
import { registerHubRoutes } from './api/hub/operations.ts';
import { parseSignIn } from './api/parse.ts';
import { registerRefreshRoutes } from './api/refresh/operations.ts';
import { SignInBody, TokenReply } from './api/schemas.ts';
import { registerWebhook, replayMessage } from './api/webhook/operations.ts';
import { requestRecount } from './conversation/recount.ts';
import { windowOf } from './conversation/rules.ts';
import { conversationRules } from './conversion/conversation-rules-store.ts';
import { externalEventType } from './conversion/external-event.ts';
import { presentError } from './errors.ts';
import { AppSettings, ConversationSettings } from './settings.ts';

const ownedPaths = ['/webhooks/whatsapp', '/api/v2/', '/v1/clients/', '/v1/app/', '/clients/'];

/** docs/spec/signals.md. */
export const signals: Dialect = {
  name: 'signals',
  settings: ConversationSettings,
  sourceSettings: AppSettings,
  parts: [conversationRules],
  // Where conversations are open for longer or shorter from then on, past ones are, too, once the leads are counted anew.
  followSettings: async (tx, before, settings, now) => {
    if (windowOf(settings) !== before.parts.get(conversationRules).windowMilliseconds)
      await requestRecount(tx, before.id, 'all', now);
  },
  rateGroups: [],
  saleTypes: [externalEventType],
  owns: (path) => ownedPaths.some((owned) => path.startsWith(owned)),
  commands: {
    signals: {
      summary: 'set up ad accounts and the tracking of WhatsApp numbers',
      load: async () => (await import('./cli/signals.ts')).signals,
    },
  },
  register,
  presentError,
  replay: (event) => (isExternalEvent(event) ? replayExternalEvent(event) : replayMessage(event)),
};

/** Section 0: a token of the Hub is good for a day. */
const tokenSeconds = 86_400;

async function register(app: FastifyInstance, services: Services): Promise<void> {
  // FastAPI names every parameter that is wrong, which parse.ts does; the schemas here are the documentation.
  app.setValidatorCompiler(() => () => true);
  registerToken(app, services);
  await app.register(async (scope) => {
    leaveBodiesUnparsed(scope);
    registerWebhook(scope, services);
  });
  registerEventRoutes(app, services);
  registerHubRoutes(app, services);
  registerAccountRoutes(app, services);
  registerAdRoutes(app, services);
  registerCampaignRoutes(app, services);
  registerRefreshRoutes(app, services);
  registerConversionRoutes(app, services);
  registerEventGroupRoutes(app, services);
  registerExternalEventRoutes(app, services);
}

function registerToken(app: FastifyInstance, services: Services): void {
  app.post(
    '/api/v2/token',
    {
      schema: {
        tags: ['Signals'],
        summary: 'Sign in to the Hub',
        security: [],
        body: SignInBody,
        response: { 200: TokenReply },
      },
    },
    async (request, reply) => {
      const { username, password } = parseSignIn(request.body);
      const who = { name: username, password, address: request.ip };
      const signedIn = requireJudged(await signIn(services, 'signals', who));
      if (signedIn.kind === 'refused')
        throw new RequestError('unauthenticated', 'Incorrect username or password');
      const { id: madeFrom, workspaceId, subject: name } = signedIn.password;
      const now = services.clock();
      const expiresAt = new Date(now + tokenSeconds * 1000);
      const session = { workspaceId, dialect: 'signals', kind: 'session', role: 'hub-token', name } as const;
      const grant = { ...session, madeFrom, expiresAt };
      const { secret } = await issueCredential(services.database, grant, new Date(now));
      reply.header('cache-control', 'no-store');
      return { access_token: secret, token_type: 'Bearer', expires_in: tokenSeconds };
    },
  );
}
