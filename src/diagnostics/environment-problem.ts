import { count } from './count.js';
import { explainDiskDataProblem, type DiskDataProblem } from './data-problem.js';
import { explainModelProblem, type ModelProblem } from './model-problem.js';
import type { Explanation } from './wording.js';

/** What can be wrong with the machine, the engine, the data or the weights. */
export type EnvironmentProblem = { readonly kind: 'environment' } & (
  | DiskDataProblem
  | ModelProblem
  | {
      readonly reason: 'unsupported-platform';
      readonly platform: string;
      readonly supported: readonly string[];
    }
  | { readonly reason: 'missing-python'; readonly tried: readonly string[] }
  | { readonly reason: 'missing-pip'; readonly python: string; readonly output: string }
  | { readonly reason: 'missing-compiler'; readonly tried: readonly string[] }
  | { readonly reason: 'no-gpu'; readonly tried: readonly string[] }
  | {
      readonly reason: 'engine-memory';
      /** Of the cell. */
      readonly label: string;
      /** In a batch. */
      readonly images: number;
      /** Numbers that a step keeps of an image. */
      readonly activations: number;
      readonly bytes: number;
      readonly limit: number;
    }
  | { readonly reason: 'no-bfloat16'; readonly why: string }
  | { readonly reason: 'not-built'; readonly path: string }
  | { readonly reason: 'not-written'; readonly path: string; readonly cause: string }
  | {
      readonly reason: 'results-outside';
      readonly path: string;
      readonly folder: string;
      /** What the link holds. */
      readonly target: string;
    }
  | {
      readonly reason: 'engine-download-failed';
      readonly requirement: string;
      readonly command: string;
      readonly output: string;
    }
  | {
      readonly reason: 'engine-checksum';
      readonly file: string;
      readonly expected: string;
      readonly actual: string;
    }
  | { readonly reason: 'engine-compile-failed'; readonly command: string; readonly output: string }
  | { readonly reason: 'engine-does-not-load'; readonly bindingPath: string; readonly output: string }
  | { readonly reason: 'bad-libtensorflow'; readonly path: string; readonly missing: readonly string[] }
  | { readonly reason: 'cache-unusable'; readonly path: string; readonly detail: string }
  | {
      readonly reason: 'bad-data-dir';
      /** Of the data set. */
      readonly title: string;
      readonly path: string;
      readonly from: string;
      readonly missing: string;
    }
  | {
      readonly reason: 'data-not-found';
      readonly title: string;
      /** What a folder of it holds, such as `four IDX files`. */
      readonly contents: string;
      /** The environment variable that names such a folder. */
      readonly directoryVariable: string;
      /** Null: Debian has none. */
      readonly debianPackage: string | null;
      /** As they are served; bytes and hash are of the file, or of what it holds. */
      readonly files: readonly {
        readonly name: string;
        readonly bytes: number;
        readonly sha256: string;
        readonly of: 'file' | 'content';
      }[];
      /** Where they would be found the next time. */
      readonly folder: string;
      readonly tried: readonly string[];
    }
  | {
      readonly reason: 'data-corrupt';
      readonly title: string;
      readonly path: string;
      readonly detail: string;
      /** Files of the user's own are never to be deleted. */
      readonly isOwn?: true;
    }
  | { readonly reason: 'bad-weights-dir'; readonly path: string; readonly from: string }
  | {
      readonly reason: 'weights-not-found';
      readonly fileName: string;
      readonly url: string;
      /** Where the file would be found the next time. */
      readonly folder: string;
      readonly tried: readonly string[];
    }
  | { readonly reason: 'weights-corrupt'; readonly path: string; readonly detail: string }
  | { readonly reason: 'journal-newer'; readonly path: string; readonly version: number }
  | { readonly reason: 'results-unreadable'; readonly path: string; readonly cause: string }
  | { readonly reason: 'results-unwritable'; readonly path: string; readonly cause: string }
  | { readonly reason: 'plan-unreadable'; readonly path: string; readonly cause: string }
  | { readonly reason: 'no-slurm' }
  | { readonly reason: 'slurm-silent' }
  | {
      readonly reason: 'in-cluster';
      /** How many trials. */
      readonly trials: number;
      /** The cluster's part of the experiment's results. */
      readonly path: string;
    }
  | { readonly reason: 'submission-refused'; readonly command: string; readonly output: string }
  | {
      readonly reason: 'already-shown';
      /** The journal. */
      readonly path: string;
      /** How many seeds they rested on. */
      readonly shown: number;
      readonly seeds: number;
      /** When, as the journal writes it. */
      readonly at: string;
    }
  | {
      readonly reason: 'nothing-known';
      /** The experiment's results. */
      readonly path: string;
      /** Trials of the experiment. */
      readonly trials: number;
      /** Other trials that its journal knows. */
      readonly others: number;
    }
);

