import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { pathToFileURL } from 'node:url'
import ts from 'typescript'
import { commandOf, type Part, requirePart } from '../real/parts.ts'
import { keepProcess } from '../support/kept-process.ts'
import { packAndInstall } from '../support/packed.ts'
import { bundlePlace } from './bundle.ts'
import type { Runtime } from './runtime.ts'
import type { Report } from './station.ts'
import { ENGINE_SUITES } from './suite/suites.ts'
import type { Facts, Place, Task } from './suite/task.ts'

/** Neither WebCrypto nor TextEncoder, nor a page that others could read. */
const BARE: Place = {
  looks: { subtle: 'undefined', document: 'undefined', secure: 'undefined' },
  crypto: 'missing',
  p256: 'missing',
  longTerm: 'used',
}

const PLACE = 'an engine alone'

/** The whole script, the task in it. */
async function scriptOf(facts: Facts): Promise<string> {
  const packed = packAndInstall()
  try {
    const nodePaths = [join(packed.consumer, 'node_modules')]
    const task: Task = { facts, place: BARE, origin: '' }
    const bundled = await bundlePlace('engine.ts', { format: 'iife', nodePaths })
    return `var countersignTask = ${JSON.stringify(task)};\n${bundled}`
  } finally {
    packed.remove()
  }
}

/** The report among the lines that an engine has printed. */
function reportIn(printed: string, command: string): Report {
  const line = printed.split('\n').find((it) => /^\{"(cells|failure)"/.test(it))
  if (line === undefined)
    throw new Error(`${command}\nhas reported nothing\n${printed.slice(-4000)}`)
  return JSON.parse(line) as Report
}

const engine = (
  part: Part,
  title: string,
  evaluate: (script: string) => Promise<Report>,
): Runtime => ({
  ...{ part, title, suites: ENGINE_SUITES, version: versionOf(part), places: { [PLACE]: BARE } },
  run: async (facts) => ({ [PLACE]: await evaluate(await scriptOf(facts)) }),
})

/** Hermes has no classes: Metro takes them away in an app, and the compiler of TypeScript here. */
async function inHermes(script: string): Promise<Report> {
  const { outputText } = ts.transpileModule(script, {
    compilerOptions: { target: ts.ScriptTarget.ES5, downlevelIteration: true },
  })
  const folder = mkdtempSync(join(tmpdir(), 'countersign-hermes-'))
  try {
    const file = join(folder, 'script.js')
    writeFileSync(file, outputText)
    const command = [requirePart('hermes'), '-w', file]
    const started = keepProcess(command)
    await started.ended
    return reportIn(started.output(), command.join(' '))
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

/** What is used of quickjs-emscripten, which is not installed in the project. */
interface QuickJs {
  getQuickJS(): Promise<{ newContext(): Context }>
}

interface Handle {
  dispose(): void
}

interface Context {
  readonly global: Handle
  readonly runtime: { executePendingJobs(): unknown }
  newFunction(name: string, body: (...args: Handle[]) => void): Handle
  setProp(object: Handle, name: string, value: Handle): void
  getString(handle: Handle): string
  evalCode(code: string): unknown
  unwrapResult(result: unknown): Handle
}

async function inQuickJs(script: string): Promise<Report> {
  const path = requirePart('quickjs')
  const { getQuickJS } = (await import(pathToFileURL(path).href)) as QuickJs
  const context = (await getQuickJS()).newContext()
  let printed = ''
  const print = context.newFunction('print', (line) => {
    printed += `${context.getString(line as Handle)}\n`
  })
  context.setProp(context.global, 'print', print)
  print.dispose()
  context.unwrapResult(context.evalCode(script)).dispose()
  context.unwrapResult(context.runtime.executePendingJobs())
  return reportIn(printed, path)
}

/** Prints the version of a package, by where its part is. */
const versionOf = (part: Part): readonly string[] => {
  const manifest = join(dirname(dirname(commandOf(part))), 'package.json')
  return [process.execPath, '-p', `require(${JSON.stringify(manifest)}).version`]
}

/** The engines by themselves: an app of React Native has Hermes. */
export const ENGINES: readonly Runtime[] = [
  engine('hermes', 'Hermes', inHermes),
  engine('quickjs', 'QuickJS', inQuickJs),
]
