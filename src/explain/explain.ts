import type { CryptoBackend } from '../crypto/backend.ts'
import { runAsync, type Steps } from '../lib/steps.ts'
import { byServersAnswer } from './answer/by-servers-answer.ts'
import { type Case, caseOf } from './case/case.ts'
import type {
  ClientExplainOptions,
  ExplainedRequest,
  ServerExplainOptions,
} from './case/options.ts'
import type { Diagnosis } from './diagnosis.ts'
import { explanationOf } from './report/explanation.ts'
import { byRefusal } from './search/by-refusal.ts'
import { byRepair } from './search/by-repair.ts'
import { bySearch } from './search/by-search.ts'
import { ifItMatches } from './search/if-it-matches.ts'
import type { Explanation } from './types.ts'

/** What may know why a signature does not match. */
type Step = (it: Case) => Steps<Diagnosis | undefined>

/**
 * The steps, each of which says what it knows, or nothing:
 *
 * - `byRepair`: the request was damaged as a text (`&amp;`, encoded twice), and holds once that is undone;
 * - `byServersAnswer`: the server's code, words or canonical request tell it;
 * - `ifItMatches`: nothing is wrong;
 * - `byRefusal`: verify's own refusal tells it, of the time, the scope, the token or the body;
 * - `bySearch`: the request is signed again under each likely mistake, and one gives its signature.
 */
const STEPS: readonly Step[] = [byRepair, byServersAnswer, ifItMatches, byRefusal, bySearch]

/** What is told of a request that cannot be read, where verify does not say why. */
const UNREAD: Diagnosis = { faults: [{ cause: 'malformed' }], certain: false }

/** Why a signature does not match: the first step that knows, answers. */
export function* explainRequest(
  request: ExplainedRequest,
  options: ClientExplainOptions | ServerExplainOptions,
  platform: CryptoBackend,
): Steps<Explanation> {
  const it = yield* caseOf(request, options, platform)
  for (const step of STEPS) {
    const diagnosis = yield* step(it)
    if (diagnosis) return explanationOf(diagnosis, it)
  }
  return explanationOf(UNREAD, it)
}

/** Explains with promises. */
export const explainAsync = (
  request: ExplainedRequest,
  options: ClientExplainOptions | ServerExplainOptions,
  platform: CryptoBackend,
): Promise<Explanation> => runAsync(explainRequest(request, options, platform))
