import type { Located, Sent } from './model.ts'
import { headerOf, parameterOf, within } from './request-parts.ts'

/** What a request states of its own signature, each with where it stands; as it is spelled there. */
export interface Stated {
  readonly placement: 'header' | 'query' | 'none'
  readonly algorithm?: Located | undefined
  readonly credential?: Located | undefined
  readonly signedHeaders?: Located | undefined
  readonly signature?: Located | undefined
  readonly date?: Located | undefined
}

/** Reads what is stated, loosely: what cannot be read is left out. */
export function statedOf(sent: Sent): Stated {
  const authorization = headerOf(sent, 'authorization')
  const date = headerOf(sent, 'x-amz-date') ?? headerOf(sent, 'date')
  if (authorization)
    return {
      placement: 'header',
      date,
      algorithm: within(authorization, /^\s*(\S+)/),
      credential: within(authorization, /Credential=([^,\s]+)/i),
      signedHeaders: within(authorization, /SignedHeaders=([^,\s]+)/i),
      signature: within(authorization, /Signature=([^,\s]+)/i),
    }
  const parameter = (name: string) => parameterOf(sent, name)
  const signature = parameter('X-Amz-Signature')
  if (!signature) return { placement: 'none', date }
  return {
    placement: 'query',
    signature,
    date: parameter('X-Amz-Date') ?? date,
    algorithm: parameter('X-Amz-Algorithm'),
    credential: parameter('X-Amz-Credential'),
    signedHeaders: parameter('X-Amz-SignedHeaders'),
  }
}

const decoded = (text: string): string => {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}

/** The credential scope that is stated, and the key id before it. */
export function scopeOf({ credential }: Stated): {
  id: string
  date?: string | undefined
  region?: string | undefined
  service?: string | undefined
} {
  // Of a URL that was encoded again, the key is still this one.
  const parts = decoded(decoded(credential?.text ?? '')).split('/')
  const [date, region, service] = parts.slice(-4)
  const id = parts.slice(0, -4).join('/') || (parts[0] ?? '')
  return parts.length < 5 ? { id } : { id, date, region, service }
}

/** The session token that a request carries; empty where it has none. */
export function tokenOf(sent: Sent): string {
  const names = ['X-Amz-Security-Token', 'X-Amz-S3session-Token']
  for (const name of names) {
    const header = headerOf(sent, name.toLowerCase())
    if (header) return header.text
    const parameter = parameterOf(sent, name)
    if (parameter) return decoded(parameter.text)
  }
  return ''
}
