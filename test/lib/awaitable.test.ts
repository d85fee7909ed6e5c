import { expect, it } from 'vitest'
import { firstOf } from '../../src/lib/awaitable.ts'

it('the first answer of a list is looked for in the list, however late each answer comes', async () => {
  const names = Array.from({ length: 2000 }, (_, at) => at)
  // Copying what is left for each would cost the square of what a stranger has tried.
  const list = Object.assign(names, { slice: () => expect.fail('copied') })
  const asked: number[] = []
  const answerOf = async (name: number) => {
    asked.push(name)
    return name === 1999 ? 'found' : undefined
  }
  expect(await firstOf(list, answerOf)).toBe('found')
  expect(asked).toEqual([...names])
})
