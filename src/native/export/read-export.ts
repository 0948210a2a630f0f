import { type Candidate, candidateText } from '../../core/erasure/candidate-keys.ts';
import { type Member, readOwnKeys } from '../../core/erasure/person-store.ts';
import { readKeysOfProfiles } from '../../core/identity/identity-store.ts';
import { readLinksOfProfiles } from '../../core/link/link-store.ts';
import { readHistoryOfEvents } from '../../core/metric/metric-history-store.ts';
import { readMetrics } from '../../core/metric/metric-store.ts';
import { readProfileStates } from '../../core/profile/profile-state-store.ts';
import { readProfiles } from '../../core/profile/profile-store.ts';
import { readQuarantined } from '../../core/quarantine/quarantine-store.ts';
import type { Workspace } from '../../core/workspace/workspace.ts';
import type { ErasureRules } from '../../ingest/erased.ts';
import { findKept, type KeptLook } from '../../jobs/erasure/kept-events.ts';
import { allConsents, readConsents } from '../../query/consents/read-consents.ts';
import { walkEvents } from '../../query/timeline/walk-events.ts';
import { readTouchpoints } from '../../query/touchpoints/read-touchpoints.ts';
import type { Queryable } from '../../store/queryable.ts';
import { presentConsent } from '../consents/present.ts';
import { presentStoredLink } from '../links/present.ts';
import { presentQuarantined } from '../quarantine/present.ts';
import { presentTouchpoint } from '../touchpoints/present.ts';
import { presentEventWhole, presentProfile } from './present.ts';

/** A line of an export. */
export type ExportRecord = { readonly record: string } & Readonly<Record<string, unknown>>;

/** Whose export it is, and as of when. */
export interface ExportedPerson {
  readonly workspace: Workspace;
  readonly rules: ErasureRules;
  readonly members: readonly Member[];
  readonly lastSeq: number;
}

const profilesPerPage = 200;
const rowsPerPage = 500;

/** All that is kept of a person, in all dialects, page by page: what is held is one page, however long the person's history is. */
export async function* readExport(
  connection: Queryable,
  person: ExportedPerson,
): AsyncGenerator<readonly ExportRecord[]> {
  yield* readProfilePages(connection, person);
  yield* readEventPages(connection, person);
  yield* readTouchpointPages(connection, person);
  yield* readConsentPages(connection, person);
  yield* readKeptPages(connection, person);
}

/** Profiles with their keys, and the links among them. */
async function* readProfilePages(connection: Queryable, { workspace, members }: ExportedPerson) {
  const own = new Set(members.map(({ id }) => id));
  for (let from = 0; from < members.length; from += profilesPerPage) {
    const ids = members.slice(from, from + profilesPerPage).map(({ id }) => id);
    const profiles = await readProfiles(connection, workspace.id, ids);
    const keys = await readKeysOfProfiles(connection, workspace.id, ids);
    const states = await readProfileStates(connection, workspace.id, ids);
    yield profiles.map((profile) => ({
      record: 'profile',
      ...presentProfile(
        workspace,
        profile,
        keys.filter(({ profileId }) => profileId === profile.id),
        states.filter(({ profileId }) => profileId === profile.id),
      ),
    }));
    const links = await readLinksOfProfiles(connection, workspace.id, ids);
    yield links
      .filter(({ firstProfile, secondProfile }) => ids.includes(firstProfile) && own.has(secondProfile))
      .map((link) => ({ record: 'link', ...presentStoredLink(link) }));
  }
}

async function* readEventPages(connection: Queryable, { workspace, members, lastSeq }: ExportedPerson) {
  const ids = members.map(({ id }) => id);
  for await (const events of walkEvents(connection, workspace.id, ids, lastSeq)) {
    const eventIds = events.map(({ id }) => id);
    const metrics = Map.groupBy(
      await readMetrics(connection, workspace.id, eventIds),
      ({ eventId }) => eventId,
    );
    const past = Map.groupBy(
      metrics.size > 0 ? await readHistoryOfEvents(connection, workspace.id, eventIds) : [],
      ({ eventId }) => eventId,
    );
    yield events.map((event) => ({
      record: 'event',
      ...presentEventWhole(workspace, event, metrics.get(event.id) ?? [], past.get(event.id) ?? []),
    }));
  }
}

async function* readTouchpointPages(connection: Queryable, { workspace, members }: ExportedPerson) {
  const wanted = { campaignId: null, adIds: null, from: undefined, to: undefined, limit: rowsPerPage };
  for (const { id } of members) {
    let after: string | undefined;
    do {
      const page = await readTouchpoints(connection, workspace.id, { ...wanted, profileIds: [id], after });
      yield page.touchpoints.map((touchpoint) => ({
        record: 'touchpoint',
        ...presentTouchpoint(workspace, touchpoint),
      }));
      after = page.next ?? undefined;
    } while (after !== undefined);
  }
}

async function* readConsentPages(connection: Queryable, { workspace, members }: ExportedPerson) {
  const filter = { ...allConsents, profileIds: members.map(({ id }) => id) };
  const page = { descending: false, offset: 0, limit: rowsPerPage };
  for (let after: { loggedAt: Date; id: number } | undefined; ; ) {
    const consents = await readConsents(connection, workspace.id, filter, { ...page, after });
    yield consents.map((consent) => ({ record: 'consent', ...presentConsent(workspace, consent) }));
    after = consents.at(-1);
    if (consents.length < rowsPerPage) return;
  }
}

/** Bad events that name the person by what is the person's and nobody else's: those that an erasure deletes. */
async function* readKeptPages(connection: Queryable, { workspace, members, rules }: ExportedPerson) {
  const ids = members.map(({ id }) => id);
  const { own } = await readOwnKeys(connection, workspace.id, ids);
  const texts = new Set(own.map(candidateText));
  const isOfPerson = (candidate: Candidate) => texts.has(candidateText(candidate));
  let after: string | null = null;
  do {
    const look: KeptLook = await findKept(connection, workspace, rules, isOfPerson, after);
    for (const { id } of look.theirs) {
      const event = await readQuarantined(connection, workspace.id, id);
      if (event) yield [{ record: 'quarantined', ...presentQuarantined(event) }];
    }
    after = look.next ?? null;
  } while (after !== null);
}
