import type { Credentials } from '../model/types.ts'
import type { ProbeOptions } from './types.ts'

/** The server as its requests are made: where they go, who signs them, and by which clock. */
export interface Place {
  readonly options: ProbeOptions
  readonly isS3: boolean
  /** Whether TLS stands between. */
  readonly secure: boolean
  readonly hostname: string
  readonly port: number
  /** As the Host header has it. */
  readonly host: string
  /** `http://127.0.0.1:9000` */
  readonly origin: string
  /** The path of the bucket with a slash behind it; of other services the target of their call. */
  readonly base: string
  /** What all keys begin with. */
  readonly prefix: string
  readonly credentials: Credentials
  /** Now, by the server's clock. */
  now(): Date
}

/** The text of the objects that are there to be read. */
export const OBJECTS: Readonly<Record<string, string>> = {
  'a.txt': 'This is the first object of the probe.',
  'b.txt': 'This is the second object, which nobody asked for.',
}
