import type { CryptoBackend } from '../crypto/backend.ts'
import { runAsync } from '../lib/steps.ts'
import type {
  ClientExplainOptions,
  ExplainedRequest,
  ServerExplainOptions,
} from './case/options.ts'
import { explainRequest } from './explain.ts'
import type { Explanation } from './types.ts'

/** Explains with promises; `#explain` for bundlers, which put all in one file. */
export const explainAsync = (
  request: ExplainedRequest,
  options: ClientExplainOptions | ServerExplainOptions,
  platform: CryptoBackend,
): Promise<Explanation> => runAsync(explainRequest(request, options, platform))
