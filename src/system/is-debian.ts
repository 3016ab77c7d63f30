import { readFileSync } from 'node:fs';

/** Whether this is Debian or made of it, such as Ubuntu: only there is Debian's archive asked. */
export function isDebian(osRelease = readOsRelease()): boolean {
  return /^ID(?:_LIKE)?=["']?(?:.* )?debian\b/m.test(osRelease);
}

/** As os-release(5) has it; other systems have no such file. */
function readOsRelease(): string {
  try {
    return readFileSync('/etc/os-release', 'utf8');
  } catch {
    return '';
  }
}
