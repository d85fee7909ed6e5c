import { execFileSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { KEY, run } from './command.ts'
import type { LiveCall, Target } from './live-client.ts'
import { requirePart } from './parts.ts'

type Run = LiveCall['run']

/** One command of awscli after another: what each prints. */
export const awscli =
  (...commands: (readonly string[])[]) =>
  async (target: Target): Promise<string[]> => {
    const common = ['--endpoint-url', target.url, '--region', target.region]
    const printed: string[] = []
    for (const args of commands)
      printed.push(await run(requirePart('awscli'), [...common, ...args], target))
    return printed
  }

/** What a script of Python's does, in which `client('s3')` is one of boto3's, and `key` a key. */
export const boto3 =
  (script: string): Run =>
  (target) => {
    const lines = [
      'import json, os, sys, urllib.request, boto3',
      'from botocore.config import Config',
      `def client(service, **config):`,
      `    return boto3.client(service, endpoint_url='${target.url}', region_name='${target.region}', config=Config(signature_version='s3v4' if service == 's3' else None, **config))`,
      `key = '${KEY}'`,
      script,
    ]
    return run(requirePart('boto3'), ['-c', lines.join('\n')], target)
  }

/** One command of s3cmd after another. */
export const s3cmd =
  (...commands: (readonly string[])[]): Run =>
  async (target) => {
    const { host, port, region, credentials } = target
    for (const args of commands)
      await run(
        requirePart('s3cmd'),
        [
          ...['--config=/dev/null', '--no-ssl', `--region=${region}`],
          ...[`--host=${host}:${port}`, `--host-bucket=${host}:${port}`],
          `--access_key=${credentials.accessKeyId}`,
          `--secret_key=${credentials.secretAccessKey}`,
          ...(credentials.sessionToken ? [`--access_token=${credentials.sessionToken}`] : []),
          ...args,
        ],
        target,
      )
  }

/** One command of rclone after another, to which the server is the remote `R`: what each prints. */
export const rclone =
  (...commands: (readonly string[])[]) =>
  async (target: Target): Promise<string[]> => {
    const { url, region } = target
    const { accessKeyId, secretAccessKey, sessionToken } = target.credentials
    const printed: string[] = []
    for (const args of commands) {
      const text = await run(
        requirePart('rclone'),
        [...['--config', '/dev/null', '--retries=1', '--low-level-retries=1'], ...args],
        target,
        {
          ...{ RCLONE_CONFIG_R_TYPE: 's3', RCLONE_CONFIG_R_PROVIDER: 'Other' },
          ...{ RCLONE_CONFIG_R_ENDPOINT: url, RCLONE_CONFIG_R_REGION: region },
          RCLONE_CONFIG_R_ACCESS_KEY_ID: accessKeyId,
          RCLONE_CONFIG_R_SECRET_ACCESS_KEY: secretAccessKey,
          ...(sessionToken && { RCLONE_CONFIG_R_SESSION_TOKEN: sessionToken }),
        },
      )
      printed.push(text)
    }
    return printed
  }

/**
 * Makes a program of one of `minio-go/NAME.go`. The first time takes a minute, after which what it is
 * made of is at hand: one test waits for another's.
 */
export function buildMinioGo(name: string, program: string): void {
  const source = fileURLToPath(new URL(`./minio-go/${name}.go`, import.meta.url))
  execFileSync('flock', [source, requirePart('minio-go'), 'build', '-o', program, source], {
    env: { ...process.env, GO111MODULE: 'off', GOPATH: '/usr/share/gocode' },
  })
}
