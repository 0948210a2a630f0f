import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { Services } from '../../../dialect.ts';
import { admit } from '../../access.ts';
import { IntegrationParameters } from '../integrations/schemas.ts';
import { createOne, getOne, listAll, updateOne } from './campaigns.ts';
import { createOutlayOf, getOutlay, listOutlaysOf, updateOutlayOf } from './outlays.ts';
import {
  CampaignChangeBody,
  CampaignParameters,
  CampaignReply,
  CampaignsQuery,
  CampaignsReply,
  CreatedReply,
  ModifiedReply,
  NewCampaignBody,
  NewOutlayBody,
  OutlayChangeBody,
  OutlayParameters,
  OutlayReply,
  OutlaysQuery,
  OutlaysReply,
} from './schemas.ts';

const project = '/api/v1/projects/:projectId';
/** A3: the vendor's page does not name the paths. */
const bases = [`${project}/integrations/:wmktId/custom-ads`, `${project}/custom-ads/:wmktId`];

interface Operation {
  readonly method: 'GET' | 'POST' | 'PATCH';
  readonly path: string;
  readonly schema: object;
  readonly handler: (services: Services, request: FastifyRequest) => Promise<object>;
}

const campaign = '/campaigns/:campaignId';
const outlay = `${campaign}/outlays/:outlayId`;

const operations: readonly Operation[] = [
  {
    method: 'GET',
    path: '/campaigns',
    schema: {
      summary: 'List custom campaigns',
      params: IntegrationParameters,
      querystring: CampaignsQuery,
      response: { 200: CampaignsReply },
    },
    handler: listAll,
  },
  {
    method: 'POST',
    path: '/campaigns',
    schema: {
      summary: 'Create a custom campaign',
      params: IntegrationParameters,
      body: NewCampaignBody,
      response: { 201: CreatedReply },
    },
    handler: createOne,
  },
  {
    method: 'GET',
    path: campaign,
    schema: {
      summary: 'Get a custom campaign',
      params: CampaignParameters,
      response: { 200: CampaignReply },
    },
    handler: getOne,
  },
  {
    method: 'PATCH',
    path: campaign,
    schema: {
      summary: 'Update a custom campaign',
      params: CampaignParameters,
      body: CampaignChangeBody,
      response: { 200: ModifiedReply },
    },
    handler: updateOne,
  },
  {
    method: 'GET',
    path: `${campaign}/outlays`,
    schema: {
      summary: 'List the outlays of a custom campaign',
      params: CampaignParameters,
      querystring: OutlaysQuery,
      response: { 200: OutlaysReply },
    },
    handler: listOutlaysOf,
  },
  {
    method: 'POST',
    path: `${campaign}/outlays`,
    schema: {
      summary: 'Create an outlay',
      params: CampaignParameters,
      body: NewOutlayBody,
      response: { 201: CreatedReply },
    },
    handler: createOutlayOf,
  },
  {
    method: 'GET',
    path: outlay,
    schema: { summary: 'Get an outlay', params: OutlayParameters, response: { 200: OutlayReply } },
    handler: getOutlay,
  },
  {
    method: 'PATCH',
    path: outlay,
    schema: {
      summary: 'Update an outlay, or move it to another campaign',
      params: OutlayParameters,
      body: OutlayChangeBody,
      response: { 200: ModifiedReply },
    },
    handler: updateOutlayOf,
  },
];

/** docs/spec/webmarketer.md A3. */
export function registerCustomAdsRoutes(app: FastifyInstance, services: Services): void {
  for (const base of bases) {
    for (const { method, path, schema, handler } of operations) {
      app.route({
        method,
        url: base + path,
        schema: { tags: ['Webmarketer'], ...schema },
        onRequest: (request) => admit(services, request),
        handler: async (request, reply) =>
          reply.code(method === 'POST' ? 201 : 200).send(await handler(services, request)),
      });
    }
  }
}
