import type { FastifyInstance } from 'fastify';
import type { Static } from 'typebox';
import { findSource } from '../../../core/workspace/workspace.ts';
import { RequestError } from '../../../errors.ts';
import { type Operation, operation, registerOperations } from '../../../http/operation.ts';
import { readDateTime } from '../../../native/date-times.ts';
import { inWorkspace } from '../../../native/guards.ts';
import { noSuch, wrong } from '../../../native/refusals.ts';
import { errors, WorkspaceParameters } from '../../../native/schemas/common.ts';
import { presentSource } from '../../../native/sources/present.ts';
import { SourceSchema } from '../../../native/sources/schemas.ts';
import { compileNative } from '../../../native/validation.ts';
import type { Services } from '../../dialect.ts';
import type { Ad, AdCampaign } from '../advertising/advertising.ts';
import { type ImportFault, importAdDays, importAds } from '../advertising/import-advertising.ts';
import { isDay } from '../advertising/plan-days.ts';
import { setTracking } from '../app/set-tracking.ts';
import { advertisingOf } from '../connector/connect-advertising.ts';
import { AdDaysBody, AdsBody, AppParameters, StoredReply, TrackingBody } from './schemas.ts';

const base = '/workspaces/:workspace/signals';

type GivenAds = Static<typeof AdsBody>;

/** Ads and numbers by hand, for who has no connection to Meta; and apps' tracking. */
export function registerAds(scope: FastifyInstance, services: Services): void {
  const operations = [...imports, tracking];
  registerOperations(scope, services, operations, { tag: 'Native: Signals', compile: compileNative });
}

const tracking = operation({
  method: 'PUT',
  path: `${base}/apps/:appId/tracking`,
  summary: 'Switch click-to-WhatsApp tracking of an app on or off',
  description: 'Off: messages are acknowledged and dropped, and conversions can’t be set up.',
  guard: inWorkspace,
  checks: { path: AppParameters, body: TrackingBody },
  example: { enabled: true },
  replies: { 200: SourceSchema, ...errors(404) },
  handle: async ({ services, access, path, body }) => {
    const { id } = access.workspace;
    const { appId } = path;
    if (!(await setTracking(services, id, appId, body.enabled, new Date(services.clock()))))
      throw noSuch('params/appId', 'The workspace has no app of this id.');
    const workspace = await services.workspaces.get(id);
    return presentSource(workspace, findSource(workspace, 'signals', 'app', appId)!);
  },
});

const imports: readonly Operation<Services>[] = [
  operation({
    method: 'PUT',
    path: `${base}/ads`,
    summary: 'Write campaigns and ads by hand; all are taken or none',
    description: 'In place of what was known of them. Of an id that is given twice the last holds.',
    guard: inWorkspace,
    checks: { path: WorkspaceParameters, body: AdsBody },
    example: {
      campaigns: [{ id: '120210000000000001', adAccountId: '10300000000000001', name: 'Spring' }],
      ads: [
        {
          id: '120220000000000001',
          adAccountId: '10300000000000001',
          campaignId: '120210000000000001',
          name: 'Tulips',
        },
      ],
    },
    replies: { 200: StoredReply, ...errors(404) },
    handle: async ({ services, access, body }) => {
      const { campaigns = [], ads } = body;
      const fault = await importAds(
        advertisingOf(services),
        access.workspace.id,
        campaigns.map(toCampaign),
        ads.map(toAd),
      );
      if (fault) {
        const isCampaign = fault.index < campaigns.length;
        const index = isCampaign ? fault.index : fault.index - campaigns.length;
        throw refuse(fault, `${isCampaign ? 'campaigns' : 'ads'}/${index}/adAccountId`);
      }
      return { stored: campaigns.length + ads.length };
    },
  }),
  operation({
    method: 'POST',
    path: `${base}/ad-days`,
    summary: 'Write daily numbers by hand; all are taken or none',
    description: 'A day that is given again replaces what was there.',
    guard: inWorkspace,
    checks: { path: WorkspaceParameters, body: AdDaysBody },
    example: {
      days: [{ adId: '120220000000000001', day: '2026-03-02', clicks: 41, impressions: 1200, spend: 12.5 }],
    },
    replies: { 200: StoredReply, ...errors(404) },
    handle: async ({ services, access, body }) => {
      const days = body.days.map((day) => ({ ...day, spend: decimal(day.spend) }));
      for (const [index, { day }] of days.entries())
        if (!isDay(day))
          throw wrong(
            `body/days/${index}/day`,
            `"${day}" is no day of the calendar; give one such as 2030-01-31.`,
          );
      const fault = await importAdDays(advertisingOf(services), access.workspace.id, days);
      if (fault) throw refuse(fault, `body/days/${fault.index}/adId`);
      return { stored: days.length };
    },
  }),
];

const words: Readonly<Record<ImportFault['fault'], string>> = {
  'no-such-ad-account':
    'The workspace has no such ad account: add it first (PUT …/signals/ad-accounts/{adAccountId}).',
  'no-such-ad': 'The workspace has no such ad: add it first (PUT …/signals/ads).',
};

function refuse({ fault }: ImportFault, place: string): RequestError {
  return new RequestError('invalid-request', words[fault], { path: place });
}

function toCampaign(given: NonNullable<GivenAds['campaigns']>[number]): AdCampaign {
  return {
    id: given.id,
    adAccountId: given.adAccountId,
    name: given.name ?? null,
    status: given.status ?? null,
    startTime: timeOf(given.startTime),
    stopTime: timeOf(given.stopTime),
    pageId: given.page?.id ?? null,
    pageName: given.page?.name ?? null,
  };
}

function toAd(given: GivenAds['ads'][number]): Ad {
  return {
    id: given.id,
    adAccountId: given.adAccountId,
    campaignId: given.campaignId ?? null,
    adSetId: given.adSet?.id ?? null,
    adSetName: given.adSet?.name ?? null,
    adSetStatus: given.adSet?.status ?? null,
    pageId: given.page?.id ?? null,
    pageName: given.page?.name ?? null,
    name: given.name ?? null,
    status: given.status ?? 'ACTIVE',
    createdTime: timeOf(given.createdTime),
    updatedTime: timeOf(given.updatedTime),
  };
}

function timeOf(text: string | null | undefined): Date | null {
  return text ? readDateTime(text) : null;
}

/** Never in the form 1e-7. */
function decimal(amount: number): string {
  return amount.toFixed(6);
}
