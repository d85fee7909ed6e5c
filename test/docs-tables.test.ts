import { readdirSync } from 'node:fs'
import {
  awsError,
  type BodyFault,
  type BodyFaultCode,
  CountersignError,
  inferScope,
  type RefusalReason,
} from 'countersign'
import { describe, expect, it } from 'vitest'
import { withProfile } from '../src/canonical/profile.ts'
import { SIGNING_NAMES } from '../src/endpoints/table.ts'
import { CAUSES } from '../src/explain/report/causes.ts'
import { type FormRefusalReason, refusePost } from '../src/model/post.ts'
import { refuse } from '../src/model/refusal.ts'
import { read } from './support/snippets.ts'

/** The rows of the tables of a page, in whose first column stands a name in code. */
const rows = (page: string): string[][] =>
  read(`docs/${page}`)
    .split('\n')
    .filter((line) => /^\| *`/.test(line))
    .map((line) => line.slice(1, -1).split('|'))
    .map((cells) => cells.map((cell) => cell.trim().replace(/^`([^`]*)`$/, '$1')))

/** The members of a closed union, as its source has them. */
const members = (file: string, union: string): string[] => {
  const [, body = ''] = new RegExp(`type ${union} =\n(.*?)\n\n`, 's').exec(read(file)) ?? []
  return Array.from(body.matchAll(/'([\w-]+)'/g), ([, name]) => name ?? '')
}

