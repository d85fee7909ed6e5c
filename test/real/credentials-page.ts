/** Runs in a page and in its workers: the example, and what a hostile script beside it would try. */
import {
  CountersignError,
  type ImportedCredentials,
  type SignedRequest,
  type SignOptions,
  sign,
} from 'countersign'
import { importCredentials } from 'countersign/credentials'
import { get, set } from 'idb-keyval'
import { items, signIn } from '../../examples/browser-credentials.ts'

const utf8 = (text: string) => new TextEncoder().encode(text)

const hex = (bytes: ArrayBuffer) =>
  Array.from(new Uint8Array(bytes), (byte) => byte.toString(16).padStart(2, '0')).join('')

const stored = async (): Promise<CryptoKey> =>
  ((await get('key')) as ImportedCredentials).signingKey as CryptoKey

/** The signed request, or why there is none. */
async function attempt(options: SignOptions, url = 'https://example.com/') {
  try {
    return await sign({ url }, options)
  } catch (error) {
    return error instanceof CountersignError ? error.code : String(error)
  }
}

/** All that can be read of a value: own members of any kind, bytes as hex. */
function readable(value: unknown, seen = new Set<unknown>()): string[] {
  if (typeof value !== 'object' || value === null) return [String(value)]
  if (seen.has(value)) return []
  seen.add(value)
  if (ArrayBuffer.isView(value)) return [hex(new Uint8Array(value.buffer as ArrayBuffer).buffer)]
  const chain = [value, Object.getPrototypeOf(value)].filter(Boolean)
  const names = chain.flatMap((part) => Reflect.ownKeys(part))
  return names.flatMap((name) => {
    try {
      return readable((value as Record<PropertyKey, unknown>)[name], seen)
    } catch {
      return []
    }
  })
}

const rows = <Row>(request: IDBRequest<Row>): Promise<Row> =>
  new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result)
    request.onerror = () => reject(request.error)
  })

const api = {
  signIn,
  items,

  /** What the page did wrong for comparison: keeps a value as it is, or imports it without a scope. */
  keep: (name: string, value: unknown) => set(name, value),
  keepImported: async (name: string, value: Parameters<typeof importCredentials>[0]) =>
    set(name, await importCredentials(value)),

  /** Everything that every database of this origin holds, as far as a script can read it. */
  async dump(): Promise<string> {
    const found: unknown[] = []
    for (const { name = '' } of await indexedDB.databases()) {
      const database = await rows(indexedDB.open(name))
      for (const store of database.objectStoreNames)
        found.push(await rows(database.transaction(store).objectStore(store).getAll()))
      database.close()
    }
    return readable(found).join('\n')
  },

  /** Asks the platform for the key in every way that it has. */
  async exports(): Promise<string[]> {
    const key = await stored()
    const aes = { name: 'AES-GCM', length: 256 }
    const wrapping = await crypto.subtle.generateKey(aes, true, ['wrapKey', 'unwrapKey'])
    const iv = new Uint8Array(12)
    const ways = [
      ...(['raw', 'jwk', 'pkcs8', 'spki'] as const).map(
        (format) => () => crypto.subtle.exportKey(format as 'raw', key),
      ),
      ...(['raw', 'jwk'] as const).map(
        (format) => () => crypto.subtle.wrapKey(format, key, wrapping, { name: 'AES-GCM', iv }),
      ),
    ]
    const outcomes = await Promise.allSettled(ways.map((way) => way()))
    return outcomes.map((outcome) =>
      outcome.status === 'rejected' ? (outcome.reason as Error).name : 'exported',
    )
  },

  /** Signs with the library and the key that is kept. */
  signKept: async (options: Omit<SignOptions, 'credentials'>, url?: string) =>
    attempt({ ...options, credentials: (await get('key')) as ImportedCredentials }, url),

  attempt,

  /** Signs by hand, with the key and without the library. */
  hmac: async (text: string): Promise<string> =>
    hex(await crypto.subtle.sign('HMAC', await stored(), utf8(text))),

  /** Takes the key for the secret's own, and derives from it by hand. */
  async deriveAndSign(scope: readonly string[], text: string): Promise<string> {
    let key = await stored()
    for (const part of scope) {
      const bytes = await crypto.subtle.sign('HMAC', key, utf8(part))
      key = await crypto.subtle.importKey('raw', bytes, { name: 'HMAC', hash: 'SHA-256' }, true, [
        'sign',
      ])
    }
    return hex(await crypto.subtle.sign('HMAC', key, utf8(text)))
  },

  /** The same calls in a module worker or a service worker of the same script. */
  async inWorker(kind: 'module' | 'service', options: SignOptions): Promise<unknown> {
    const { port1, port2 } = new MessageChannel()
    const answer = new Promise((resolve) => {
      port1.onmessage = ({ data }) => resolve(data)
    })
    if (kind === 'module') {
      const worker = new Worker('/page.js', { type: 'module' })
      worker.postMessage(options, [port2])
      return answer.finally(() => worker.terminate())
    }
    await navigator.serviceWorker.register('/page.js', { type: 'module' })
    const { active } = await navigator.serviceWorker.ready
    active?.postMessage(options, [port2])
    return answer
  },
}

export type CredentialsPage = typeof api
export type { SignedRequest }

if ('document' in globalThis) Object.assign(globalThis, { countersignPage: api })
else
  addEventListener('message', async ({ data, ports }: MessageEvent<SignOptions>) => {
    const outcome = await attempt(data)
    const place = {
      kind: Object.prototype.toString.call(globalThis),
      process: 'process' in globalThis,
    }
    ports[0]?.postMessage({ place, outcome })
  })
