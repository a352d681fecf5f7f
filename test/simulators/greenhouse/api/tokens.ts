import { createHmac } from 'node:crypto';
import type { Credential, User } from '../world/records.ts';
import type { World } from '../world/world.ts';

export interface Token {
  text: string;
  credential: Credential;
  user: User;
  expiresAt: Date;
}

/** The access tokens that are alive. They look like a JWT; nobody outside may rely on what is in them. */
export class Tokens {
  private readonly live = new Map<string, Token>();
  private readonly world: World;
  private readonly newId: () => string;
  constructor(world: World, newId: () => string) {
    this.world = world;
    this.newId = newId;
  }

  mint(credential: Credential, user: User): Token {
    const { singleToken, tokenLifetimeSeconds } = this.world.settings;
    if (singleToken) this.revokeAll(credential.clientId);
    const expiresAt = new Date(this.world.now().getTime() + tokenLifetimeSeconds * 1000);
    const claims = { sub: String(user.id), silo: '2', exp: Math.floor(expiresAt.getTime() / 1000), jti: this.newId() };
    const token = { text: toJwt(claims), credential, user, expiresAt };
    this.live.set(token.text, token);
    return token;
  }

  /** Undefined when unknown, revoked or expired. */
  find(text: string): Token | undefined {
    const token = this.live.get(text);
    return token && token.expiresAt > this.world.now() ? token : undefined;
  }

  /** Of one client, or of everybody. */
  revokeAll(clientId?: string): void {
    for (const [text, token] of this.live) {
      if (clientId === undefined || token.credential.clientId === clientId) this.live.delete(text);
    }
  }
}

function toJwt(claims: Record<string, unknown>): string {
  const encode = (part: unknown) => Buffer.from(JSON.stringify(part)).toString('base64url');
  const head = `${encode({ alg: 'HS256', typ: 'JWT' })}.${encode(claims)}`;
  return `${head}.${createHmac('sha256', 'only the simulator reads this').update(head).digest('base64url')}`;
}
