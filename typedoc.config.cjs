const { exports: entries } = require('./package.json')

/** The reference: one part per entry of the package, from its docstrings. */
module.exports = {
  plugin: ['typedoc-plugin-markdown', 'typedoc-vitepress-theme'],
  entryPoints: Object.keys(entries)
    .filter((name) => !name.endsWith('.json'))
    .map((name) => `src/${name === '.' ? 'index' : name.slice(2)}.ts`),
  tsconfig: 'tsconfig.json',
  out: 'docs/reference',
  docsRoot: 'docs',
  readme: 'none',
  disableSources: true,
  hideBreadcrumbs: true,
  entryFileName: 'index',
  parametersFormat: 'table',
  interfacePropertiesFormat: 'table',
  typeDeclarationFormat: 'table',
  // Types that a signature speaks of and nobody has to name.
  validation: { notExported: false },
  treatWarningsAsErrors: true,
}
