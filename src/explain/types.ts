import type { Credentials, Trace } from '../model/types.ts'

/**
 * Why a signature does not match: a name for programs, of a closed list.
 *
 * Each has a sentence and a cure, which {@link Finding} holds.
 */
export type MismatchCause =
  | 'path-single-encoded'
  | 'path-double-encoded'
  | 'path-not-encoded'
  | 'path-normalized'
  | 'path-not-normalized'
  | 'path-decoded'
  | 'plus-decoded'
  | 'path-hex-case'
  | 'path-prefix'
  | 'path-changed'
  | 'path-ambiguous'
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
  | 'host-ambiguous'
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
  /** Which part of the canonical request the place is in, or that it is in the string to sign. */
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
  /** The whole line of ours; empty where only theirs has it. */
  readonly ours: string
  /** The whole line of theirs; empty where only ours has it. */
  readonly theirs: string
}

/** One thing that is wrong, and how it is cured. */
export interface Finding {
  /** Its name, for programs. */
  readonly cause: MismatchCause
  /**
   * What it is about, where that is known: a header's name, two times, a scope. Without secrets; what
   * moves a cursor or cannot be seen is written by its code, as `\u001b`.
   */
  readonly detail?: string
  /** What happened, in a sentence for people. */
  readonly message: string
  /** What to do about it, in a sentence for people. */
  readonly advice: string
}

/** Why a signature does not match, or that it does. */
export interface Explanation {
  /** Whether the signature is that of the request and key; then there are no findings. */
  readonly matches: boolean
  /** All that had to be undone for the signature to come out, one each per cause: the first is to be mended first. */
  readonly findings: readonly Finding[]
  /** The cause of the first finding; absent where the signature matches. */
  readonly cause?: MismatchCause
  /** The causes of all findings, in their order. */
  readonly causes: readonly MismatchCause[]
  /** Proved by a signature that came out, or by what the request or the answer itself says. */
  readonly certain: boolean
  /** What the first finding says, with its detail in parentheses. */
  readonly message: string
  /** The cure of the first finding. */
  readonly advice: string
  /** What was signed (a client) or is read here (a server); never with a signature or a token. */
  readonly ours?: Omit<Trace, 'signature'>
  /** What the server read (a client), or what the search proves to have been signed (a server). */
  readonly theirs?: Partial<Omit<Trace, 'signature'>>
  /** Where ours and theirs differ, in the order of their lines. */
  readonly differences: readonly Difference[]
  /** For people: causes, cures, and the two canonical requests with the differing characters marked. */
  toString(): string
}

/** What explain may try beside the likely mistakes. */
export interface ExplainHints {
  /** Other keys of this account, tried in case their secrets were mixed up. Default: none. */
  otherCredentials?: readonly Credentials[] | undefined
  /** Path prefixes that a gateway may have added or stripped, such as `/prod`. Default: the usual ones alone. */
  pathPrefixes?: readonly string[] | undefined
  /** How many signatures may be tried. Default: 5000. */
  budget?: number | undefined
  /**
   * Milliseconds after which no more is tried, and what is known by then is told; what has been begun,
   * such as the hash of a large body, is ended. Default: no limit.
   */
  maxTime?: number | undefined
}
