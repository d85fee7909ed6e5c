import { bad, type Case, group } from './case.ts'
import { CONDITIONS } from './sources.ts'

const AGAIN = 'Whoever saw a request sends it again.'

// biome-ignore format: a case is a line
export const REPLAYS: readonly Case[] = group('replays', 'any', [
  bad('replay', 'a request that comes twice', CONDITIONS, 'refusal', AGAIN, { times: 2 }),
  bad('replay-url', 'a presigned URL that comes twice', CONDITIONS, 'refusal', AGAIN, { place: 'query', times: 2 }),
], { needs: 'replays' })
