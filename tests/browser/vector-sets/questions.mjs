// A question to a tool, put to both sides: to the module as a page of the tools holds it, and to the command line. Each is
// written once, as a form sends it (`{ tool, action, input }`); the arguments of the command follow from the definitions.
import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { binary } from '../../clients/provider.mjs';

/** An answer, alike for both: the status of the command, what `--json` prints, or the error. */
const answer = (status, result, error) => ({ status, result, error });

/** Asks the module by the page's own `tools.call`, many questions at a time. */
export async function askPage(page, questions) {
  const answers = [];
  for (let at = 0; at < questions.length; at += AT_ONCE) {
    const asked = questions.slice(at, at + AT_ONCE).map(({ tool, action, input }) => ({ call: 'run', tool, action, input }));
    const said = await page.evaluate(async (all) => {
      const answers = [];
      for (const question of all) answers.push(await tools.call(question));
      return answers;
    }, asked);
    answers.push(...said.map(ofModule));
  }
  return answers;
}

function ofModule({ done, error, need }) {
  if (done) return answer(done.verdict === 'no' ? 1 : 0, done.result, null);
  return answer(2, null, error ? `${error.what}; ${error.advice}` : `needs ${JSON.stringify(need)}`);
}

/** The definitions of all tools, by which the page's forms are built too. */
export async function definitions(page) {
  const { tools: all } = await page.evaluate(() => tools.call({ call: 'tools' }));
  return new Map(all.flatMap((tool) => tool.actions.map((action) => [`${tool.name} ${action.name}`, action.fields])));
}

/** The command line in a folder of its own, in which keys become files. */
export class CommandLine {
  constructor(dir, definitions) {
    this.dir = dir;
    this.definitions = definitions;
  }

  /** Asks all, some at a time. */
  async askAll(questions) {
    const answers = new Array(questions.length);
    let next = 0;
    const work = async () => {
      for (let at = next++; at < questions.length; at = next++) answers[at] = await this.ask(questions[at]);
    };
    await Promise.all(Array.from({ length: PROCESSES }, work));
    return answers;
  }

  ask(question) {
    const args = this.argumentsOf(question);
    return new Promise((answered, failed) => {
      const options = { cwd: this.dir, env: { HOME: this.dir }, maxBuffer: 1 << 26, timeout: 60_000 };
      const child = execFile(binary(), args, options, (error, out, err) => {
        const status = error ? error.code : 0;
        if (status === 2) answered(answer(2, null, /^vestibule: ([^]*)\n$/.exec(err)?.[1] ?? err));
        else if (status > 2 || typeof status !== 'number') failed(new Error(`vestibule ${args.join(' ')}: ${error} ${err}`));
        // With --json standard error has nothing to add.
        else answered(answer(status, JSON.parse(out), err || null));
      });
      child.stdin.on('error', () => {});
      child.stdin.end();
    });
  }

  argumentsOf({ tool, action, input }) {
    const fields = this.definitions.get(`${tool} ${action}`);
    if (!fields) throw new Error(`there is no tool ${tool} ${action}`);
    const args = fields.flatMap((field) => (input[field.name] === undefined ? [] : this.given(field, input[field.name])));
    const unknown = Object.keys(input).filter((name) => !fields.some((field) => field.name === name));
    if (unknown.length) throw new Error(`${tool} ${action} has no field ${unknown}`);
    return [tool, action, '--json', ...args].filter((part) => part !== '');
  }

  given(field, value) {
    if (value === true) return [`--${field.name}`];
    if (Array.isArray(value)) return value.flatMap((one) => this.given(field, one));
    const [as, text] = typeof value === 'object' ? Object.entries(value)[0] : ['text', String(value)];
    const option = (form) => field.options.find((option) => option.form === form)?.option;
    if (as !== 'text') return [`--${option(as)}`, text];
    const file = option('text') || option('json') ? undefined : (option('file') ?? option('source'));
    const plain = file ? this.file(text) : text;
    return field.place === 'argument' ? [plain] : [`--${file ?? field.name}`, plain];
  }

  /** The name of a file that holds the text. */
  file(text) {
    const name = join(this.dir, createHash('sha256').update(text).digest('hex'));
    if (!existsSync(name)) writeFileSync(name, text);
    return name;
  }
}

const AT_ONCE = 64;
const PROCESSES = 4;
