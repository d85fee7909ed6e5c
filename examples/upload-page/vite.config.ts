/** `BUCKET=https://bucket.s3.eu-west-1.amazonaws.com npx vite examples/upload-page` */
import { fileURLToPath } from 'node:url'
import { presign } from 'countersign'
import { fromEnv } from 'countersign/credentials'
import { defineConfig, type Plugin } from 'vite'

const { BUCKET, AWS_REGION: region = 'eu-west-1' } = process.env

/** The server's part: a link for one file of one type, for five minutes. Let your visitors sign in first. */
const links: Plugin = {
  name: 'links',
  configureServer({ middlewares }) {
    middlewares.use('/link', async (incoming, answer) => {
      const { searchParams } = new URL(incoming.url ?? '', 'http://localhost')
      const name = encodeURIComponent(searchParams.get('name') ?? '')
      const type = searchParams.get('type') || 'application/octet-stream'
      const { method, url, headers } = await presign(
        { method: 'PUT', url: `${BUCKET}/uploads/${name}`, headers: { 'content-type': type } },
        { service: 's3', region, credentials: fromEnv(), expiresIn: 300 },
      )
      answer.setHeader('content-type', 'application/json')
      answer.end(JSON.stringify({ method, url, headers }))
    })
  },
}

export default defineConfig({
  root: fileURLToPath(new URL('.', import.meta.url)),
  plugins: [links],
})
