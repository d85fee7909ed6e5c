import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

export const root: string = fileURLToPath(new URL('../..', import.meta.url))

export interface Manifest {
  readonly name: string
  readonly version: string
  readonly main: string
  readonly module: string
  readonly types: string
  readonly exports: Readonly<Record<string, unknown>>
  readonly imports: Readonly<Record<string, unknown>>
  readonly bin?: string | Readonly<Record<string, string>>
  readonly dependencies?: Readonly<Record<string, string>>
  readonly peerDependencies?: Readonly<Record<string, string>>
}

/** The package as npm would publish it, and a project that has it installed. */
export interface Packed {
  /** The project's folder; everything is gone after `remove`. */
  readonly consumer: string
  readonly installed: string
  readonly tarball: string
  /** Paths inside the package. */
  readonly files: readonly string[]
  readonly manifest: Manifest
  remove(): void
}

/**
 * Packs the built package and installs it without a registry: the tarball is unpacked into a
 * project's node_modules, its dependencies are links to those of this repository.
 */
export function packAndInstall(): Packed {
  const consumer = mkdtempSync(join(tmpdir(), 'countersign-consumer-'))
  // Without scripts: the tests' set-up has built already, and `prepack` would do it again.
  const output = execFileSync(
    'npm',
    ['pack', '--ignore-scripts', '--json', '--pack-destination', consumer],
    { cwd: root, encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] },
  )
  const report = JSON.parse(output) as unknown
  // An array up to npm 10, keyed by the package's name from npm 12.
  const [entry] = Object.values(report as Record<string, unknown>)
  const { filename, files } = entry as { filename: string; files: { path: string }[] }
  const tarball = join(consumer, filename)

  const installed = join(consumer, 'node_modules/countersign')
  mkdirSync(installed, { recursive: true })
  execFileSync('tar', ['-xzf', tarball, '-C', installed, '--strip-components=1'])
  const manifest = JSON.parse(readFileSync(join(installed, 'package.json'), 'utf8')) as Manifest
  for (const name of Object.keys(manifest.dependencies ?? {})) {
    const link = join(consumer, 'node_modules', name)
    mkdirSync(dirname(link), { recursive: true })
    symlinkSync(join(root, 'node_modules', name), link)
  }
  return {
    consumer,
    installed,
    tarball,
    files: files.map(({ path }) => path),
    manifest,
    remove: () => rmSync(consumer, { recursive: true, force: true }),
  }
}

/** The import specifiers of a package's entries: `countersign`, `countersign/sync`, … */
export const entriesOf = ({ name, exports }: Manifest, condition: 'import' | 'require'): string[] =>
  Object.entries(exports)
    .filter(([, target]) => typeof target === 'object' && target !== null && condition in target)
    .map(([path]) => name + path.slice(1))

/** Every file that a package.json points at, conditions unfolded. */
export const targetsOf = (value: unknown): string[] =>
  typeof value === 'string'
    ? [value]
    : value && typeof value === 'object'
      ? Object.values(value).flatMap(targetsOf)
      : []