/** Where TensorFlow's trials are finished, this trains all of the experiment anew. */
const withWasm = 'or: `--engine wasm` trains with the engine of the package, which needs none of it';

/** What is missing, what was tried, the next command. */
export function explainEnvironmentProblem(problem: EnvironmentProblem): Explanation {
  const say = (title: string, ...notes: readonly string[]): Explanation => ({ title, label: '', notes });
  switch (problem.reason) {
    case 'unsupported-platform':
      return say(
        `the TensorFlow engine does not run on ${problem.platform}`,
        `supported: ${problem.supported.join(', ')}`,
        'next: run it in a container or a virtual machine of one of these',
        withWasm,
      );
    case 'missing-python':
      return say(
        'Python 3 with pip is needed to download TensorFlow, and was not found',
        ...tried(problem.tried),
        'next: install it (Debian, Ubuntu: `sudo apt-get install python3-pip`), then `runner setup`',
        'or: use an installed TensorFlow library, by RUNNER_LIBTENSORFLOW=<folder with lib/ and include/>',
        withWasm,
      );
    case 'missing-pip':
      return say(
        `\`${problem.python}\` has no pip, which is needed to download TensorFlow`,
        ...quote('pip says', problem.output),
        'next: install it (Debian, Ubuntu: `sudo apt-get install python3-pip`), then `runner setup`',
        withWasm,
      );
    case 'missing-compiler':
      return say(
        'a C++ compiler is needed to build the engine, and was not found',
        ...tried(problem.tried),
        'next: install one (Debian, Ubuntu: `sudo apt-get install g++`), then `runner setup`',
        'or: name one, such as `CXX=/opt/gcc/bin/g++ runner setup`',
        withWasm,
      );
    case 'no-gpu':
      return say(
        '`--engine gpu` asks for an NVIDIA GPU, and none can be used',
        ...tried(problem.tried),
        'next: `nvidia-smi -L` shows what the driver offers; `--engine cpu` trains without a GPU',
      );
    case 'engine-memory': {
      const gigabytes = (bytes: number) => `${(bytes / 1e9).toFixed(1)} GB`;
      return say(
        `${problem.label}: a step does not fit into the memory that the WebAssembly engine can have`,
        `${count(problem.images, 'image')} × ${count(problem.activations, 'activation')} × 4 bytes = ${gigabytes(problem.bytes)}, of ${gigabytes(problem.limit)}`,
        'next: a smaller `batchSize` or `resolution`, or `--engine cpu`, which has all of the memory',
      );
    }
    case 'no-bfloat16':
      return say(
        `\`precision: bfloat16\` cannot be trained here: ${problem.why}`,
        'next: `precision: float32`',
        'or: `--engine cpu` on a processor with AVX512_BF16 (`lscpu` shows avx512_bf16)',
      );
    case 'not-built':
      return say(
        `the engine's parts are not built: \`${problem.path}\` is missing`,
        'next: `npm ci && npm run build` in the checkout',
      );
    case 'not-written':
      return say(`\`${problem.path}\` was not written: ${problem.cause}`, 'next: name another file');
    case 'results-outside':
      return say(
        `\`${problem.path}\` leads out of the folder of results`,
        `it is a link to \`${problem.target}\`, which is not in \`${problem.folder}\``,
        'next: delete the link; `--results-dir` names another folder for results',
      );
    case 'engine-download-failed':
      return say(
        `pip could not download \`${problem.requirement}\``,
        `tried: ${problem.command}`,
        ...quote('pip says', problem.output),
        'next: check the network and the free space on the disk (pip reads PIP_INDEX_URL and HTTPS_PROXY), then `runner setup`',
        'or: use an installed TensorFlow library, by RUNNER_LIBTENSORFLOW=<folder with lib/ and include/>',
      );
    case 'engine-checksum':
      return say(
        `\`${problem.file}\` is not the file that its publisher released`,
        `expected SHA-256: ${problem.expected}`,
        `got: ${problem.actual}`,
        'next: `runner setup` downloads it again; if it is still wrong, do not trust the package index',
      );
    case 'engine-compile-failed':
      return say(
        "the engine's binding does not compile",
        `tried: ${problem.command}`,
        ...quote('the compiler says', problem.output),
        'next: try another compiler (it must know C++17), such as `CXX=clang++ runner setup`',
      );
    case 'engine-does-not-load':
      return say(
        'the engine is installed but does not load',
        `tried: ${problem.bindingPath}`,
        ...quote('it says', problem.output),
        'next: `runner doctor` checks every file of it; `runner setup` builds it again where one is damaged',
      );
    case 'bad-libtensorflow':
      return say(
        `\`${problem.path}\` does not hold TensorFlow's C library`,
        `missing: ${problem.missing.join(', ')}`,
        'next: let RUNNER_LIBTENSORFLOW name a folder with lib/ and include/, or unset it, so that TensorFlow is downloaded',
      );
    case 'cache-unusable':
      return say(
        `the cache \`${problem.path}\` cannot be used`,
        `because: ${problem.detail}`,
        'next: free some space there, or put the cache elsewhere, such as `XDG_CACHE_HOME=/data/cache runner setup`',
      );
    case 'bad-data-dir':
      return say(
        `${problem.from} names \`${problem.path}\`, which does not hold ${problem.title}`,
        `missing: ${problem.missing}`,
        `next: correct ${problem.from}, or leave it out, so that the data is found or downloaded`,
      );
    case 'data-not-found': {
      const { title, contents, directoryVariable, debianPackage, files, folder } = problem;
      const install = debianPackage && `on Debian or Ubuntu \`sudo apt-get install ${debianPackage}\`; or `;
      return say(
        `${title} was not found and could not be downloaded`,
        ...tried(problem.tried),
        ...files.map(({ name, bytes, sha256, of }) => {
          const what = of === 'content' ? 'unpacked ' : '';
          return `file: \`${name}\`, ${what}${count(bytes, 'byte')}, SHA-256 ${sha256}`;
        }),
        `next: ${install ?? ''}download its ${contents} elsewhere, into \`${folder}\` or a folder that ${directoryVariable} or \`--data-dir\` names`,
      );
    }
    case 'data-corrupt':
      return say(
        `\`${problem.path}\` is not a file of ${problem.title}`,
        `because: ${problem.detail}`,
        problem.isOwn
          ? 'next: correct the file, or what `datasets` says of it'
          : 'next: delete it, then `runner setup`; or name another folder with `--data-dir`',
      );
    case 'bad-weights-dir':
      return say(
        `${problem.from} names \`${problem.path}\`, which is not a folder`,
        `next: correct ${problem.from}, or leave it out`,
      );
    case 'weights-not-found':
      return say(
        `the ImageNet weights \`${problem.fileName}\` were not found and could not be downloaded`,
        ...tried(problem.tried),
        `next: download ${problem.url} elsewhere and put it into ${problem.folder} (or pass \`--weights-dir\`); or set \`weights: none\``,
      );
    case 'weights-corrupt':
      return say(
        `the weight file \`${problem.path}\` cannot be used`,
        `because: ${problem.detail}`,
        'next: delete it and run again, which downloads it',
      );
    case 'journal-newer':
      return say(
        `\`${problem.path}\` was written by a newer runner (journal version ${problem.version})`,
        'nothing was changed',
        'next: update runner, or name another folder with `--results-dir`',
      );
    case 'results-unreadable':
      return say(
        `results cannot be read: ${problem.cause}`,
        `where: ${problem.path}`,
        'next: check that it exists and can be read, then run the same command again; or name another folder with `--results-dir`',
      );
    case 'results-unwritable':
      return say(
        `results cannot be written: ${problem.cause}`,
        `where: ${problem.path}`,
        'every outcome that was reported before is in the journal',
        'next: make space or give write access, then run the same command again; or name another folder with `--results-dir`',
        'or: `--read-only` shows what is there without writing',
      );
    case 'no-slurm':
      return say(
        'trials are to be trained by Slurm, and its command `sbatch` was not found',
        'next: run it on a machine of the cluster that submits jobs, or without `--executor` and `--machine`',
      );
    case 'slurm-silent':
      return say(
        'Slurm does not answer, so its jobs were not cancelled',
        'next: `scontrol ping` shows whether its controller is up; then run the same command again',
      );
    case 'in-cluster':
      return say(
        `${count(problem.trials, 'trial')} of this experiment would be trained twice: a cluster has what is to be trained here`,
        `where: ${problem.path}`,
        'nothing was trained',
        'next: `runner status FILE` shows how far it is; the command with `--executor slurm` or `--machine NAME` follows it',
        'or: `runner cancel FILE` takes it back, then this command trains it here',
        'or: where the cluster is no more, delete that folder',
      );
    case 'submission-refused':
      return say(
        'Slurm refuses the trials',
        `tried: ${problem.command}`,
        ...quote('sbatch says', problem.output),
        'next: correct the machine profile (`--machine`), then run the same command again',
      );
    case 'already-shown':
      return say(
        `\`compare.stopping: fixed\` asks for ${count(problem.seeds, 'seed')}, and results with ${count(problem.shown, 'seed')} were shown before`,
        `when: ${problem.at}, as ${problem.path} knows`,
        'a number of seeds is fixed only if it was fixed before looking; one that is chosen after a look makes false answers more likely',
        `next: leave out \`stopping: fixed\`, and verdicts hold at any look; or take other seeds, such as \`seeds: { count: ${problem.seeds}, base: 3000 }\``,
      );
    case 'nothing-known':
      return say(
        `no trial of this experiment has an outcome (trials: ${problem.trials})`,
        `where: ${problem.path}`,
        ...(problem.others === 0
          ? []
          : [
              `other trials have outcomes there (${problem.others}); the file was changed since they were trained`,
            ]),
        'nothing was written',
        'next: `runner FILE` trains them; `runner plan FILE` says why they are new',
      );
    case 'plan-unreadable':
      return say(
        `\`${problem.path}\` cannot be read, so it is unknown which trials its experiment refers to`,
        `because: ${problem.cause}`,
        'nothing was removed',
        'next: `runner report FILE` with its experiment writes it again; or delete the folder',
      );
    case 'class-only-validated':
    case 'class-without-images':
    case 'class-names-collide':
    case 'unlabelled-images':
    case 'bad-images':
    case 'image-kind':
    case 'image-too-large':
    case 'counts-differ':
    case 'data-changed':
    case 'link-circle':
    case 'too-many-images':
    case 'too-many-classes':
    case 'no-room':
      return explainDiskDataProblem(problem);
    case 'no-model':
    case 'model-unreadable':
    case 'images-unreadable':
      return explainModelProblem(problem);
  }
}

function tried(attempts: readonly string[]): string[] {
  return attempts.map((attempt) => `tried: ${attempt}`);
}

/** The last lines of what a command printed, indented under their note. */
function quote(speaker: string, output: string): string[] {
  const lines = output.split('\n').filter((line) => line.trim() !== '');
  return lines.length === 0 ? [] : [[`${speaker}:`, ...lines.slice(-8)].join('\n      ')];
}
