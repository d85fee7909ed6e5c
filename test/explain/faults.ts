import type { MismatchCause, ReceivedRequest, ServerExplainOptions } from 'countersign'
import { keyFaults } from './faults-keys.ts'
import { requestFaults } from './faults-requests.ts'
import { KEY, NOW, OTHER } from './manual.ts'

/** A fault: a request as it arrives, and the cause that must be named first. */
export interface Fault {
  readonly name: string
  readonly causes: readonly MismatchCause[]
  readonly received: ReceivedRequest
  readonly options?: Partial<ServerExplainOptions>
}

/** Every fault of the issue, injected into a good request. */
export const faults = async (): Promise<Fault[]> =>
  [...requestFaults, ...(await keyFaults())].map(([name, causes, received, options]) => ({
    name,
    causes: typeof causes === 'string' ? [causes] : causes,
    received,
    ...(options && { options }),
  }))

/** A server that knows one key. */
export const serverOptions: ServerExplainOptions = {
  credentials: (id) => (id === KEY.accessKeyId ? KEY : undefined),
  service: ['execute-api', 's3'],
  region: 'eu-west-1',
  now: NOW,
  pathForm: 'any',
  otherCredentials: [OTHER],
}
