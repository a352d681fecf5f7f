import { z } from 'zod';

/**
 * A service that speaks Greenhouse's Assessment Partner protocol: where it is and how it calls things. Whoever runs it tells the
 * customer; only Adaface's is public.
 */

export const PARTNER_PRESETS = ['adaface', 'own'] as const;
export type PartnerPreset = (typeof PARTNER_PRESETS)[number];

/** What a preset brings. Adaface: https://www.adaface.com, "Integration Partner API"; the partner's id follows in the base URL. */
export const PARTNER_PRESET_VALUES: Record<PartnerPreset, { name: string; baseUrl: string; reportHosts: readonly string[] }> = {
  adaface: { name: 'Adaface', baseUrl: 'https://app.adaface.com/app/api/integrations/', reportHosts: ['adaface.com'] },
  own: { name: 'Assessment partner', baseUrl: '', reportHosts: [] },
};

const path = z
  .string()
  .trim()
  .max(500)
  .regex(/^\/[^\s?#]*$/);

export const partnerSettingsSchema = z.object({
  kind: z.literal('partner'),
  preset: z.enum(PARTNER_PRESETS).default('own').describe('adaface: its name and the hosts of its reports are known.'),
  displayName: z
    .string()
    .trim()
    .max(60)
    .default('')
    .describe('How people call the vendor, in the panel and in notes. Empty: as the preset does.'),
  baseUrl: z
    .union([
      z.literal(''),
      z
        .url()
        .max(500)
        .regex(/^[^?#]*$/),
    ])
    .default('')
    .describe('What stands before the three paths. Adaface: https://app.adaface.com/app/api/integrations/ and your partner id.'),
  paths: z
    .object({
      listTests: path.default('/list_tests'),
      sendTest: path.default('/send_test'),
      testStatus: path.default('/test_status'),
    })
    .prefault({})
    .describe('As the vendor named them; the protocol leaves that open.'),
  callbackUrl: z
    .union([z.literal(''), z.url({ protocol: /^https$/ }).max(500)])
    .default('')
    .describe('Sent as url with each test, for a server that insists on one. We ask and are not told. Empty: null.'),
  reportHosts: z
    .array(z.string())
    .default([])
    .describe('Further hosts that a report link may have, beside the one of baseUrl and those of the preset.'),
});
export type PartnerSettings = z.infer<typeof partnerSettingsSchema>;

export function partnerNameOf({ displayName, preset }: Pick<PartnerSettings, 'displayName' | 'preset'>): string {
  return displayName || PARTNER_PRESET_VALUES[preset].name;
}

/** Where the candidate's page at the partner may be. */
export function hostsOfPartnerReports({ baseUrl, preset, reportHosts }: PartnerSettings): string[] {
  const own = URL.canParse(baseUrl) ? [new URL(baseUrl).host] : [];
  return [...own, ...PARTNER_PRESET_VALUES[preset].reportHosts, ...reportHosts];
}
