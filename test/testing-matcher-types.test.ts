import { spawnSync } from 'node:child_process'
import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { describeWithPart, RUNNERS } from './real/parts.ts'
import { type Packed, packAndInstall, root } from './support/packed.ts'

/** A test runner as a project has it, and how that declares the matcher. */
interface Runner {
  readonly name: string
  /** The names of its packages there, and where their files are here. */
  readonly installed: Readonly<Record<string, string>>
  /** What has `expect`; undefined where it is global. */
  readonly from?: string
  readonly declared: string
}

const VITEST = `declare module 'vitest' {
  interface Matchers<T> extends CountersignMatchers<Promise<void>> {}
}`
const VITEST_5 = VITEST.replace('<T>', '<R, T>')
const EXPECT = `declare module 'expect' {
  interface Matchers<R, T> extends CountersignMatchers<Promise<void>> {}
}`
const GLOBAL = `declare global {
  namespace jest {
    interface Matchers<R, T> extends CountersignMatchers<Promise<void>> {}
  }
}`

const ours = (name: string) => join(root, 'node_modules', name)
const other = (name: string) => join(RUNNERS, name)
// What `@jest/globals` depends on, npm puts beside it.
const jest = { from: '@jest/globals', declared: EXPECT }

const OURS: readonly Runner[] = [
  {
    ...{ name: 'vitest 4', from: 'vitest', declared: VITEST },
    installed: { vitest: ours('vitest') },
  },
  {
    ...{ name: 'jest 30', ...jest },
    installed: { '@jest/globals': ours('@jest/globals'), expect: ours('expect') },
  },
]
const OTHERS: readonly Runner[] = [
  {
    ...{ name: 'vitest 3', from: 'vitest', declared: VITEST },
    installed: { vitest: other('vitest-3') },
  },
  {
    ...{ name: 'vitest 5', from: 'vitest', declared: VITEST_5 },
    installed: { vitest: other('vitest-5') },
  },
  {
    ...{ name: 'jest 29', ...jest },
    installed: { '@jest/globals': other('jest-globals-29'), expect: other('expect') },
  },
  ...[29, 30].map((version) => ({
    ...{ name: `@types/jest ${version}`, declared: GLOBAL },
    installed: { '@types/jest': other(`types-jest-${version}`) },
  })),
]

const sourceOf = ({ from, declared }: Runner): string => `
import { type CountersignMatchers, type SignedLike, toBeSignedBy } from 'countersign/testing'
${from ? `import { expect } from '${from}'` : ''}
${declared}

declare const signed: SignedLike
const key = { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'secret' }
expect.extend({ toBeSignedBy })
export const passed: Promise<void> = expect(signed).toBeSignedBy(key, { service: 's3' })
export const failed: Promise<void> = expect(undefined).not.toBeSignedBy(key)
// @ts-expect-error a key, and no id of one
expect(signed).toBeSignedBy('AKIDEXAMPLE')
// @ts-expect-error an option of verify
expect(signed).toBeSignedBy(key, { serviceName: 's3' })
`

const tsconfigOf = ({ from }: Runner) => ({
  compilerOptions: {
    ...{ strict: true, noEmit: true, module: 'nodenext', target: 'es2022', lib: ['es2022', 'dom'] },
    // The runners' own declarations want the packages of a whole project.
    ...{ skipLibCheck: true, types: from ? [] : ['jest'] },
  },
  files: ['signed.ts'],
})

let packed: Packed
beforeAll(() => {
  packed = packAndInstall()
})
afterAll(() => packed?.remove())

/** What TypeScript says of a test that has the matcher, in a project that has the runner. */
function compile(runner: Runner, source = sourceOf(runner)): string {
  const folder = join(packed.consumer, runner.name)
  for (const [name, path] of Object.entries(runner.installed)) {
    const link = join(folder, 'node_modules', name)
    mkdirSync(dirname(link), { recursive: true })
    symlinkSync(path, link)
  }
  writeFileSync(join(folder, 'package.json'), '{ "type": "module" }')
  writeFileSync(join(folder, 'signed.ts'), source)
  writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify(tsconfigOf(runner)))
  const tsc = join(root, 'node_modules/typescript/bin/tsc')
  return spawnSync(process.execPath, [tsc, '-p', folder], { encoding: 'utf8' }).stdout
}

describe('toBeSignedBy', { timeout: 120_000 }, () => {
  it.each(OURS)('compiles with $name', (runner) => {
    expect(compile(runner)).toBe('')
  })

  it('compiles nowhere that it is not declared', () => {
    const runner = { ...(OURS[0] as Runner), name: 'undeclared' }
    const source = sourceOf({ ...runner, declared: 'export type { CountersignMatchers }' })
    expect(compile(runner, source)).toMatch(/TS2339: Property 'toBeSignedBy' does not exist/)
  })
})

describeWithPart('runners', 'toBeSignedBy in other runners', () => {
  it.each(OTHERS)('compiles with $name', { timeout: 120_000 }, (runner) => {
    expect(compile(runner)).toBe('')
  })
})
