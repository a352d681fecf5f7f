/** What people do in Greenhouse between two calls: each happens once, right before a call to its path is answered, one for each call. */
export class Interludes {
  private waiting: { path: RegExp; act: () => void }[] = [];

  /** `path`: a regular expression over it, such as "/v3/application_stages$". */
  plan(path: string, act: () => void): void {
    this.waiting.push({ path: new RegExp(path), act });
  }

  play(path: string): void {
    const due = this.waiting.find((one) => one.path.test(path));
    this.waiting = this.waiting.filter((one) => one !== due);
    due?.act();
  }
}
