import Type from 'typebox';
import { BindingSchema } from '../bindings/schemas.ts';
import { counts, Id, oneOf, openObject, Time } from '../schemas/common.ts';
import { Currency, Matching, PhoneCountries, Timezone } from './settings.ts';

const stored = openObject('By dialect; members that this version does not know are shown too.');

export const WorkspaceSchema = Type.Object({
  id: Id,
  slug: Type.String(),
  name: Type.String(),
  timezone: Timezone,
  currency: Currency,
  matching: Matching,
  phoneCountries: PhoneCountries,
  rateLimits: counts('Requests or bytes a minute by group; 0 is off.'),
  dialects: stored,
  status: oneOf(['enabled', 'suspended', 'disabled', 'importing', 'deleting']),
  createdAt: Time,
});

export const WorkspaceReply = Type.Object({
  ...WorkspaceSchema.properties,
  bindings: Type.Array(BindingSchema, { description: 'What the workspace is called in each dialect.' }),
});

export const WorkspacesReply = Type.Object({ workspaces: Type.Array(WorkspaceSchema) });

export const CreatedWorkspaceReply = Type.Object({
  workspace: WorkspaceReply,
  credentials: openObject(
    'Keys of every dialect, in the form of credentials.json (docs/credentials.md); its admin.token opens this workspace only. Shown once.',
  ),
});

const rowCounts = openObject('Rows that went, by table.');

export const DeletionReply = Type.Object({
  id: Id,
  jobId: Id,
  finished: Type.Boolean({ description: 'False: rows are left, and go by the job.' }),
  counts: rowCounts,
});

export const DeletedWorkspacesReply = Type.Object({
  workspaces: Type.Array(
    Type.Object({ id: Id, requestedBy: Type.String(), deletedAt: Time, counts: rowCounts }),
  ),
});
