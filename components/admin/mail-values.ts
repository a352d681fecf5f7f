import { t } from '../ui/t.ts';

/** The mail settings as a form holds them. */
export interface MailValues {
  from: string;
  /** Where what cannot be delivered comes back to; empty: to the sender. */
  bounce: string;
  host: string;
  /** Empty: the usual one of the encryption. */
  port: string;
  /** `starttls` begins in the clear and switches; `tls` is encrypted from the first byte. */
  encryption: string;
  user: string;
  password: string;
}

export const EMPTY_MAIL_SERVER = { host: '', port: '', encryption: 'starttls', user: '', password: '' };

/** `name@host`, or `Name <name@host>`. */
const SENDER = /^([^<>\r\n]*<[^\s<>@]+@[^\s<>@]+>|[^\s<>@]+@[^\s<>@]+)$/;

/** What is wrong with each field, as sentences. */
export function checkMail(values: MailValues, hasServer: boolean): Partial<Record<keyof MailValues, string>> {
  const problems: Partial<Record<keyof MailValues, string>> = {};
  if (!SENDER.test(values.from.trim())) problems.from = t('admin.problem.sender');
  if (!/^([^\s<>@]+@[^\s<>@]+)?$/.test(values.bounce.trim())) problems.bounce = t('admin.problem.email');
  if (!hasServer) return problems;
  if (!/^[a-z0-9.:[\]-]+$/i.test(values.host.trim())) problems.host = t('admin.problem.mailHost');
  if (!/^\d{0,5}$/.test(values.port.trim()) || Number(values.port) > 65_535) problems.port = t('admin.problem.port');
  if (values.user && !values.password) problems.password = t('admin.problem.needed');
  return problems;
}

/** `smtp://user:password@host:587`, every part made safe for an address. */
export function toSmtpUrl({ host, port, encryption, user, password }: MailValues): string {
  const scheme = encryption === 'tls' ? 'smtps' : 'smtp';
  const login = user ? `${encodeURIComponent(user.trim())}:${encodeURIComponent(password)}@` : '';
  return `${scheme}://${login}${host.trim()}:${port.trim() || (encryption === 'tls' ? '465' : '587')}`;
}
