import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { BuildOptions } from 'esbuild'
import { CHROMIUM_ARGS, commandOf, type Part, requirePart } from '../real/parts.ts'
import { packAndInstall } from '../support/packed.ts'
import { awaitReports } from './await-reports.ts'
import { bundlePlace } from './bundle.ts'
import type { Runtime } from './runtime.ts'
import { openStation, type Served } from './station.ts'
import { SUITES } from './suite/suites.ts'
import type { Place } from './suite/task.ts'

/** A place of a browser: its `crypto.subtle` is there on a secure origin alone. */
const place = (
  document: 'object' | 'undefined',
  origin: 'secure' | 'insecure',
  p256: Place['p256'],
): Place => ({
  looks: {
    subtle: origin === 'secure' ? 'object' : 'undefined',
    document,
    secure: origin === 'secure',
  },
  crypto: origin === 'secure' ? 'there' : 'missing',
  p256,
  longTerm: 'refused',
})

const placesOf = (p256: Place['p256']) => ({
  'a page': place('object', 'secure', p256),
  'a module worker': place('undefined', 'secure', p256),
  'a service worker': place('undefined', 'secure', p256),
  'a page on plain http': place('object', 'insecure', p256),
  'a module worker on plain http': place('undefined', 'insecure', p256),
})

// No loopback address, which browsers trust; only the proxy knows the name.
const INSECURE = 'http://insecure.test'

const tourOf = (port: number): string => {
  const next = new URLSearchParams({
    page: 'a page on plain http',
    worker: 'a module worker on plain http',
  })
  const first = new URLSearchParams({
    ...{ page: 'a page', worker: 'a module worker', service: 'a service worker' },
    next: `${INSECURE}/?${next}`,
  })
  return `http://127.0.0.1:${port}/?${first}`
}

async function filesOf(installed: string): Promise<Record<string, Served>> {
  const bundled: BuildOptions = { format: 'iife', nodePaths: [installed] }
  const type = 'text/javascript'
  return {
    '/': { type: 'text/html', body: '<!doctype html><script src="/page.js"></script>' },
    '/page.js': { type, body: await bundlePlace('page.ts', bundled) },
    '/worker.js': { type, body: await bundlePlace('browser-worker.ts', bundled) },
  }
}

/** How a browser is started with a folder of its own, behind a proxy at a port. */
type Start = (command: string, folder: string, port: number) => readonly string[]

const browser = (
  part: Part,
  title: string,
  p256: Place['p256'],
  version: readonly string[],
  start: Start,
): Runtime => ({
  ...{ part, title, version, suites: SUITES, places: placesOf(p256) },
  async run(facts) {
    const command = requirePart(part)
    const packed = packAndInstall()
    const folder = mkdtempSync(join(tmpdir(), `countersign-${part}-`))
    const files = await filesOf(join(packed.consumer, 'node_modules'))
    const station = await openStation(facts, this.places, files)
    try {
      const { port } = station
      const started = [...start(command, folder, port), tourOf(port)]
      return await awaitReports(station, Object.keys(this.places), started)
    } finally {
      await station.stop()
      packed.remove()
      rmSync(folder, { recursive: true, force: true, maxRetries: 5 })
    }
  },
})

const FIREFOX_PREFERENCES = {
  'network.proxy.type': 1,
  'network.proxy.http': '127.0.0.1',
  'browser.shell.checkDefaultBrowser': false,
  'browser.aboutwelcome.enabled': false,
  'datareporting.policy.dataSubmissionEnabled': false,
  'dom.security.https_first': false,
}

const chromium = browser(
  'chromium',
  'Chromium',
  'signs and verifies',
  [commandOf('chromium'), '--version'],
  (command, folder, port) => [
    ...[command, '--headless=new', ...CHROMIUM_ARGS, `--user-data-dir=${folder}`],
    `--proxy-server=http://127.0.0.1:${port}`,
  ],
)

const firefox = browser(
  'firefox',
  'Firefox',
  'signs',
  [commandOf('firefox'), '--version'],
  (command, folder, port) => {
    const preferences = { ...FIREFOX_PREFERENCES, 'network.proxy.http_port': port }
    const lines = Object.entries(preferences).map(
      (entry) => `user_pref(${entry.map((it) => JSON.stringify(it)).join(', ')})`,
    )
    writeFileSync(join(folder, 'user.js'), `${lines.join(';\n')};\n`)
    return [command, '--headless', '--no-remote', '--profile', folder]
  },
)

/** MiniBrowser needs a display, and keeps what it keeps in the home folder. */
const onDisplay = (command: string, folder: string) => [
  ...['env', `XDG_DATA_HOME=${folder}`, `XDG_CACHE_HOME=${folder}`, `XDG_CONFIG_HOME=${folder}`],
  ...['xvfb-run', '-a', command],
]

const webkit = browser(
  'webkit',
  'WebKitGTK',
  // Unlike Safari's, whose own curve refuses the key.
  'signs and verifies',
  ['dpkg-query', '-W', '-f', '$' + '{Version}', 'webkit2gtk-driver'],
  (command, folder, port) => [...onDisplay(command, folder), `--proxy=http://127.0.0.1:${port}`],
)

/** The browsers, each with its pages and workers. */
export const BROWSERS: readonly Runtime[] = [chromium, firefox, webkit]
