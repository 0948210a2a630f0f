import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox';
import type { FastifyInstance } from 'fastify';
import type { Static } from 'typebox';
import { findSource } from '../../../core/workspace/workspace.ts';
import { RequestError } from '../../../errors.ts';
import { enterWorkspace, workspaceOf } from '../../../native/admission.ts';
import { readDateTime } from '../../../native/date-times.ts';
import { presentSource } from '../../../native/present.ts';
import { noSuch, wrong } from '../../../native/refusals.ts';
import { errors, WorkspaceParameters } from '../../../native/schemas/common.ts';
import { SourceSchema } from '../../../native/schemas/configuration.ts';
import {
  AdDaysBody,
  AdsBody,
  AppParameters,
  StoredReply,
  TrackingBody,
} from '../../../native/schemas/signals.ts';
import type { NativeServices } from '../../../native/services.ts';
import type { Ad, AdCampaign } from '../advertising/advertising.ts';
import { type ImportFault, importAdDays, importAds } from '../advertising/import-advertising.ts';
import { isDay } from '../advertising/plan-days.ts';
import { setTracking } from '../app/set-tracking.ts';

const tags = ['Native: Signals'];
const path = '/workspaces/:workspace/signals';

type GivenAds = Static<typeof AdsBody>;

/** Ads and numbers by hand, for who has no connection to Meta; and apps' tracking. */
export function registerAds(scope: FastifyInstance, services: NativeServices): void {
  registerImports(scope, services);
  const app = scope.withTypeProvider<TypeBoxTypeProvider>();
  app.put(`${path}/apps/:appId/tracking`, {
    schema: {
      tags,
      summary: 'Switch click-to-WhatsApp tracking of an app on or off',
      description: 'Off: messages are acknowledged and dropped, and conversions can’t be set up.',
      params: AppParameters,
      body: TrackingBody,
      response: { 200: SourceSchema, ...errors(404) },
    },
    onRequest: (request) => enterWorkspace(services, request),
    handler: async (request) => {
      const { id } = workspaceOf(request);
      const { appId } = request.params;
      if (!(await setTracking(services, id, appId, request.body.enabled)))
        throw noSuch('params/appId', 'The workspace has no app of this id.');
      const workspace = await services.workspaces.get(id);
      return presentSource(workspace, findSource(workspace, 'signals', 'app', appId)!);
    },
  });
}

function registerImports(scope: FastifyInstance, services: NativeServices): void {
  const app = scope.withTypeProvider<TypeBoxTypeProvider>();
  const onRequest = enterWorkspace.bind(null, services);
  app.put(`${path}/ads`, {
    schema: {
      tags,
      summary: 'Write campaigns and ads by hand; all are taken or none',
      description: 'In place of what was known of them. Of an id that is given twice the last holds.',
      params: WorkspaceParameters,
      body: AdsBody,
      response: { 200: StoredReply, ...errors(404) },
    },
    onRequest,
    handler: async (request) => {
      const { campaigns = [], ads } = request.body;
      const fault = await importAds(
        services.advertising,
        workspaceOf(request).id,
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
  });
  app.post(`${path}/ad-days`, {
    schema: {
      tags,
      summary: 'Write daily numbers by hand; all are taken or none',
      description: 'A day that is given again replaces what was there.',
      params: WorkspaceParameters,
      body: AdDaysBody,
      response: { 200: StoredReply, ...errors(404) },
    },
    onRequest,
    handler: async (request) => {
      const days = request.body.days.map((day) => ({ ...day, spend: decimal(day.spend) }));
      for (const [index, { day }] of days.entries())
        if (!isDay(day))
          throw wrong(
            `body/days/${index}/day`,
            `"${day}" is no day of the calendar; give one such as 2030-01-31.`,
          );
      const fault = await importAdDays(services.advertising, workspaceOf(request).id, days);
      if (fault) throw refuse(fault, `body/days/${fault.index}/adId`);
      return { stored: days.length };
    },
  });
}

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
