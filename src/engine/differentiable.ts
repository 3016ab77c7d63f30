import { tf, type Tensor } from './tfjs.js';

/** What a forward pass gives back: the value, and the gradients of the inputs from that of the value. */
export interface Differentiation {
  readonly value: Tensor;
  readonly gradient: (dy: Tensor, saved: Tensor[]) => Tensor[];
}

type Forward = (inputs: Tensor[], save: (tensors: Tensor[]) => void) => Differentiation;

/** tf.customGrad for any number of inputs. `save` keeps tensors until the gradient has been computed. */
export function differentiable(forward: Forward): (...inputs: Tensor[]) => Tensor {
  const typed = (...inputsAndSave: unknown[]) => {
    const save = inputsAndSave.pop() as (tensors: Tensor[]) => void;
    const inputs = inputsAndSave as Tensor[];
    const { value, gradient } = forward(inputs, save);
    return {
      value,
      gradFunc: (dy: Tensor, saved: Tensor[]) => {
        const gradients = gradient(dy, saved);
        return inputs.length === 1 ? gradients[0]! : gradients;
      },
    };
  };
  return tf.customGrad(typed);
}
