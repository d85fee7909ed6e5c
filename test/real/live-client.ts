import { createVerifyingServer, type Verdict, type VerifyingServer } from 'countersign/testing'
import { afterAll, afterEach, beforeEach, describe, expect, it } from 'vitest'
import { exampleKey } from '../support/example-key.ts'
import { MARK, type Place, startProxy } from './tampering.ts'

/** Where a client is to send its request, and with which key. */
export interface Target {
  readonly url: string
  readonly host: string
  readonly port: number
  readonly region: string
  readonly credentials: Key
}

interface Key {
  readonly accessKeyId: string
  readonly secretAccessKey: string
  readonly sessionToken?: string
}

/** One call of a real client. */
export interface LiveCall {
  readonly name: string
  /** Resolves where the client is content, rejects where it is not. */
  run(target: Target): Promise<unknown>
  /** A refusal that the client's own way of signing asks for. */
  readonly refusedFor?: string
}

const LONG_TERM: Key = exampleKey
const TEMPORARY: Key = {
  accessKeyId: 'ASIAEXAMPLE',
  secretAccessKey: 'wJalrXUtnFEMI+K7MDENG/bPxRfiCYEXAMPLEKEY',
  sessionToken: 'IQoJb3JpZ2luX2VjEXAMPLE//token+with=signs==',
}

export const targetOf = (url: string, credentials: Key): Target => {
  const { hostname, port } = new URL(url)
  return { url, host: hostname, port: Number(port), region: 'eu-west-1', credentials }
}

const wasAltered = ({ request }: Verdict): boolean =>
  [...((request.headers ?? []) as Iterable<[string, string]>)].some(([name]) => name === MARK)

const outcome = ({ result }: Verdict): string => (result.ok ? result.payload : result.reason)

const COLUMNS = ['as sent', 'session', 'header', 'path', 'body']

/** Makes the tests of a client's calls, live: accepted as they are, refused when altered on the way. */
export function describeClient(client: string, calls: readonly LiveCall[]): void {
  const table: Record<string, Record<string, string>> = {}
  afterAll(() => {
    console.log(client)
    console.table(table)
  })

  describe.each(calls)('$name', ({ name, run, refusedFor }) => {
    let server: VerifyingServer<undefined>
    const row: Record<string, string> = Object.fromEntries(COLUMNS.map((column) => [column, '']))
    table[name] = row
    beforeEach(async () => {
      server = await createVerifyingServer({
        credentials: (id) => [LONG_TERM, TEMPORARY].find(({ accessKeyId }) => accessKeyId === id),
        region: 'eu-west-1',
      })
    })
    afterEach(() => server.close())

    const note = (column: string) => {
      row[column] = [...new Set(server.verdicts.map(outcome))].join(', ')
    }

    const through = async (place: Place): Promise<void> => {
      const proxy = await startProxy(server.port, place)
      try {
        await run(targetOf(proxy.url, LONG_TERM))
      } finally {
        proxy.close()
      }
    }

    if (refusedFor) {
      it('is refused as it is', async () => {
        await run(targetOf(server.url, LONG_TERM)).catch(() => undefined)
        note('as sent')
        expect(server.lastVerdict?.result).toMatchObject({ ok: false, reason: refusedFor })
      })
      return
    }

    it.each([
      ['as sent', LONG_TERM],
      ['session', TEMPORARY],
    ])('is accepted: %s', async (column, key) => {
      await run(targetOf(server.url, key))
      note(column)
      expect(server.verdicts).not.toEqual([])
      expect(server.verdicts.filter(({ result }) => !result.ok)).toEqual([])
      expect(server.lastVerdict?.result).toMatchObject({ accessKeyId: key.accessKeyId })
    })

    it('is accepted through a proxy that alters nothing', async () => {
      await through('nowhere')
      expect(server.verdicts.filter(({ result }) => !result.ok)).toEqual([])
    })

    it.each<Place>(['header', 'path', 'body'])('is refused with an altered %s', async (place) => {
      const sent = await through(place).catch(() => undefined)
      const altered = server.verdicts.filter(wasAltered)
      row[place] = [...new Set(altered.map(outcome))].join(', ')
      // A body that is not signed is not the signature's affair.
      const covered = altered.filter(
        ({ result }) => place !== 'body' || !result.ok || result.payload !== 'unsigned',
      )
      if (place !== 'body') expect(covered).not.toEqual([])
      expect(covered.filter(({ result }) => result.ok)).toEqual([])
      if (covered.length > 0) expect(sent).toBeUndefined()
    })
  })
}
