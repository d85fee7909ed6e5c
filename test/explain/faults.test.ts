import { inspect } from 'node:util'
import { explain, verify } from 'countersign'
import { afterAll, describe, expect, it } from 'vitest'
import { faults, serverOptions } from './faults.ts'
import { KEY, manual, OTHER, TEMPORARY } from './manual.ts'

const score: { fault: string; named: string; certain: boolean }[] = []

describe('explain, from the server side', async () => {
  it('finds nothing wrong with a good request', async () => {
    expect((await verify(manual({}), serverOptions)).ok).toBe(true)
    expect((await explain(manual({}), serverOptions)).matches).toBe(true)
  })

  it.each((await faults()).map((fault) => [fault.name, fault] as const))(
    'names: %s',
    async (name, fault) => {
      const options = { ...serverOptions, ...fault.options }
      const why = await explain(fault.received, options)
      score.push({ fault: name, named: why.causes.join(' + ') || 'matches', certain: why.certain })
      expect((await verify(fault.received, options)).ok).toBe(false)
      expect(why.causes.slice(0, fault.causes.length)).toEqual(fault.causes)
      const shown = `${why} ${JSON.stringify(why)} ${inspect(why, { depth: 9 })}`
      for (const secret of [KEY.secretAccessKey, OTHER.secretAccessKey, TEMPORARY.sessionToken])
        expect(shown).not.toContain(secret)
    },
  )

  afterAll(() => {
    const certain = score.filter((row) => row.certain).length
    console.info(
      score
        .map(({ fault, named, certain }) => `${certain ? 'proved' : 'likely'}  ${fault}: ${named}`)
        .join('\n'),
    )
    console.info(
      `${score.length} faults, ${certain} proved (${Math.round((100 * certain) / score.length)} %)`,
    )
    expect(certain / score.length).toBeGreaterThanOrEqual(0.9)
  })
})
