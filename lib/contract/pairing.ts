import { z } from 'zod';
import { ATS_KINDS } from '../domain/ats.ts';
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

/** As the ATSs compare it: without regard to case. */
const memberEmail = z.email().max(254).toLowerCase();

export const newCodeSchema = z.object({
  role: z.enum(MEMBER_ROLES),
  note: z.string().max(120).default(''),
  email: memberEmail
    .nullable()
    .default(null)
    .describe('Becomes the new member’s; by it their users in the ATSs are found. Whoever pairs cannot give one.'),
});
export const codeSchema = z.object({
  id: z.string(),
  /** Only in the answer that creates it. */
  code: z.string().optional(),
  role: z.enum(MEMBER_ROLES),
  note: z.string(),
  email: z.string().nullable().default(null),
  createdAt: z.string(),
  expiresAt: z.string(),
  state: z.enum(['waiting', 'used', 'expired', 'locked', 'revoked']),
  usedBy: z.string().nullable(),
});
const atsUserSchema = z.object({
  userId: z.string(),
  name: z.string().nullable(),
  emails: z.array(z.string()),
  /** The ATS's own word for it. */
  roleName: z.string().nullable(),
  sees: z.enum(['all', 'limited', 'unknown']),
});

/** Who a member is in one ATS. */
export const memberAtsUserSchema = z.object({
  connectionId: z.string(),
  connectionName: z.string(),
  ats: z.enum(ATS_KINDS),
  /** ambiguous: several users have the address. deactivated: found, and never acts. */
  how: z.enum(['e-mail', 'by-hand', 'none', 'ambiguous', 'deactivated']),
  user: atsUserSchema.nullable(),
  /** True where clicks are to be written in the name of the ATS user, and there is none who may act. */
  isMissing: z.boolean(),
});
export type MemberAtsUser = z.infer<typeof memberAtsUserSchema>;

export const memberRowSchema = memberSchema.extend({
  createdAt: z.string(),
  lastSeenAt: z.string().nullable(),
  revokedAt: z.string().nullable(),
  isYou: z.boolean(),
  device: z.string(),
  email: z.string().nullable().default(null),
  /** One for each connection to an ATS; none for former members. */
  atsUsers: z.array(memberAtsUserSchema).default([]),
});
export type MemberRow = z.infer<typeof memberRowSchema>;

export const changeMemberSchema = z.object({
  email: memberEmail.nullable().optional(),
  role: z.enum(MEMBER_ROLES).optional(),
});
export const mapMemberSchema = z.object({
  userId: z
    .string()
    .min(1)
    .max(100)
    .nullable()
    .describe('One of the users that the connection lists; null: none, whatever the e-mail says.'),
});

/** For the choice by hand. */
export const atsUserListSchema = z.object({
  users: z.array(atsUserSchema.extend({ active: z.boolean() })),
  /** When the ATS was last asked, and what stood in the way, as a sentence. */
  triedAt: z.string().nullable(),
  trouble: z.string().nullable(),
});
