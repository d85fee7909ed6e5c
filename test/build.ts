import { execFileSync } from 'node:child_process'

/** Builds the package once before the tests that look at the built files. */
export function setup(): void {
  if (process.env.COUNTERSIGN_SKIP_BUILD) return
  execFileSync('npm', ['run', 'build', '--silent', '--', '--silent'], { stdio: 'inherit' })
}
