import { count } from './count.js';
import { code, some, type Explanation } from './wording.js';

/** What can be wrong with a saved model and the images that it is asked about. */
export type ModelProblem =
  | {
      readonly reason: 'no-model';
      readonly path: string;
      /** Whether there is a folder of that name; else there is nothing. */
      readonly isFolder: boolean;
    }
  | { readonly reason: 'model-unreadable'; readonly path: string; readonly cause: string }
  | {
      readonly reason: 'images-unreadable';
      readonly total: number;
      /** Such as `` `holiday.jpg`: cut short ``. */
      readonly images: readonly string[];
    };

export function explainModelProblem(problem: ModelProblem): Explanation {
  const tell = (title: string, ...notes: readonly string[]): Explanation => ({ title, label: '', notes });
  switch (problem.reason) {
    case 'no-model':
      return tell(
        problem.isFolder
          ? `${code(problem.path)} holds no saved model`
          : `there is nothing at ${code(problem.path)}`,
        'expected a folder of results, a model in it such as `results/NAME/models/best`, or a file model.safetensors',
        'next: `save: { models: best }` in the experiment file, then `runner run FILE`',
      );
    case 'model-unreadable':
      return tell(
        `the model ${code(problem.path)} cannot be read`,
        `because: ${problem.cause}`,
        'next: `runner report FILE` with its experiment writes it again, or `runner run FILE` trains it again',
      );
    case 'images-unreadable': {
      const { images, total } = problem;
      return tell(
        total === 1
          ? 'the image cannot be read'
          : `${images.length} of ${count(total, 'image')} cannot be read`,
        ...some(images),
        'readable: JPEG, PNG, WebP, TIFF, AVIF, GIF (its first frame)',
        'nothing was predicted',
      );
    }
  }
}
