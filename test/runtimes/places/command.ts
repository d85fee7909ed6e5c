/** Runs as a program of Node, Deno or Bun: the station's origin and the place's name are its arguments. */
import { SERVER_SUITES } from '../suite/server-suites.ts'
import { report } from './report.ts'

const [, , origin = '', place = ''] = process.argv

void report(SERVER_SUITES, origin, place)
