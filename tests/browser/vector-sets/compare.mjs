// What is tried of each set: both sides say the same, word for word, and what the vector says. Each set is counted, so that
// none can pass on nothing.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { isDeepStrictEqual } from 'node:util';
import { openBench } from './bench.mjs';

/** A test for each set: its name, its vectors, how many there are, and how many of them have a good answer. */
export function testSets(sets) {
  let bench;
  before(async () => (bench = await openBench('jws')));
  after(() => bench?.stop());
  for (const [name, vectors, count, good] of sets) {
    test(`${name}: ${count} questions`, async () => {
      const all = vectors();
      const [inPage, onLine] = await Promise.all([bench.askPage(all), bench.askCommand(all)]);
      const told = all.map(({ name }, at) => ({ name, page: inPage[at], command: onLine[at] }));
      const different = told.filter((_, at) => !isSame(all[at], inPage[at], onLine[at]));
      assert.deepEqual(different, [], `${different.length} answers of the module differ from the command line's`);
      const wrong = told.filter((_, at) => !isAsStated(all[at], onLine[at]));
      assert.deepEqual(wrong, [], `${wrong.length} answers are not the vector's`);
      assert.deepEqual([all.length, onLine.filter(({ status }) => status === 0).length], [count, good]);
      assert.deepEqual(bench.requests, []);
    });
  }
}

/** Both answers alike. A form cannot say whether a field is empty or absent, so that of nothing both refusals count. */
function isSame({ input }, inPage, onLine) {
  return input.token === '' ? inPage.status === 2 && onLine.status === 2 : isDeepStrictEqual(inPage, onLine);
}

/** Whether the answer is what the vector says of it. */
function isAsStated({ isGood, members = {}, holds = () => true }, { status, result }) {
  if (isGood !== undefined && isGood !== (status === 0)) return false;
  return status !== 0 || (Object.entries(members).every(([name, value]) => isDeepStrictEqual(result[name], value)) && holds(result));
}
