import { BROWSERS } from '../runtimes/browsers.ts'
import { describeRuntime } from '../runtimes/describe-runtime.ts'

for (const runtime of BROWSERS) describeRuntime(runtime)
