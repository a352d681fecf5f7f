/** What a file system says, for people: what is wrong with this place, and what to do. Anything else stays as it is. */
const WORDS: Readonly<Record<string, string>> = {
  EEXIST: 'something else lies there under that name. Move it away, or set DATA_DIR to another folder',
  ENOTDIR: 'a part of that path is not a folder. Move what lies there away, or set DATA_DIR to another folder',
  EISDIR: 'a folder lies where a file should be. Move it away; if it held the key, restore that from your backup',
  ENOENT: 'it is not there any more. Make the folder, or set DATA_DIR to another one',
  EACCES: 'this user may not use it. Give it to the user of the server, or set DATA_DIR to another folder',
  EPERM: 'this user may not use it. Give it to the user of the server, or set DATA_DIR to another folder',
  EROFS: 'it cannot be written to. Set DATA_DIR to a folder on a disk that can',
  ENOSPC: 'the disk is full. Make room, then start again',
};

/** For `catch`: throws one sentence that names the place and the mend, with the system's own error as its cause. */
export function tellUnusable(path: string): (error: NodeJS.ErrnoException) => never {
  return (error) => {
    const words = error.code === undefined ? undefined : WORDS[error.code];
    throw words === undefined ? error : new Error(`Tagalong cannot use ${path}: ${words}.`, { cause: error });
  };
}
