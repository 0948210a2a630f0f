/** An error in the form of the API whose path it is. */
export interface VendorError {
  readonly status: number;
  readonly headers?: Record<string, string>;
  readonly body: unknown;
  /** application/json unless said. */
  readonly contentType?: string;
}
