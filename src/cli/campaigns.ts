import type { Config } from '../config.ts';
import type { Campaign } from '../core/campaign/campaign.ts';
import { listImplicitCampaigns } from '../core/campaign/campaign-store.ts';
import { deleteCampaign } from '../core/campaign/delete-campaign.ts';
import { isUuid, lowestId } from '../core/id.ts';
import type { Workspace } from '../core/workspace/workspace.ts';
import { type Command, CommandError, expectPositionals, parseOptions, UsageError } from './command.ts';
import { formatInstant, formatTable } from './table.ts';
import { requireWorkspace, withServices } from './with-services.ts';

const campaignsPerPage = 1000;
const slicesAtOnce = 100;

export const campaigns: Command = {
  help: `Usage: throughline campaigns list [--visitors] [--workspace SLUG]
       throughline campaigns delete ID [--workspace SLUG]

Campaigns that appeared from traffic. Deleting one leaves its visits, without a campaign; the next visit that names it makes another.

  --visitors         only those that visitors of pages have made, without a key
  --workspace SLUG   by slug or id (default: the only workspace there is)
`,
  async run(args, config) {
    const [action, ...rest] = args;
    if (action === 'list') return list(rest, config);
    if (action === 'delete') return remove(rest, config);
    throw new UsageError(action === undefined ? 'list or delete?' : `there is no "campaigns ${action}"`);
  },
};

async function list(args: string[], config: Config): Promise<number> {
  const options = { workspace: { type: 'string' }, visitors: { type: 'boolean' } } as const;
  const { values, positionals } = parseOptions(args, options);
  expectPositionals(positionals);
  const rows = await withServices(config, async (services) => {
    const workspace = await requireWorkspace(services, values.workspace);
    const found: Campaign[] = [];
    for (let page: Campaign[] | undefined; !page || page.length === campaignsPerPage; ) {
      page = await listImplicitCampaigns(services.database, workspace.id, {
        sourceId: undefined,
        keyless: values.visitors ? true : undefined,
        after: found.at(-1)?.id ?? lowestId,
        limit: campaignsPerPage,
      });
      found.push(...page);
    }
    return found.map((campaign) => presentCampaign(workspace, campaign));
  });
  process.stdout.write(formatTable([['id', 'integration', 'slug', 'made by', 'created'], ...rows]));
  return 0;
}

function presentCampaign(workspace: Workspace, campaign: Campaign): string[] {
  const integration = workspace.sources.get(campaign.sourceId)?.externalId ?? '';
  const { id, slug, keyless, createdAt } = campaign;
  return [id, integration, slug, keyless ? 'visitor' : 'key', formatInstant(createdAt)];
}

async function remove(args: string[], config: Config): Promise<number> {
  const { values, positionals } = parseOptions(args, { workspace: { type: 'string' } });
  const [id] = expectPositionals(positionals, "the campaign's id");
  await withServices(config, async (services) => {
    const workspace = await requireWorkspace(services, values.workspace);
    for (let isMore = true; isMore; ) {
      const deleted = isUuid(id!)
        ? await deleteCampaign(services, workspace.id, id!, slicesAtOnce, new Date())
        : undefined;
      if (!deleted) throw new CommandError(`there is no campaign ${id} here`);
      if (deleted === 'kept')
        throw new CommandError('a call has made this campaign, or it has outlays: it stays');
      isMore = deleted.more;
    }
  });
  process.stdout.write(`campaign ${id} is deleted\n`);
  return 0;
}
