import type { MachineOptions } from './machine.ts'

/** What a service of the machine answered, whole. */
export interface Answer {
  readonly status: number
  readonly ok: boolean
  readonly text: string
}

/** Milliseconds until a service that is on this machine has answered, as the AWS SDKs have it. */
const PATIENCE = 1000

/**
 * Asks a service of the machine: nothing comes where nobody answers in time. A redirect is not
 * followed, as the token would go with it.
 */
export async function ask(
  options: MachineOptions,
  url: URL,
  init: { readonly method?: string; readonly headers: Record<string, string> },
): Promise<Answer | undefined> {
  const send = (options.fetch ?? globalThis.fetch) as typeof globalThis.fetch
  const signal = AbortSignal.timeout(PATIENCE)
  try {
    const response = await send(url.href, { ...init, redirect: 'manual', signal })
    return { status: response.status, ok: response.ok, text: await response.text() }
  } catch {
    // The words of the platform may quote a URL or a header.
    return undefined
  }
}
