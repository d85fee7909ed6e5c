import { execFileSync } from 'node:child_process'
import { existsSync, readdirSync, statSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

/** The package's own folder. */
export const root: string = fileURLToPath(new URL('..', import.meta.url))

const newest = (folder: string): number =>
  Math.max(
    ...readdirSync(folder, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => statSync(`${entry.parentPath}/${entry.name}`).mtimeMs),
  )

/** Builds the package where it is not built, and says so where the build is older than the source. */
export function ensureDist(): void {
  if (!existsSync(`${root}/dist/index.js`))
    execFileSync('npm', ['run', 'build', '--silent', '--', '--silent'], {
      cwd: root,
      stdio: 'inherit',
    })
  else if (newest(`${root}/src`) > newest(`${root}/dist`))
    console.warn('dist is older than src: npm run build\n')
}
