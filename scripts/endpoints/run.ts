/** The command: `npm run endpoints`. Writes `src/endpoints/table.ts`. */
import { writeFileSync } from 'node:fs'
import { endpointTable } from './table.ts'

writeFileSync(new URL('../../src/endpoints/table.ts', import.meta.url), await endpointTable())
