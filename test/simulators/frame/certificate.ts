import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

export interface Certificate {
  /** PEM. Made anew each time; no key is ever committed. */
  key: string;
  cert: string;
}

/**
 * A self-signed leaf for the given host names (and 127.0.0.1), valid for two days, made by the machine's own `openssl` in a
 * temporary folder that is removed again. Rejects with openssl's words when there is no openssl.
 */
export async function makeCertificate(hostNames: readonly [string, ...string[]]): Promise<Certificate> {
  const folder = await mkdtemp(join(tmpdir(), 'simulator-certificate-'));
  try {
    const [key, cert] = [join(folder, 'key.pem'), join(folder, 'cert.pem')];
    const names = [...hostNames.map((name) => `DNS:${name}`), 'IP:127.0.0.1'].join(',');
    // Browsers read only subjectAltName; the common name is for people.
    const subject = [
      '-subj',
      `/CN=${hostNames[0]}`,
      '-addext',
      `subjectAltName=${names}`,
      '-addext',
      'extendedKeyUsage=serverAuth',
    ];
    const kind = ['-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-days', '2'];
    await run('openssl', ['req', ...kind, ...subject, '-keyout', key, '-out', cert]);
    return { key: await readFile(key, 'utf8'), cert: await readFile(cert, 'utf8') };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
