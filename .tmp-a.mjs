import { readFileSync, writeFileSync } from 'node:fs'
import { execSync } from 'node:child_process'
const size=()=>{const o=execSync('node .tmp-s.mjs').toString();return ['index{sign} ','index{sign, presign} ','createSigner} ','signedFetch} '].map(k=>Number(o.split(k)[1].split(' ')[0]))}
const base=size();console.log(base.join())
const tryit=(name,...edits)=>{const saved=edits.map(([f])=>[f,readFileSync(f,'utf8')]);let ok=true;for(const [f,a,b] of edits){const t=readFileSync(f,'utf8');if(!t.includes(a)){ok=false;console.log('!!',name,a)}writeFileSync(f,t.replace(a,()=>b))}if(ok)try{const s=size();console.log(name,base.map((v,i)=>v-s[i]).join())}catch(e){console.log('fail',name,String(e).slice(0,200))};for(const[f,t]of saved)writeFileSync(f,t)}
const H='src/canonical/headers.ts',R='src/credentials/resolve.ts',F='src/fetch/signing-fetch.ts'
const P='src/canonical/placement.ts'
tryit('hoist',[P,"hoistableHeaders ? nameList(hoistableHeaders, REGION_SET) : [REGION_SET]","nameList(hoistableHeaders, REGION_SET)"])
tryit('own3',['src/sign/sign.ts','(Algo|Cred|Date|Expi|Sign|\\w+-Token)','(Alg|Cre|Dat|Exp|Sig|\\w+-Tok)'])
tryit('kept',[P,"  const kept = new Set(names)\n",""],[P,"!kept.has(name)","!names.includes(name)"])
tryit('slice',[P,"const signed = options.sessionToken === 'appended' ? own.slice(0, 4) : own\n",""],[P,"[...signed, last]","[...(options.sessionToken === 'appended' ? own.slice(0, 4) : own), last]"])
tryit('last',[P,"const last = `X-Amz-SignedHeaders=${percentEncodeBytes(signedHeaders)}`","const last = `X-Amz-SignedHeaders=${percentEncode(signedHeaders)}`"])
