import { createCipheriv, createDecipheriv, createHash, randomBytes } from 'node:crypto';

/**
 * Keeps credentials unreadable in the database and in backups: AES-256-GCM with a data key per record, which the master key
 * wraps. `context` (what the secret belongs to) is authenticated, so that a sealed text moved to another row does not open.
 */
export interface Sealer {
  seal(plain: string, context: string): string;
  /** Throws an UnreadableSecret when the text was altered, belongs to another context, or was sealed with another master key. */
  open(sealed: string, context: string): string;
}

/** Altered, of another place, or under another master key: whatever rests on it waits for the right key, or for the secret to be entered again. */
export class UnreadableSecret extends Error {
  override name = 'UnreadableSecret';
}

/** Under a master key that this process was not given: the only one of these that the right key would still open. */
class LockedSecret extends UnreadableSecret {}

const KEY_BYTES = 32;
const NONCE_BYTES = 12;
const TAG_BYTES = 16;
const VERSION = 'v1';

/**
 * Makes the sealer for a master key of 32 bytes; what was sealed under one of the `others` opens too. A sealed text is `v1.<key mark>.<wrapped data key>.<encrypted text>`; the mark
 * is the start of the master key's SHA-256 and tells a wrong key from an altered text. Nonces come from node:crypto and not from
 * our `Random`: a nonce that a test could repeat would break the encryption.
 */
export function createSealer(masterKey: Buffer, others: readonly Buffer[] = []): Sealer {
  for (const { length } of [masterKey, ...others])
    if (length !== KEY_BYTES) throw new Error(`The master key has ${length} bytes; it needs ${KEY_BYTES}.`);
  const mark = markOf(masterKey);
  const keys = new Map([masterKey, ...others].map((key) => [markOf(key), key]));
  return {
    seal(plain, context) {
      const dataKey = randomBytes(KEY_BYTES);
      const wrapped = encrypt(masterKey, dataKey, `${VERSION} key ${context}`);
      const body = encrypt(dataKey, Buffer.from(plain, 'utf8'), `${VERSION} text ${context}`);
      return [VERSION, mark, wrapped.toString('base64url'), body.toString('base64url')].join('.');
    },
    open(sealed, context) {
      const [version, sealedMark, wrapped, body, ...rest] = sealed.split('.');
      if (version !== VERSION || !wrapped || body === undefined || rest.length > 0)
        throw new UnreadableSecret('This is not a sealed text.');
      const key = keys.get(sealedMark ?? '');
      if (!key) throw new LockedSecret('This secret was sealed with another master key.');
      const dataKey = decrypt(key, Buffer.from(wrapped, 'base64url'), `${VERSION} key ${context}`);
      return decrypt(dataKey, Buffer.from(body, 'base64url'), `${VERSION} text ${context}`).toString('utf8');
    },
  };
}

/** Null for what cannot be opened: see UnreadableSecret. */
export function openOrNull(sealer: Sealer, sealed: string, context: string): string | null {
  try {
    return sealer.open(sealed, context);
  } catch (error) {
    if (error instanceof UnreadableSecret) return null;
    throw error;
  }
}

/** See LockedSecret. */
export function isLocked(sealer: Sealer, sealed: string, context: string): boolean {
  try {
    sealer.open(sealed, context);
    return false;
  } catch (error) {
    return error instanceof LockedSecret;
  }
}

/** Tells one master key from another without telling the key: the start of its SHA-256. */
export function markOf(masterKey: Buffer): string {
  return createHash('sha256').update('tagalong master key').update(masterKey).digest('base64url').slice(0, 8);
}

function encrypt(key: Buffer, plain: Buffer, context: string): Buffer {
  const nonce = randomBytes(NONCE_BYTES);
  const cipher = createCipheriv('aes-256-gcm', key, nonce, { authTagLength: TAG_BYTES }).setAAD(Buffer.from(context, 'utf8'));
  return Buffer.concat([nonce, cipher.update(plain), cipher.final(), cipher.getAuthTag()]);
}

function decrypt(key: Buffer, sealed: Buffer, context: string): Buffer {
  if (sealed.length < NONCE_BYTES + TAG_BYTES) throw new UnreadableSecret('This is not a sealed text.');
  const decipher = createDecipheriv('aes-256-gcm', key, sealed.subarray(0, NONCE_BYTES), { authTagLength: TAG_BYTES });
  decipher.setAAD(Buffer.from(context, 'utf8')).setAuthTag(sealed.subarray(-TAG_BYTES));
  try {
    return Buffer.concat([decipher.update(sealed.subarray(NONCE_BYTES, -TAG_BYTES)), decipher.final()]);
  } catch (cause) {
    throw new UnreadableSecret('This secret was altered or belongs to something else.', { cause });
  }
}
