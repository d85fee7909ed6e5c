import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { readModules } from './support/module-graph.ts'
import { readShapes, shapesOf } from './support/shape.ts'

/** Functions and blocks within each other, in a function. */
const DEEPEST = 4

/** Positional parameters; what needs more takes an object. */
const MOST_PARAMETERS = 6

const folder = fileURLToPath(new URL('../src', import.meta.url))
const shapes = readShapes(folder, readModules(folder).keys())
const functions = shapes.flatMap((it) => it.functions)
const parameters = shapes.flatMap((it) => it.parameters)

describe('the shape of functions', () => {
  it(`nests at most ${DEEPEST} deep`, () => {
    expect(functions.length).toBeGreaterThan(400)
    const deeper = functions.filter(({ depth }) => depth > DEEPEST)
    expect(deeper.map(({ place, name, depth }) => `${place} ${name}: ${depth}`)).toEqual([])
  })

  it(`takes at most ${MOST_PARAMETERS} positional parameters`, () => {
    expect(parameters.filter(({ count }) => count > MOST_PARAMETERS)).toEqual([])
  })
})

describe('what tells the shape', () => {
  const depthsOf = (text: string) => shapesOf(text, 'a.ts').functions.map(({ depth }) => depth)

  it.each([
    [0, 'const a = () => 1'],
    [1, 'function a() { if (b) c() }'],
    [1, 'function a() { if (b) c(); else if (d) e(); else if (f) g() }'],
    [2, 'const a = (b) => { for (const c of b) b.map((d) => d) }'],
    [3, 'const a = () => b(() => c(() => d(() => e)))'],
    [5, 'const a = () => b(() => c(() => { try { while (d) if (e) f() } catch {} }))'],
  ])('finds %i levels in %s', (depth, text) => {
    expect(depthsOf(text)).toEqual([depth])
  })

  it('looks at methods, and at each function of a file by itself', () => {
    expect(
      depthsOf('class A { b() { if (c) d() } }; const e = { f() { return () => 1 } }'),
    ).toEqual([1, 1])
  })

  it('counts parameters, but for `this`, of types too', () => {
    const text = 'function a(this: B, c, { d, e }, ...f) {}; type G = (h: I, j: K) => L'
    expect(shapesOf(text, 'a.ts').parameters.map(({ count }) => count)).toEqual([3, 2])
  })
})
