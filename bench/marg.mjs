import {build} from 'esbuild'; import {gzipSync} from 'node:zlib'; import ts from 'typescript'
const code=process.argv[2]??"export {sign} from 'countersign'"
const r=await build({stdin:{contents:code,resolveDir:process.cwd()},bundle:true,minify:true,format:'esm',platform:'browser',target:'es2022',write:false,tsconfigRaw:'{}',logLevel:'silent'})
const t=r.outputFiles[0].text; const g=s=>gzipSync(s,{level:9}).length; const T=g(t); console.log(t.length,T)
const sf=ts.createSourceFile('x.js',t,99,true)
const parts=[]
for (const s of sf.statements) { if (ts.isVariableStatement(s)) for (const d of s.declarationList.declarations) parts.push(d); else parts.push(s) }
for (const p of parts) { const x=t.slice(0,p.getStart())+t.slice(p.end); console.log(String(T-g(x)).padStart(4), String(p.end-p.getStart()).padStart(5), p.getText().slice(0,130).replace(/\n/g,'\\n')) }
