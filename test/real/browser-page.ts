/** Runs in a page: what the tests of fetch call in a browser. */
import { presign, type SignedRequest, type SigningRequest, sign } from 'countersign'
import type { CaseOptions, Verbs } from '../suite.ts'

const verbs = { sign, presign }

const api = {
  /** Signs and sends by the page's own fetch. */
  async send(
    verb: keyof Verbs,
    request: SigningRequest,
    options: CaseOptions,
  ): Promise<SignedRequest> {
    const signed = await verbs[verb](request, options)
    const response = await fetch(signed.url, signed as RequestInit)
    if (response.status !== 200) throw new Error(`${response.status}`)
    return signed
  },
}

export type PageApi = typeof api

Object.assign(globalThis, { countersignPage: api })
