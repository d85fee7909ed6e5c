import type { Credentials, Trace } from '../model/types.ts'

/** Why a signature does not match. */
export type MismatchCause =
  | 'path-single-encoded'
  | 'path-double-encoded'
  | 'path-not-encoded'
  | 'path-normalized'
  | 'path-not-normalized'
  | 'path-decoded'
  | 'path-prefix'
  | 'path-changed'
  | 'query-order'
  | 'query-plus'
  | 'query-missing-equals'
  | 'query-encoding'
  | 'query-parameters-added'
  | 'query-changed'
  | 'query-html-escaped'
  | 'url-reencoded'
  | 'host-port'
  | 'host-changed'
  | 'header-dropped'
  | 'header-added'
  | 'header-unsigned'
  | 'header-case'
  | 'header-blanks'
  | 'header-order'
  | 'header-changed'
  | 'volatile-header'
  | 'payload-empty'
  | 'payload-dropped'
  | 'payload-altered'
  | 'payload-reserialized'
  | 'payload-unsigned'
  | 'payload-hash-missing'
  | 'token-missing'
  | 'token-unexpected'
  | 'token-altered'
  | 'token-unsigned'
  | 'token-appended'
  | 'token-expired'
  | 'wrong-region'
  | 'wrong-service'
  | 'wrong-day'
  | 'wrong-terminator'
  | 'date-mismatch'
  | 'clock-ahead'
  | 'clock-behind'
  | 'expired'
  | 'method-changed'
  | 'secret-blanks'
  | 'secret-encoded'
  | 'secret-swapped'
  | 'secret-of-another-key'
  | 'wrong-secret'
  | 'unknown-access-key'
  | 'signature-truncated'
  | 'signature-case'
  | 'signature-altered'
  | 'unsupported-algorithm'
  | 'not-signed'
  | 'malformed'
  | 'replayed'

/** A place where two canonical requests or strings to sign differ. */
export interface Difference {
  /** Which part of the canonical request, or the string to sign, the line stands in. */
  readonly part:
    | 'method'
    | 'path'
    | 'query'
    | 'header'
    | 'signedHeaders'
    | 'payload'
    | 'stringToSign'
  /** From 1; in our canonical request or string to sign, or in theirs where ours has no such line. */
  readonly line: number
  /** From 1; the first character that differs. */
  readonly column: number
  /** The whole line as we have it; empty where we have none. */
  readonly ours: string
  /** The whole line as the other side has it; empty where it has none. */
  readonly theirs: string
}

/** What explain found. */
export interface Explanation {
  /** Whether the signature is right after all. */
  readonly matches: boolean
  /** The mistake, for programs; absent where the signature matches. */
  readonly cause?: MismatchCause
  /** All that had to be undone for the signature to come out, the cause first. */
  readonly causes: readonly MismatchCause[]
  /** Proved by a signature that came out, or by what the request or the answer itself says. */
  readonly certain: boolean
  /** What went wrong, in a sentence for the developer; it holds no secret. */
  readonly message: string
  /** What to do about it, in a sentence. */
  readonly advice: string
  /** What was signed (a client) or is read here (a server); never with a signature or a token. */
  readonly ours?: Omit<Trace, 'signature'>
  /** What the server read (a client), or what the search proves to have been signed (a server). */
  readonly theirs?: Partial<Omit<Trace, 'signature'>>
  /** Where the two sides' canonical requests or strings to sign differ; empty where only one is known. */
  readonly differences: readonly Difference[]
  /** For people: cause, cure, and the two canonical requests with the differing characters marked. */
  toString(): string
}

/** What explain may try beside the likely mistakes. */
export interface ExplainHints {
  /** Other keys of this account, tried in case their secrets were mixed up. */
  otherCredentials?: readonly Credentials[] | undefined
  /** Path prefixes that a gateway may have added or stripped, such as `/prod`. */
  pathPrefixes?: readonly string[] | undefined
  /** How many signatures may be tried. Default: 5000. */
  budget?: number | undefined
}
