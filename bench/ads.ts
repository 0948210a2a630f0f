import type { WorkspaceId } from '../src/core/workspace/workspace.ts';
import { allDays, type DayMeasureName } from '../src/dialects/signals/conversation/day-measures.ts';
import type { BenchServer } from './bench-server.ts';
import { measureTimes, medianOf, type Result } from './report.ts';

const ads = 1000;
const days = 90;
const pageSize = 100;
const rounds = 5;

/** Of each ad on each day. */
const measures: readonly { measure: DayMeasureName; value: string }[] = [
  { measure: 'session', value: '' },
  { measure: 'lead', value: '' },
  { measure: 'engaged', value: '' },
  { measure: 'converted-lead', value: '' },
  { measure: 'conversation', value: '' },
  { measure: 'keyword', value: 'offer' },
  { measure: 'keyword', value: 'price' },
  { measure: 'keyword', value: 'where are you' },
  { measure: 'sale', value: 'EUR' },
];

/** Signals' list of ads with their insights, page by page. */
export async function benchAds(server: BenchServer): Promise<Result> {
  const { token, clientId, appId, adAccountId } = (await server.addWorkspace('ads')).signals;
  const workspace = (await server.workspaces.find('ads'))!;
  const app = [...workspace.sources.values()].find((source) => source.externalId === appId)!;
  await insertAds(server, workspace.id, adAccountId);
  for (const { measure, value } of measures) await insertDays(server, workspace.id, app.id, measure, value);
  await server.database.query('vacuum analyze ad, ad_day, conversation_day');
  const path = `/v1/clients/${clientId}/apps/${appId}/ads/account/${adAccountId}`;
  const readPage = async (offset: number) => {
    const query = `?limit=${pageSize}&offset=${offset}`;
    const page = (await server.call('GET', path + query, token)) as {
      data: { insight: { clicks: number; sessions: number } }[];
    };
    if (
      page.data.length !== pageSize ||
      page.data.some(({ insight }) => insight.clicks * insight.sessions === 0)
    )
      throw new Error('a page lacks ads, or an ad its insight');
  };
  const times: number[] = [];
  await readPage(0);
  for (let offset = 0; offset < ads; offset += pageSize)
    times.push(...(await measureTimes(() => readPage(offset), rounds)));
  const time = medianOf(times);
  const detail = `median of ${times.length}, slowest ${Math.max(...times).toFixed(1)} ms`;
  const name = `ads with insights, ${pageSize} of ${ads} ads × ${days} days`;
  return {
    lines: [{ name, value: time, unit: ' ms', detail }],
    aims: [{ name: 'a page of ads, ms', value: time, side: 'at most', bound: 100 }],
  };
}

const adId = (number: string) => `(120200000000000 + ${number})::text`;

async function insertAds(
  { database }: BenchServer,
  workspaceId: WorkspaceId,
  adAccountId: string,
): Promise<void> {
  await database.query(
    `insert into ad (workspace_id, id, ad_account_id, campaign_id, ad_set_id, ad_set_name, name, status, created_time,
                     updated_time, updated_at)
     select $1, ${adId('number')}, $2, 'campaign-' || number % 20, 'set-' || number % 100, 'Set', 'Ad ' || number, 'ACTIVE',
            now(), now(), now()
       from generate_series(0, ${ads - 1}) as number`,
    [workspaceId, adAccountId],
  );
  await database.query(
    `insert into ad_day (workspace_id, ad_id, day, clicks, impressions, spend, updated_at)
     select $1, ${adId('number')}, current_date - day, 10 + number % 7, 1000 + day, 12.34, now()
       from generate_series(0, ${ads - 1}) as number, generate_series(0, ${days - 1}) as day`,
    [workspaceId],
  );
}

async function insertDays(
  { database }: BenchServer,
  workspaceId: WorkspaceId,
  sourceId: number,
  measure: DayMeasureName,
  value: string,
): Promise<void> {
  await database.query(
    `insert into conversation_day (workspace_id, source_id, ad_id, day, measure, type_value, total, sum)
     select $1, $2, ${adId('number')}, d.day, $3, $4, d.total, d.total * 9.99
       from generate_series(0, ${ads - 1}) as number,
            (select current_date - day as day, 3 as total from generate_series(0, ${days - 1}) as day
              union all select '${allDays}'::date, ${3 * days}) d`,
    [workspaceId, sourceId, measure, value],
  );
}
