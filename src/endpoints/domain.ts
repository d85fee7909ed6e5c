/** What AWS's endpoints of a region end with, in the partitions that share a naming. */
export const domainOf = (region: string): string =>
  /^cn-/.test(region) ? 'com.cn' : /^eusc-/.test(region) ? 'eu' : 'com'
