import { z } from 'zod';
import { MEMBER_ROLES } from '../domain/member.ts';
import { memberSchema } from './panel.ts';

/** Codes are shown in groups; blanks, hyphens and case do not matter when typed in. */
export const pairRequestSchema = z.object({
  code: z.string().min(4).max(64),
  name: z.string().trim().min(1).max(120),
  /** "Chrome on Linux": helps an admin to tell tokens apart. */
  device: z.string().max(200).default(''),
});
export const pairAnswerSchema = z.object({
  token: z.string(),
  member: memberSchema,
  company: z.string().nullable(),
  publicUrl: z.string().nullable(),
});
export type PairAnswer = z.infer<typeof pairAnswerSchema>;

export const newCodeSchema = z.object({ role: z.enum(MEMBER_ROLES), note: z.string().max(120).default('') });
export const codeSchema = z.object({
  id: z.string(),
  /** Only in the answer that creates it. */
  code: z.string().optional(),
  role: z.enum(MEMBER_ROLES),
  note: z.string(),
  createdAt: z.string(),
  expiresAt: z.string(),
  state: z.enum(['waiting', 'used', 'expired', 'locked', 'revoked']),
  usedBy: z.string().nullable(),
});
export const memberRowSchema = memberSchema.extend({
  createdAt: z.string(),
  lastSeenAt: z.string().nullable(),
  revokedAt: z.string().nullable(),
  isYou: z.boolean(),
  device: z.string(),
});
