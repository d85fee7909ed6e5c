import { also, authorization, before, field, inField, resigned, without } from '../changes.ts'
import { bad, type Case, good, group, odd } from './case.ts'
import { CREATE, ELEMENTS, HEADER, TROUBLE, UNDATED } from './sources.ts'

const LATER = 'Whoever once saw a request sends it again, days or years later.'
const EARLIER =
  'A request that was made for later is sent now, and stays good for longer than is meant.'
const UNREAD = ['denied', 'malformed', 'signature'] as const

const MINUTE = 60
const DAY = 86400

// biome-ignore format: a case is a line
export const DATES: readonly Case[] = group('dates', 'any', [
  good('late', 'a request that was signed four minutes ago', TROUBLE, { at: -4 * MINUTE }),
  good('early', 'a request that was signed by a clock four minutes ahead', TROUBLE, { at: 4 * MINUTE }),

  bad('minutes-late', 'a request that was signed twenty minutes ago', TROUBLE, 'skewed', LATER, { at: -20 * MINUTE }),
  bad('minutes-early', 'a request that was signed for in twenty minutes', TROUBLE, 'skewed', EARLIER, { at: 20 * MINUTE }),
  bad('day-late', 'a request that was signed a day ago', TROUBLE, 'skewed', LATER, { at: -DAY }),
  bad('day-early', 'a request that was signed for tomorrow', TROUBLE, 'skewed', EARLIER, { at: DAY }),
  bad('year-late', 'a request that was signed a year ago', TROUBLE, 'skewed', LATER, { at: -365 * DAY }),
  bad('date-changed', 'a request whose date is another second', CREATE, 'signature', LATER, {}, inField('x-amz-date', /\dZ$/, (end) => (end === '0Z' ? '1Z' : '0Z'))),
  bad('date-missing', 'a request whose date does not come', UNDATED, ['denied', 'malformed', 'signature'], LATER, {}, without('x-amz-date')),
  odd('date-unsigned', 'a date that is not signed', CREATE, ['denied', 'signature'], {}, resigned({ canonical: [[/^x-amz-date:.*\n/m, ''], [';x-amz-date', '']] }), authorization(';x-amz-date', '')),
  bad('date-unsigned-late', 'an old request under a new date, which is not signed', CREATE, ['denied', 'signature', 'scope'], LATER, { at: -30 * MINUTE }, resigned({ canonical: [[/^x-amz-date:.*\n/m, ''], [';x-amz-date', '']] }), authorization(';x-amz-date', ''), (draft) => field('x-amz-date', new Date().toISOString().replace(/[-:]|\.\d+/g, ''))(draft)),
  bad('date-beside', 'an old request with a new Date header beside its own date', ELEMENTS, 'skewed', LATER, { at: -30 * MINUTE }, (draft) => also('date', new Date().toUTCString())(draft)),
  odd('date-twice', 'two dates, of which the first is the signed one', HEADER, UNREAD, {}, also('x-amz-date', '20150830T123600Z')),
  odd('date-twice-first', 'two dates, of which the last is the signed one', HEADER, UNREAD, {}, before('x-amz-date', '20150830T123600Z')),
  bad('date-extended', 'a date with hyphens and colons, signed', ELEMENTS, UNREAD, LATER, {}, ...dated(/(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z/, '$1-$2-$3T$4:$5:$6Z')),
  bad('date-impossible', 'a date of a thirteenth month, signed', ELEMENTS, UNREAD, LATER, {}, ...dated(/(\d{4})\d\d(\d\dT\d{6}Z)/, '$113$2')),
  bad('date-day-alone', 'a date without a time, signed', ELEMENTS, UNREAD, LATER, {}, ...dated(/(\d{8})T\d{6}Z/, '$1')),
  bad('date-no-date', 'a word in place of the date, signed', ELEMENTS, UNREAD, LATER, {}, ...dated(/\d{8}T\d{6}Z/, 'now')),
])

/** A date that is spelled otherwise wherever it is signed. */
function dated(from: RegExp, to: string) {
  const edit = [from, to] as const
  return [resigned({ canonical: [edit], text: [edit] }), inField('x-amz-date', ...edit)]
}
