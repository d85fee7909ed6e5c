import { spawnSync } from 'node:child_process'
import { beforeAll, describe, expect, it } from 'vitest'

describe('npm run demo', () => {
  let demo: { status: number | null; stdout: string; stderr: string; milliseconds: number }
  beforeAll(() => {
    const begun = Date.now()
    const { status, stdout, stderr } = spawnSync('npm', ['run', '--silent', 'demo'], {
      encoding: 'utf8',
    })
    demo = { status, stdout, stderr, milliseconds: Date.now() - begun }
  })

  it('ends well, in seconds and without complaints', () => {
    expect(demo).toMatchObject({ status: 0, stderr: '' })
    expect(demo.milliseconds).toBeLessThan(15_000)
  })

  it('tells the story: signed, accepted, tampered with, refused', () => {
    const told = [
      'The canonical request',
      '    POST\n    /orders/Z%25C3%25BCrich\n    limit=10&status=open\n',
      '    x-amz-security-token:',
      '    x-customer:Alice\n',
      'Its signature:\n    ',
      'The server answers:\n    200 Hello ASIAEXAMPLEEXAMPLE00',
      'with x-customer changed on its way:\n    403 InvalidSignatureException',
      'Why?\n    Proved: A signed header was changed on the way.',
      'x-customer:Alice\n',
      'x-customer:Mallory\n',
    ]
    let at = 0
    for (const text of told) {
      expect(demo.stdout.slice(at)).toContain(text)
      at = demo.stdout.indexOf(text, at) + text.length
    }
  })

  it('is tidy: no line is too long or ends in blanks, and no secret is printed', () => {
    const lines = demo.stdout.split('\n')
    expect(lines.filter((line) => line.length > 100 || /\s$/.test(line))).toEqual([])
    expect(demo.stdout).not.toContain('wJalrXUtnFEMI')
  })
})
