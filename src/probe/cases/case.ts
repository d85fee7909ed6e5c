import type { ChecksumName } from '../../s3/checksums.ts'
import type { Change } from '../changes.ts'
import type { Answer } from './answers.ts'

/** What is signed, before anything of it is changed. */
export interface Recipe {
  /** Where the signature stands. Default: `header`. */
  readonly place?: 'header' | 'query' | 'chunks' | 'form'
  /** Default: GET of an object that is there, PUT of a body; of other services their own call's. */
  readonly method?: string
  /** The object's key, spelled as in a URL. Default: `a.txt`, which is there; of a write the case's own name. */
  readonly key?: string
  /** Spelled as in a URL. */
  readonly query?: string
  /** Header fields in order, names and values spelled as they are sent. */
  readonly fields?: readonly (readonly [name: string, value: string])[]
  /** Text, or so many bytes. */
  readonly body?: string | number
  /** The payload line. Default: the hash of the body. */
  readonly payload?: string
  /** When it is signed: seconds from now. */
  readonly at?: number
  /** Seconds of a presigned URL. */
  readonly expiresIn?: number
  readonly region?: string
  readonly service?: string
  /** The key of the object that it copies. */
  readonly copies?: string
  /** How often it is sent; the last answer counts. Default: once. */
  readonly times?: number
  /** What is read in the end. Default: what was written, or is there; empty: it is not looked at. */
  readonly gives?: string
  /** Another secret than the key's. */
  readonly secret?: string
  /** Another key id. */
  readonly id?: string
  /** A session token that the key has not. */
  readonly token?: string
  /** Another host than the server's, which is signed. */
  readonly host?: string
  /** Headers that are signed although they are left out by default. */
  readonly signable?: readonly string[]
  /** Headers that are not signed. */
  readonly unsignable?: readonly string[]
  /** Checksums that a header states, right as they are. */
  readonly stated?: readonly ChecksumName[]
  /** The checksum that trails a body in chunks. */
  readonly checksum?: ChecksumName
  /** Whether its chunks are signed. Default: they are. */
  readonly chunks?: 'signed' | 'unsigned'
  /** Bytes of a chunk. */
  readonly chunkSize?: number
  /** Of a form: conditions of its policy beside the bucket and the key. */
  readonly conditions?: readonly (
    | readonly ['starts-with' | 'eq', `$${string}`, string]
    | readonly ['content-length-range', number, number]
  )[]
  /** Of a form: the fields that its policy has, each as it is. */
  readonly form?: Readonly<Record<string, string>>
}

/** What a case needs of the server or the key. */
export type Need = 'token' | 'no-token' | 'replays' | 'body'

/** A request that a server is sent, and what it should make of it. */
export interface Case {
  readonly name: string
  readonly group: string
  readonly kind: 'good' | 'bad'
  readonly says: string
  readonly source: string
  /** What AWS answers to a bad one: any of these. */
  readonly answers: readonly Answer[]
  readonly attack?: string | undefined
  readonly recipe: Recipe
  readonly changes: readonly Change[]
  /** Whether it is of S3, or of the services that are not. */
  readonly applies: 's3' | 'others' | 'any'
  /** Default: nothing. */
  readonly needs?: Need | undefined
  /** The good case that must be let in before this one tells anything. Default: the first of all. */
  readonly after?: string | undefined
}

/** A case before it has a group. */
export type Row = Omit<Case, 'group' | 'applies' | 'needs' | 'after'>

/** A request that is to be let in. */
export const good = (
  name: string,
  says: string,
  source: string,
  recipe: Recipe = {},
  ...changes: Change[]
): Row => ({ name, says, source, recipe, changes, kind: 'good', answers: [] })

/** A request that is to be refused, with what AWS answers, and what it would be to let it in. */
export const bad = (
  name: string,
  says: string,
  source: string,
  answers: Answer | readonly Answer[],
  attack: string,
  ...[recipe, ...changes]: readonly [recipe: Recipe, ...changes: Change[]]
): Row => ({
  ...{ name, says, source, attack, recipe, changes, kind: 'bad' },
  answers: [answers].flat(),
})

/** A request that AWS refuses, although to let it in does no harm by itself. */
export const odd = (
  name: string,
  says: string,
  source: string,
  answers: Answer | readonly Answer[],
  recipe: Recipe,
  ...changes: Change[]
): Row => ({ name, says, source, recipe, changes, kind: 'bad', answers: [answers].flat() })

/** The cases of a group. */
export const group = (
  name: string,
  applies: Case['applies'],
  rows: readonly Row[],
  more: Pick<Case, 'needs' | 'after'> = {},
): readonly Case[] => rows.map((row) => ({ ...row, group: name, applies, ...more }))
