/** Runs in a page, and in a dedicated worker of that page: what the tests call in a browser. */
import {
  CountersignError,
  presign,
  type SignedRequest,
  type SigningRequest,
  sign,
} from 'countersign'
import * as sync from 'countersign/sync'
import { type CaseOptions, type Outcome, runSuite, type SuiteCase, type Verbs } from '../suite.ts'

export type Entry = 'countersign' | 'countersign/sync'
export type Verb = keyof Verbs

const entries: Readonly<Record<Entry, Verbs>> = {
  countersign: { sign, presign },
  'countersign/sync': sync,
}

const api = {
  /** What kind of place this is. */
  async place() {
    const { crypto, isSecureContext } = globalThis
    return { secure: isSecureContext, subtle: typeof crypto.subtle, page: 'document' in globalThis }
  },

  suite: (entry: Entry, cases: readonly SuiteCase[]): Promise<Outcome[]> =>
    runSuite(entries[entry], cases),

  /** The signed request, or the code of the error. */
  async attempt(entry: Entry, verb: Verb, request: SigningRequest, options: CaseOptions) {
    try {
      return await entries[entry][verb](request, options)
    } catch (error) {
      return error instanceof CountersignError ? error.code : String(error)
    }
  },

  /** Signs and sends by the page's own fetch. */
  async send(verb: Verb, request: SigningRequest, options: CaseOptions): Promise<SignedRequest> {
    const signed = await entries.countersign[verb](request, options)
    const response = await fetch(signed.url, signed as RequestInit)
    if (response.status !== 200) throw new Error(`${response.status}`)
    return signed
  },
}

export type PageApi = typeof api

/** The same calls in a dedicated worker, of the same script. */
function inWorker(name: keyof PageApi, args: readonly unknown[]): Promise<unknown> {
  const worker = new Worker('/page.js')
  const answer = new Promise((resolve, reject) => {
    worker.onmessage = ({ data }) => resolve(data)
    worker.onerror = ({ message }) => reject(new Error(message))
  })
  worker.postMessage([name, args])
  return answer.finally(() => worker.terminate())
}

Object.assign(globalThis, { countersignPage: { ...api, inWorker } })

if (!('document' in globalThis))
  addEventListener('message', async ({ data }: MessageEvent<[keyof PageApi, unknown[]]>) => {
    const call = api[data[0]] as (...args: readonly unknown[]) => Promise<unknown>
    postMessage(await call(...data[1]))
  })
