import { readdirSync, readFileSync } from 'node:fs'

/** What came of a case. */
export interface Answered {
  readonly ok?: boolean
  readonly status?: number
  readonly code?: string | undefined
  readonly content?: string
  readonly key?: string | undefined
}

/** What a case asks for: the answer's parts, or a pattern of them. */
export type Wanted = Readonly<
  Record<string, string | number | boolean | { readonly match: string }>
>

/** Text; a letter many times; or pieces, one behind the other. */
export type Body =
  | string
  | { readonly repeat: string; readonly count: number }
  | { readonly parts: readonly Body[] }

/** How a signed request is altered before it is sent. */
export type Alteration =
  | readonly ['set' | 'query', name: string, value: string]
  | readonly ['drop' | 'dropQuery' | 'append', name: string]
  | readonly ['replace', name: string, pattern: string, value: string]
  | readonly ['scope', part: number, value: string]

interface Common {
  readonly id: string
  /** What the project's own suite wants. */
  readonly expect: Wanted
  /** What S3 answers, where that is otherwise known. */
  readonly aws?: Wanted
  /** Seconds that the sender's clock is ahead. */
  readonly dateOffset?: number
  readonly key?: { readonly id?: string; readonly region?: string; readonly service?: string }
}

/** A request that is signed, then altered, and sent. */
export interface HttpCase extends Common {
  readonly kind: 'http'
  readonly method?: string
  readonly path?: string
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: Body
  readonly sign?: 'header' | 'query' | 'none'
  readonly secretSuffix?: string
  readonly sha256?: string
  readonly expires?: number
  readonly signedHeaders?: Readonly<Record<string, string>>
  /** Bytes of a chunk of a body that is signed in chunks. */
  readonly chunks?: number
  readonly trailer?: string
  /** What to put in place of the framed bytes from one to another. */
  readonly splice?: readonly [from: number, to: number, text: string]
  readonly alter?: readonly Alteration[]
}

/** A form that a browser posts. */
export interface PostCase extends Common {
  readonly kind: 'post'
  readonly fields?: Readonly<Record<string, string>>
  readonly conditions?: readonly unknown[]
  /** The condition's name for the bucket, where it is not `bucket`. */
  readonly bucketName?: string
  /** More members of the policy. */
  readonly document?: object
  readonly without?: readonly string[]
  readonly expiresIn?: number
  /** The policy as text, or in Base64, where it is made of nothing above. */
  readonly text?: string
  readonly rawPolicy?: string
  /** Fields that are another after signing; null: left out. */
  readonly override?: Readonly<Record<string, string | null>>
  readonly rename?: Readonly<Record<string, string>>
  readonly size?: number
  readonly filename?: string
}

const folder = new URL('./data/', import.meta.url)

/** All cases, by the suite that they are of. */
export const suites: readonly (readonly [
  suite: string,
  cases: readonly (HttpCase | PostCase)[],
])[] = readdirSync(folder)
  .sort()
  .map((file) => [
    file.replace('.json', ''),
    JSON.parse(readFileSync(new URL(file, folder), 'utf8')),
  ])

/** The time of every case, and the key that the server knows. */
export const NOW: number = Date.parse('2026-01-15T10:00:00Z')
export const KEY = {
  id: 'AKIDPEERS',
  secret: 'peers/secret+0123456789abcdefghijklmnopq',
  region: 'us-east-1',
  service: 's3',
}
export type Key = typeof KEY

/** The credentials of the one key id that is known. */
export const find = (id: string) =>
  id === KEY.id ? { accessKeyId: id, secretAccessKey: KEY.secret } : undefined
