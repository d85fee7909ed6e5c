import { readFileSync } from 'node:fs'

/** A request that a real client sent, byte for byte. */
export interface Capture {
  name: string
  client: string
  credentials: { accessKeyId: string; secretAccessKey: string; sessionToken?: string }
  receivedAt: string
  method: string
  url: string
  headers: [string, string][]
  bodyBase64: string
  kind: 'hdr' | 'presigned' | 'post-policy'
  quirk?: string
  stream?: unknown
  /** Absent: SigV4. */
  algorithm?: 'sigv4a'
}

const read = (name: string): Capture[] =>
  JSON.parse(readFileSync(new URL(`./captures/${name}`, import.meta.url), 'utf8')).captures

export const captures: Capture[] = read('clients.json')
/** Of ten more clients: S3 Express, multi-region access points and other services among them. */
export const moreCaptures: Capture[] = read('clients-2.json')
