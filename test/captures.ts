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
}

const file = new URL('./captures/clients.json', import.meta.url)
export const { captures } = JSON.parse(readFileSync(file, 'utf8')) as { captures: Capture[] }
