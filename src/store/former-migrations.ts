/** A migration as a database has it on record, and the number under which this version knows the same step. */
export interface FormerMigration {
  readonly number: number;
  readonly checksum: string;
  readonly isNow: number;
}

/**
 * Migrations that some databases applied in another form than the file has now. Before the first release, so between the commits
 * that are named, a file was renumbered and one was edited; both are mended on record, since what they did to the tables is what the
 * files of now do. Nothing is added here for a file that anybody can have applied: such a file is not edited (sql/SHA256SUMS).
 */
export const formerMigrations: readonly FormerMigration[] = [
  // 4fb7fbe to 3e356dd: touchpoints_by_time was number 19 before it was 15, word for word.
  {
    number: 19,
    checksum: 'bb7a9ffcadf21ee1b202ab7ff7156a0a0a4acc2393bd5a4a608997388720e040',
    isNow: 15,
  },
  // 81d28fb to 28ef553: conversations ended with the request for a recount that is number 16 now, which may be run twice.
  {
    number: 13,
    checksum: 'eda70afed1c5baa616ee173d6ec0ab5a540c681362fe30c9a5277f33a483586d',
    isNow: 13,
  },
];
