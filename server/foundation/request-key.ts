/** Names a request, so that it is carried out once however often it is sent. */
export type RequestKey = string | SentKey;

/** A key that a client has chosen: it stands for what was asked the first time, and for nothing else. */
export interface SentKey {
  readonly name: string;
  /** As the client knows it. */
  readonly given: string;
  /** SHA-256 of what is asked. */
  readonly digest: string;
}
