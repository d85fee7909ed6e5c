import { describeRuntime } from '../runtimes/describe-runtime.ts'
import { ENGINES } from '../runtimes/engines.ts'

for (const runtime of ENGINES) describeRuntime(runtime)
