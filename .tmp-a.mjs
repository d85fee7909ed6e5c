import { readFileSync, writeFileSync } from 'node:fs'
import { execSync } from 'node:child_process'
const size=()=>{const o=execSync('node .tmp-s.mjs').toString();return ['index{sign} ','index{sign, presign} ','createSigner} ','signedFetch} '].map(k=>Number(o.split(k)[1].split(' ')[0]))}
const base=size();console.log(base.join())
const tryit=(name,...edits)=>{const saved=edits.map(([f])=>[f,readFileSync(f,'utf8')]);let ok=true;for(const [f,a,b] of edits){const t=readFileSync(f,'utf8');if(!t.includes(a)){ok=false;console.log('!!',name,a)}writeFileSync(f,t.replace(a,()=>b))}if(ok)try{const s=size();console.log(name,base.map((v,i)=>v-s[i]).join())}catch(e){console.log('fail',name,String(e).slice(0,200))};for(const[f,t]of saved)writeFileSync(f,t)}
const H='src/canonical/headers.ts',R='src/credentials/resolve.ts',F='src/fetch/signing-fetch.ts'
tryit('url msg',['src/canonical/url.ts','an absolute http or ws url, # as %23','an absolute url, # as %23'])
tryit('leftout',[H,'proxy-.*|sec-.*','(proxy|sec)-.*'])
tryit('leftout2',[H,'(accept|transfer)-encoding|authorization|connection|content-length','(accept|transfer)-encoding|authorization|con(nection|tent-length)'])
tryit('cred msg',[R,'accessKeyId, secretAccessKey, a valid expiration','accessKeyId, secretAccessKey, expiration'])
tryit('momentary',['src/fetch/retry.ts','|PriorRequest|TransactionInP',''])
tryit('iso msg',[H,'one line of ISO 8859-1 as','one line of Latin-1 as'])
tryit('words array',['src/canonical/words.ts',/  for \(const name in words\)[\s\S]*?\n  }\n/.exec(readFileSync('src/canonical/words.ts','utf8'))[0],"  for (const name in words) {\n    const value = (options as Words)[name]\n    if (value && !`|${words[name]}|`.includes(`|${value}|`)) fail('invalid-options', `${words[name]} as ${name}`)\n  }\n"])
tryit('dot msg',['src/canonical/path.ts',"a resolved path or dotSegments: 'literal'","a resolved path or dotSegments literal"])
tryit('own re',['src/sign/sign.ts','/(^|&)X-Amz-(Algo|Cred|Date|Expi|Sign|\\w+-Token)/i','/(^|&)X-Amz-(Al|Cr|Da|Ex|Si|\\w+-To)/i'])
tryit('response 503',[F,"        response = new Response(null, { status: 503 })","        response = Response.error()"])
tryit('age',['src/fetch/clock.ts',"headers.get('age') === null","!headers.get('age')"])
tryit('mode',['src/fetch/outgoing.ts',/  if \(kept.mode &&.*/.exec(readFileSync('src/fetch/outgoing.ts','utf8'))[0],''])
