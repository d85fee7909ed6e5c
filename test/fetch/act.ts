import type { Place } from './situation.ts'
import { situations } from './situations.ts'
import { stageAt } from './stage.ts'

/** Acts a situation of the table, as whoever started the runtime asks. */
export const act = async (group: string, index: number, place: Place): Promise<unknown> =>
  situations[group]?.[index]?.act(stageAt(place))
