import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** The system user under which PostgreSQL runs. */
export interface SystemUser {
  name: string;
  uid: number;
  gid: number;
}

/**
 * PostgreSQL refuses to run as root, so root hands it to an unprivileged user: the one who already owns the data, else
 * `postgres`, else `nobody`. Returns null when we are not root: then it runs as ourselves.
 */
export async function chooseDatabaseUser(dataOwner: { uid: number; gid: number } | null): Promise<SystemUser | null> {
  if (process.getuid?.() !== 0) return null;
  const users = parseUsers(await readFile('/etc/passwd', 'utf8'));
  // An owner 0 is a first start that was killed before it gave the folder away.
  if (dataOwner && dataOwner.uid !== 0) {
    return users.find(({ uid }) => uid === dataOwner.uid) ?? { name: `number ${dataOwner.uid}`, ...dataOwner };
  }
  const user = users.find(({ name }) => name === 'postgres') ?? users.find(({ name }) => name === 'nobody');
  if (!user || user.uid <= 0) throw new Error('PostgreSQL does not run as root, and there is no user postgres or nobody here.');
  return user;
}

/** Whether `user` (null: ourselves) may enter `folder`, asked of the system itself, so that every kind of permission counts. */
export async function canEnter(user: SystemUser | null, folder: string): Promise<boolean> {
  return succeeds('/bin/sh', ['-c', 'cd -P -- "$1"', 'sh', folder], user);
}

/** Whether `user` (null: ourselves) can execute `program` with its libraries. */
export async function canRun(user: SystemUser | null, program: string): Promise<boolean> {
  return succeeds(program, ['--version'], user);
}

/** The part of spawn's options that makes a child run as `user`. */
export function asUser(user: SystemUser | null): { uid?: number; gid?: number; cwd: string } {
  return { ...(user ? { uid: user.uid, gid: user.gid } : {}), cwd: '/' };
}

function parseUsers(passwd: string): SystemUser[] {
  return passwd.split('\n').flatMap((line) => {
    const [name, , uid, gid] = line.split(':');
    return name && uid && gid ? [{ name, uid: Number(uid), gid: Number(gid) }] : [];
  });
}

async function succeeds(program: string, args: string[], user: SystemUser | null): Promise<boolean> {
  return run(program, args, asUser(user)).then(
    () => true,
    () => false,
  );
}
