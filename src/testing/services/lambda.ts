import { jsonAnswer, type Service } from '../answers.ts'
import { eventFrame, eventStreamAnswer } from '../connection/events.ts'

const STATUS: Readonly<Record<string, number>> = { Event: 202, DryRun: 204 }

/** Lambda: an invocation, and a request to a function's URL, is answered with its own payload. */
export const lambda: Service = ({ operation, path, headers, body }) => {
  const { 'content-type': type = 'application/json' } = Object.fromEntries(headers)
  const echo = { headers: { 'content-type': type }, body: body.byteLength > 0 ? body : 'null' }
  if (!/^\/20\d\d-\d\d-\d\d\//.test(path)) return echo
  if (operation === 'InvokeWithResponseStream')
    return eventStreamAnswer([
      eventFrame('PayloadChunk', body, 'application/octet-stream'),
      eventFrame('InvokeComplete', '{}'),
    ])
  const status = STATUS[headers.get('x-amz-invocation-type') ?? '']
  if (operation === 'Invoke') return status ? { status } : echo
  return /\/functions\/?$/.test(path) ? jsonAnswer({ Functions: [] }) : undefined
}
