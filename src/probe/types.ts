import type { Credentials, CredentialsProvider, UrlLike } from '../model/types.ts'

/** Which server is probed, and how it is signed for. */
export interface ProbeOptions {
  /** Where the server is: `http://127.0.0.1:9000`; for a service other than S3 with the path of a call. */
  readonly url: string | UrlLike
  /** As it stands in the credential scope: `s3`, `execute-api`. */
  readonly service: string
  /** As it stands in the credential scope. */
  readonly region: string
  /** The key that signs; the server must let it in. */
  readonly credentials: Credentials | CredentialsProvider
  /** A bucket that is there, by its name in the path. Default: the URL is that of the bucket. */
  readonly bucket?: string | undefined
  /** Of a service other than S3: the method of the call that is made again and again. Default: GET; POST where there is a body. */
  readonly method?: string | undefined
  /** Header fields of that call. Default: none. */
  readonly headers?: Readonly<Record<string, string>> | undefined
  /** The body of that call. Default: none. */
  readonly body?: string | undefined
  /** Runs the cases of these names, or of these groups, alone. Default: all that apply. */
  readonly only?: readonly string[] | undefined
  /** Whether the server says that it takes each signature once; it is then asked to. Default: `accepted`. */
  readonly replays?: 'accepted' | 'refused' | undefined
  /** How long an answer may take: seconds, more than 0. Default: 10. */
  readonly timeout?: number | undefined
  /** Says that one may attack the server, where that is not on the loopback. Default: one may not. */
  readonly thisServerIsMine?: true | undefined
}

/**
 * What became of a case: a wrong request was let in; a right one was refused; the request met its due,
 * but the answer is not AWS's, or what it stored is not what was sent; all was right; or the answer
 * tells of neither, as one of 501 does.
 */
export type ProbeVerdict = 'let-in' | 'wrongly-refused' | 'differs' | 'right' | 'unsure'

/** What a server answered. */
export interface ProbeAnswer {
  /** Of HTTP, such as 200 or 403. */
  readonly status: number
  /** The error's code in its body or its header, such as `SignatureDoesNotMatch`; undefined where it has none. */
  readonly code: string | undefined
}

/** A request that a server was sent, and what became of it. */
export interface ProbeResult {
  /** The name of the case, which `only` takes. */
  readonly name: string
  /** The family of the case, which `only` takes as well: `presigned`, `chunks`. */
  readonly group: string
  /** Whether the server should let it in. */
  readonly kind: 'good' | 'bad'
  /** What was sent, in a few words. */
  readonly says: string
  /** What became of it. */
  readonly verdict: ProbeVerdict
  /** The finding, in a sentence or two; it says nothing of what is right. */
  readonly message: string
  /** The page of AWS, the RFC or the CVE that it rests on. */
  readonly source: string
  /** What whoever attacks could do where it is let in; absent of a good one. */
  readonly attack?: string | undefined
  /** What AWS answers, such as `403 SignatureDoesNotMatch`, or by one of several. */
  readonly expected: readonly string[]
  /** What the server answered; undefined where it did not. */
  readonly answer: ProbeAnswer | undefined
  /** The request as it went over the wire, without its session token. */
  readonly sent: string
  /** A line of curl that sends it again, without its session token. */
  readonly curl: string
}
