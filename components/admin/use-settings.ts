import { useQuery } from '@tanstack/react-query';
import { type ZodType, z } from 'zod';
import { erasuresSchema } from '../../lib/contract/erasure.ts';
import { atsUserListSchema, codeSchema, memberRowSchema } from '../../lib/contract/pairing.ts';
import { PATHS } from '../../lib/contract/paths.ts';
import {
  assessmentViewSchema,
  connectionViewSchema,
  mailViewSchema,
  outgoingHookSchema,
  overviewSchema,
  reasonsViewSchema,
  rulesSchema,
  stagesViewSchema,
  vendorCatalogueSchema,
} from '../../lib/contract/settings.ts';
import { feedbackFormsViewSchema, fieldsViewSchema } from '../../lib/contract/write-back.ts';
import { fillPath } from './admin-api.ts';
import { useAdmin } from './admin-context.ts';
import { OUTSIDE_KEY, SETTINGS_KEY } from './query-client.ts';

const connectionsSchema = z.object({ connections: z.array(connectionViewSchema) });
const assessmentsSchema = z.object({ assessments: z.array(assessmentViewSchema) });
const hooksSchema = z.object({ hooks: z.array(outgoingHookSchema) });
const membersSchema = z.object({ members: z.array(memberRowSchema) });
const codesSchema = z.object({ codes: z.array(codeSchema) });

export type StagesView = z.infer<typeof stagesViewSchema>;
export type ReasonsView = z.infer<typeof reasonsViewSchema>;
export type VendorCatalogue = z.infer<typeof vendorCatalogueSchema>;
export type MailView = z.infer<typeof mailViewSchema>;
export type MemberRow = z.infer<typeof memberRowSchema>;
export type AtsUserList = z.infer<typeof atsUserListSchema>;
export type Code = z.infer<typeof codeSchema>;

function useOwn<T>(path: string, schema: ZodType<T>) {
  const { api } = useAdmin();
  return useQuery({ queryKey: [...SETTINGS_KEY, path], queryFn: () => api.read(path, schema) });
}

/** Asks an ATS or a vendor through the server: once per visit, and again when somebody asks for it. */
function useOutside<T>(path: string, id: string, schema: ZodType<T>, isWanted = true) {
  const { api } = useAdmin();
  const address = fillPath(path, { id });
  return useQuery({
    queryKey: [...OUTSIDE_KEY, address],
    queryFn: () => api.read(address, schema),
    staleTime: Number.POSITIVE_INFINITY,
    enabled: isWanted,
  });
}

export const useOverview = () => useOwn(PATHS.overview, overviewSchema);
export const useConnections = () => useOwn(PATHS.connections, connectionsSchema);
export const useAssessments = () => useOwn(PATHS.assessments, assessmentsSchema);
export const useRules = () => useOwn(PATHS.rules, rulesSchema);
export const useMail = () => useOwn(PATHS.mail, mailViewSchema);
export const useHooks = () => useOwn(PATHS.outgoingHooks, hooksSchema);
export const useMembers = () => useOwn(PATHS.members, membersSchema);
export const useCodes = () => useOwn(PATHS.codes, codesSchema);

/** How soon it is looked again while one is under way. */
const ERASING_MS = 2000;

export function useErasures() {
  const { api } = useAdmin();
  return useQuery({
    queryKey: [...SETTINGS_KEY, PATHS.erasures],
    queryFn: () => api.read(PATHS.erasures, erasuresSchema),
    refetchInterval: ({ state }) => (state.data?.erasures.some(({ finishedAt }) => finishedAt === null) ? ERASING_MS : false),
  });
}

export const useStages = (id: string) => useOutside(PATHS.stages, id, stagesViewSchema);
export const useReasons = (id: string) => useOutside(PATHS.reasons, id, reasonsViewSchema);
export const useFields = (id: string, isWanted: boolean) => useOutside(PATHS.connectionFields, id, fieldsViewSchema, isWanted);
export const useFeedbackForms = (id: string, isWanted: boolean) =>
  useOutside(PATHS.feedbackForms, id, feedbackFormsViewSchema, isWanted);
export const useAtsUsers = (id: string) => useOutside(PATHS.connectionUsers, id, atsUserListSchema);
export const useCatalogue = (id: string) => useOutside(PATHS.catalogue, id, vendorCatalogueSchema, id !== '');

/** The key under which `useStages` and the others keep what an ATS or vendor said. */
export function outsideKey(path: string, id: string) {
  return [...OUTSIDE_KEY, fillPath(path, { id })];
}
