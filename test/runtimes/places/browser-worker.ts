/** Runs in a dedicated worker or a service worker: `/worker.js?place=…`. */
import { SUITES } from '../suite/suites.ts'
import { report } from './report.ts'

const { origin, searchParams } = new URL(location.href)
const done = report(SUITES, origin, searchParams.get('place') ?? '')

// A service worker lives for as long as it installs.
addEventListener('install', (event) =>
  (event as unknown as { waitUntil(done: Promise<void>): void }).waitUntil(done),
)

// A dedicated worker's page waits for it.
if ('postMessage' in globalThis) void done.then(() => postMessage('done'))
