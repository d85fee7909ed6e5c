import type { SigningRequest } from 'countersign'
import type { S3Examples } from '../../s3-example.ts'
import type { SuiteCase } from '../../suite.ts'
import type { Checks, Row } from './check.ts'

/** What must be in a place, as its runner says; what is not so there is a failure. */
export interface Place {
  /** What tells one kind of place from another. */
  readonly looks: {
    readonly subtle: 'object' | 'undefined'
    readonly document: 'object' | 'undefined'
    readonly secure: boolean | 'undefined'
  }
  /** Whether the root entry has a SHA-256 and an HMAC there. */
  readonly crypto: 'there' | 'missing'
  /** What its own P-256 can do with a key of SigV4a. */
  readonly p256: 'signs and verifies' | 'signs' | 'missing'
  /** What becomes of an `AKIA…` key without a session token. */
  readonly longTerm: 'used' | 'refused'
}

/** What others than countersign make of the same request or event; computed in Node. */
export interface Facts {
  readonly suiteV4: readonly SuiteCase[]
  readonly s3: S3Examples
  /** Signed by @smithy/signature-v4. */
  readonly signed: { readonly request: SigningRequest; readonly signature: string }
  /** Presigned by @smithy/signature-v4, for `execute-api`. */
  readonly presigned: { readonly request: SigningRequest; readonly signature: string }
  /** The signatures of the events, by @smithy/signature-v4. */
  readonly events: readonly string[]
  /** Signed by @smithy/signature-v4a. */
  readonly signedAsymmetrically: {
    readonly method: string
    readonly url: string
    readonly headers: Record<string, string>
  }
  /** Of AWS's suite: the public point of its key, 04, x and y in hex. */
  readonly publicKey: string
  /** Certificates and their keys in PEM; of that of RSA, its key in DER and what node:crypto signs with it. */
  readonly certified: {
    readonly ec: { readonly certificate: string; readonly privateKey: string }
    readonly rsa: { readonly certificate: string; readonly privateKey: string }
    /** In base64. */
    readonly pkcs8: string
    readonly stringToSign: string
    readonly signature: string
  }
  /** Uploads in chunks as Node encodes them, by their payload words. */
  readonly uploads: Readonly<
    Record<string, { readonly headers: Record<string, string>; readonly body: string }>
  >
}

/** What a runner hands to a place. */
export interface Task {
  readonly facts: Facts
  readonly place: Place
  /** A server that says whether it accepts a request: `http://host:port`. */
  readonly origin: string
}

/** What has become of one suite, through one entry. */
export interface Cell {
  readonly entry: string
  readonly suite: string
  /** The code with which all of it was refused, as it must be in this place. */
  readonly refused?: string | undefined
  readonly rows: readonly Row[]
}

/** Checks of one entry. */
export interface Suite {
  readonly entry: string
  readonly name: string
  /** The code with which a place that lacks something must refuse all of it. */
  lacks(place: Place): string | undefined
  /** What must be refused there. */
  readonly attempts: Checks
  /** The checks where nothing is lacking. */
  run(task: Task): Promise<readonly Row[]>
}

export const lacksNothing = (): undefined => undefined

export const lacksCrypto = ({ crypto }: Place): string | undefined =>
  crypto === 'missing' ? 'crypto-unavailable' : undefined
