const SYSTEMS: Record<string, string> = { mac: 'macOS', win: 'Windows', linux: 'Linux', cros: 'ChromeOS', android: 'Android' };

/** "Firefox on Linux", so that an admin can tell connected browsers apart. */
export function describeDevice(userAgent: string, system: string): string {
  const browser = /Firefox\//.test(userAgent) ? 'Firefox' : /Edg\//.test(userAgent) ? 'Edge' : 'Chrome';
  return `${browser} on ${SYSTEMS[system] ?? system}`;
}
