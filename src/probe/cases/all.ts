import type { Case } from './case.ts'
import { CHUNKED, TRAILING, UNSIGNED } from './chunks.ts'
import { DATES } from './dates.ts'
import { FORMS } from './forms.ts'
import { HEADERS, HEADERS_OF_S3 } from './headers.ts'
import { HOSTS } from './hosts.ts'
import { PARAMETERS, PARAMETERS_OF_S3 } from './parameters.ts'
import { PATHS } from './paths.ts'
import { BODIES, PAYLOADS } from './payloads.ts'
import { PRESIGNED, PRESIGNED_OF_S3 } from './presigned.ts'
import { REPLAYS } from './replays.ts'
import { SCOPES } from './scopes.ts'
import { SIGNATURES } from './signatures.ts'
import { TOKENS_GIVEN, TOKENS_MADE_UP } from './tokens.ts'

/** All cases, in the order in which they are told. */
export const CASES: readonly Case[] = [
  ...[...HEADERS, ...HEADERS_OF_S3, ...SIGNATURES, ...SCOPES, ...DATES, ...HOSTS],
  ...[...PARAMETERS, ...PARAMETERS_OF_S3, ...PATHS, ...PRESIGNED, ...PRESIGNED_OF_S3],
  ...[...PAYLOADS, ...BODIES, ...CHUNKED, ...TRAILING, ...UNSIGNED, ...FORMS],
  ...[...TOKENS_GIVEN, ...TOKENS_MADE_UP, ...REPLAYS],
]
