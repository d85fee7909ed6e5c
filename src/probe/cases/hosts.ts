import { also, authorization, before, field, resigned, target, without } from '../changes.ts'
import { bad, type Case, good, group, odd } from './case.ts'
import { ABSOLUTE, CREATE, FORWARDED, HOST, OTHER_HOST } from './sources.ts'

const OTHER = 'A request that was made for one server, or one bucket in a host name, opens another.'

const host = 'bucket.example.com'
const unsigned = [
  resigned({
    canonical: [
      [/^host:.*\n/m, ''],
      [/host;/, ''],
    ],
  }),
  authorization('host;', ''),
]

// biome-ignore format: a case is a line
export const HOSTS: readonly Case[] = group('hosts', 'any', [
  good('host-name', 'the name of the header in upper case', HOST, {}, (draft) => { draft.fields = draft.fields.map(([name, value]) => [name === 'host' ? 'HOST' : name, value]) }),
  good('target-absolute', 'a target that names its own host', ABSOLUTE, {}, (draft) => { draft.target = `http://${draft.host}${draft.target}` }),

  odd('host-changed', 'another host than the signed one', OTHER_HOST, 'signature', {}, field('host', host)),
  bad('host-of-other', 'a request that was signed for another host', OTHER_HOST, 'signature', OTHER, { host }, (draft) => field('host', draft.host)(draft)),
  bad('host-forwarded', 'a request for another host, which X-Forwarded-Host names', FORWARDED, 'signature', OTHER, { host }, (draft) => field('host', draft.host)(draft), also('x-forwarded-host', host)),
  bad('host-forwarded-rfc', 'a request for another host, which Forwarded names', FORWARDED, 'signature', OTHER, { host }, (draft) => field('host', draft.host)(draft), also('forwarded', `host=${host}`)),
  bad('host-original', 'a request for another host, which X-Original-Host names', FORWARDED, 'signature', OTHER, { host }, (draft) => field('host', draft.host)(draft), also('x-original-host', host)),
  bad('host-unsigned', 'a host that is not signed', CREATE, ['denied', 'signature', 'malformed'], OTHER, {}, ...unsigned),
  odd('host-twice', 'two hosts, the signed one first', HOST, 'refusal', {}, also('host', host)),
  odd('host-twice-first', 'two hosts, the signed one last', HOST, 'refusal', {}, before('host', host)),
  bad('host-missing', 'no host', HOST, 'refusal', OTHER, {}, without('host')),
  odd('host-port', 'another port than the signed one', CREATE, ['signature', 'refusal'], {}, field('host', '127.0.0.1:1')),
  odd('target-of-other', 'a target that names another host than Host', ABSOLUTE, 'refusal', {}, (draft) => target(/^/, `http://${host}`)(draft)),
])
