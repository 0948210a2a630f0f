import { issueCredential } from '../../../../core/credential/issue-credential.ts';
import { signIn } from '../../../../core/credential/sign-in.ts';
import { RequestError } from '../../../../errors.ts';
import { type Operation, open, operation } from '../../../../http/operation.ts';
import type { Services } from '../../../dialect.ts';
import { requireJudged } from '../../../sign-in-refusal.ts';
import { parseSignIn } from '../parse.ts';
import { SignInBody, TokenReply } from './schemas.ts';

/** Section 0: a token of the Hub is good for a day. */
const tokenSeconds = 86_400;

export const tokenOperations: readonly Operation<Services>[] = [
  operation({
    method: 'POST',
    path: '/api/v2/token',
    summary: 'Sign in to the Hub',
    guard: open<Services>(),
    documents: { body: SignInBody },
    example: { username: 'ada@example.com', password: '…' },
    replies: { 200: TokenReply },
    handle: async ({ services, body, request, reply }) => {
      const { username, password } = parseSignIn(body);
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
  }),
];
