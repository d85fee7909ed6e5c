import { also, before, field, parameter, without, withoutParameter } from '../changes.ts'
import { bad, type Case, good, group, odd } from './case.ts'
import { QUERY, TOKENS } from './sources.ts'

const LONGER = 'A session that has ended, or was ended, goes on without its token.'
const place = 'query'
const token = ['token', 'denied', 'signature', 'unknown key'] as const

// biome-ignore format: a case is a line
export const TOKENS_GIVEN: readonly Case[] = group('tokens', 'any', [
  good('token', 'a session token in a header', TOKENS),
  good('token-url', 'a session token in a presigned URL', QUERY, { place }),

  bad('token-dropped', 'a session token that does not come', TOKENS, token, LONGER, {}, without('x-amz-security-token')),
  bad('token-changed', 'another session token than the signed one', TOKENS, token, LONGER, {}, field('x-amz-security-token', 'anotherToken')),
  bad('token-unsigned', 'a session token that is not signed', TOKENS, token, LONGER, { unsignable: ['x-amz-security-token'] }),
  bad('token-twice', 'a second session token behind the signed one', TOKENS, token, LONGER, {}, also('x-amz-security-token', 'anotherToken')),
  bad('token-twice-first', 'a second session token before the signed one', TOKENS, token, LONGER, {}, before('x-amz-security-token', 'anotherToken')),
  bad('token-url-dropped', 'a presigned URL without its session token', QUERY, token, LONGER, { place }, withoutParameter('X-Amz-Security-Token')),
  bad('token-url-changed', 'a presigned URL with another session token', QUERY, token, LONGER, { place }, parameter('X-Amz-Security-Token', 'anotherToken')),
], { needs: 'token' })

// biome-ignore format: a case is a line
export const TOKENS_MADE_UP: readonly Case[] = group('tokens', 'any', [
  odd('token-made-up', 'a session token that is signed, of a key that has none', TOKENS, token, { token: 'madeUpToken' }),
  odd('token-made-up-url', 'the same in a presigned URL', TOKENS, token, { place, token: 'madeUpToken' }),
  odd('token-added', 'a session token that is not signed, of a key that has none', TOKENS, token, {}, also('x-amz-security-token', 'madeUpToken')),
], { needs: 'no-token' })
