/**
 * A webhook that was answered 503 comes once more, as the ATSs do it: on a machine that stands still the server's own time limit is up, which
 * is not what is looked for here. What is answered 503 again stays so.
 */
export async function sendAgain<T extends { status: number }>(send: () => Promise<T>): Promise<T> {
  const answer = await send();
  return answer.status === 503 ? await send() : answer;
}
