/** Runs in a service worker, and signs what its page asks for under `signed/`. */
import { createSigner } from 'countersign'
import { exampleSession } from '../support/example-key.ts'

/** What is used of an event of fetch, which TypeScript has in another library than a page's. */
interface FetchEvent extends Event {
  readonly request: Request
  respondWith(answer: Promise<Response>): void
}

const aws = createSigner({
  ...{ service: 'execute-api', region: 'us-east-1', credentials: exampleSession },
})

addEventListener('fetch', (event) => {
  const { request, respondWith } = event as FetchEvent
  if (request.url.includes('/signed/'))
    respondWith.call(event, aws.fetch(request, { credentials: 'same-origin' }))
})
addEventListener('activate', () => {
  const { clients } = globalThis as unknown as { clients: { claim(): Promise<void> } }
  clients.claim()
})
