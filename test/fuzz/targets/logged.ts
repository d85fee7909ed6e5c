import { readdirSync, readFileSync } from 'node:fs'
import { readLogged } from '../../../src/inputs/logged.ts'
import { target } from '../target.ts'

const folder = new URL('../../cli/logs/', import.meta.url)

/** A log as people paste it, changed: read as far as it goes, and never an error. */
export const readingLogs = target({
  name: 'logged',
  codes: [],
  cost: { fixed: 20, perByte: 0.01 },
  seeds: () => readdirSync(folder).map((name) => readFileSync(new URL(name, folder))),
  read: (input) => Buffer.from(input).toString(),
  call: readLogged,
  judge(_, logged) {
    if (!logged) return undefined
    const { request, signed, answer } = logged
    const fields = request ? [request.method, request.url, ...request.headers.flat()] : []
    const texts = [...fields, ...Object.values(signed ?? {}), answer ?? '']
    if (!texts.every((text) => typeof text === 'string')) return 'reads what is no text'
    const { body, payload } = request ?? {}
    if (payload !== undefined && body !== undefined) return 'reads a body and its hash'
    return body === undefined || typeof body === 'string' || body instanceof Uint8Array
      ? undefined
      : 'reads a body that is none'
  },
})
