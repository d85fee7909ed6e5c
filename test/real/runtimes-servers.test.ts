import { describeRuntime } from '../runtimes/describe-runtime.ts'
import { SERVER_SIDE } from '../runtimes/server-side.ts'

for (const runtime of SERVER_SIDE) describeRuntime(runtime)