/** The keys of a record of names, as its source has them. */
const keysOf = (file: string, record: string): string[] => {
  const [, body = ''] =
    new RegExp(`const ${record}\\b.*? = \\{\n(.*?)\n\\}`, 's').exec(read(file)) ?? []
  return Array.from(body.matchAll(/^ {2}(?:'([^']+)'|(\w+))[:,]/gm), ([, a, b]) => a ?? b ?? '')
}

describe('docs/signature-does-not-match.md', () => {
  it('has every cause with its cure, and no other', () => {
    const plain = (text = '') => text.replace(/\\(.)/g, '$1')
    const told = rows('signature-does-not-match.md').map(
      ([cause, ...words]) => [cause, words.map(plain)] as const,
    )
    expect(told.length).toBeGreaterThan(50)
    expect(Object.fromEntries(told)).toEqual(CAUSES)
    expect(told).toHaveLength(Object.keys(CAUSES).length)
  })
})

describe('docs/errors.md', () => {
  const [thrown, refused] = [2, 4].map((columns) =>
    rows('errors.md').filter((cells) => cells.length === columns),
  )

  it('has every ErrorCode, and no other', () => {
    const codes = members('src/model/errors.ts', 'ErrorCode')
    expect(codes.length).toBeGreaterThan(20)
    expect(thrown?.map(([code]) => code)).toEqual(codes)
  })

  it('has every reason of a form, with the codes that S3 gives it', () => {
    const reasons = members('src/model/post.ts', 'FormRefusalReason')
    const told = rows('errors.md').filter((cells) => cells.length === 3)
    expect(told.map(([reason]) => reason)).toEqual(reasons)
    for (const [reason, codes = ''] of told) {
      const ofSize = { condition: ['content-length-range', 2, 3] as const }
      const forms =
        reason === 'condition-failed' ? [{}, { ...ofSize, size: 1 }, { ...ofSize, size: 4 }] : [{}]
      const answers = forms.map((more) => {
        const refused = refusePost(reason as FormRefusalReason, '', 403, more)
        return /<Code>(\w+)/.exec(awsError(refused, 's3').body)?.[1]
      })
      expect(codes.match(/[A-Z]\w+/g)).toEqual(answers)
    }
  })

  it('has every fault of a body, with its status and its codes', () => {
    const codes = members('src/model/body-fault.ts', 'BodyFaultCode')
    expect(codes.length).toBeGreaterThan(10)
    const answers = codes.map((code) => {
      const fault = new CountersignError(code as BodyFaultCode, 'no') as BodyFault
      const { status, body } = awsError(fault, 's3')
      const { __type } = JSON.parse(awsError(fault, 'json').body) as { __type: string }
      return [code, `${status}`, /<Code>(\w+)/.exec(body)?.[1], __type]
    })
    const told = rows('errors.md').filter((cells) => cells.length === 5)
    expect(told.map((cells) => cells.slice(0, 4))).toEqual(answers)
  })

  it('has every RefusalReason, with its status and the code that S3 gives it', () => {
    const reasons = members('src/model/refusal.ts', 'RefusalReason')
    expect(reasons.length).toBeGreaterThan(15)
    const answers = reasons.map((reason) => {
      const refusal = refuse(reason as RefusalReason, '')
      const [, code] = /<Code>(\w+)/.exec(awsError(refusal, 's3').body) ?? []
      return [reason, `${refusal.status}`, code]
    })
    expect(refused?.map((cells) => cells.slice(0, 3))).toEqual(answers)
  })
})

describe('docstrings', () => {
  const sources = readdirSync('src', { recursive: true, encoding: 'utf8' }).filter((it) =>
    it.endsWith('.ts'),
  )

  it('name codes that exist where they say what is thrown', () => {
    const codes = members('src/model/errors.ts', 'ErrorCode')
    const named = sources.flatMap((file) =>
      Array.from(
        read(`src/${file}`).matchAll(/@throws CountersignError(.*?)(?=\n \* @|\n \*\/)/gs),
        ([, text = '']) => text.match(/(?<=`)[a-z]+(-[a-z]+)+(?=`)/g) ?? [],
      ).flat(),
    )
    expect(new Set(named).size).toBeGreaterThan(15)
    expect([...new Set(named)].filter((code) => !codes.includes(code))).toEqual([])
  })
})

describe('docs/services.md', () => {
  const table = rows('services.md').filter((cells) => cells.length > 2)
  const names = rows('services.md').filter((cells) => cells.length === 2)

  it.each(table)('%s of %s is signed as the table says', (service, host, ...said) => {
    expect(inferScope(`https://${host}/`).service).toBe(service)
    const profile = withProfile({ service: service ?? '' })
    const name = profile.sessionTokenName
    expect(said).toEqual([
      profile.pathEncoding === 'single' ? 'once' : 'twice',
      profile.pathNormalization === 'none' ? 'kept' : 'resolved',
      profile.contentSha256 === 'signed' ? 'always' : 'as given',
      profile.sessionToken === 'appended'
        ? 'appended, unsigned'
        : `signed${name ? `, as \`${name}\`` : ''}`,
    ])
  })

  it('has every service that differs, and every endpoint of another name', () => {
    const named = keysOf('src/canonical/profile.ts', 'PROFILES')
    expect(named).toEqual(expect.arrayContaining(['s3', 's3express', 'iotdevicegateway']))
    const services = table.map(([service]) => service)
    expect(named.filter((service) => !services.includes(service))).toEqual([])
  })

  it('has every endpoint of another name than its service, and no other', () => {
    const told = names.flatMap(([service = '', labels = '']) =>
      Array.from(labels.matchAll(/[^` ]+/g), ([label]) => [label, service] as const),
    )
    expect(told.map(([label]) => label)).toEqual(expect.arrayContaining(['lambda-url', 'email']))
    expect(Object.fromEntries(told)).toEqual({ ...SIGNING_NAMES })
    expect(told).toHaveLength(Object.keys(SIGNING_NAMES).length)
  })
})

describe('docs/entries.md', () => {
  it('names every entry, and no other', () => {
    const { exports } = JSON.parse(read('package.json')) as { exports: object }
    const entries = Object.keys(exports)
      .filter((path) => !path.endsWith('.json'))
      .map((path) => `countersign${path.slice(1)}`)
    expect(rows('entries.md').map(([entry]) => entry)).toEqual(entries)
  })
})
