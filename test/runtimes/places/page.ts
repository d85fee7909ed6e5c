/**
 * Runs in a page, which is one place, has workers for others, and then goes to its next origin:
 * `/?page=…&worker=…&service=…&next=…`, each with the name of the place.
 */
import { SUITES } from '../suite/suites.ts'
import { report } from './report.ts'

const { origin, searchParams } = new URL(location.href)
const nameOf = (kind: string) => searchParams.get(kind) ?? ''
const scriptOf = (kind: string) => `/worker.js?${new URLSearchParams({ place: nameOf(kind) })}`

/** Reports, instead of the worker, that it could not be started. */
const failed = (kind: string, error: unknown) =>
  fetch(`${origin}/report/${encodeURIComponent(nameOf(kind))}`, {
    method: 'POST',
    body: JSON.stringify({ failure: String(error) }),
  })

const inWorker = () =>
  new Promise((resolve, reject) => {
    const worker = new Worker(scriptOf('worker'), { type: 'module' })
    worker.onmessage = resolve
    worker.onerror = ({ message }) => reject(new Error(message))
  })

async function inServiceWorker() {
  const { installing } = await navigator.serviceWorker.register(scriptOf('service'))
  // It is installing for as long as it takes to report.
  await new Promise((resolve) => installing?.addEventListener('statechange', resolve))
}

async function visit() {
  await report(SUITES, origin, nameOf('page'))
  if (nameOf('worker')) await inWorker().catch((error) => failed('worker', error))
  if (nameOf('service')) await inServiceWorker().catch((error) => failed('service', error))
  if (nameOf('next')) location.href = nameOf('next')
}

void visit()
