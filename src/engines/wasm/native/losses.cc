// Softmax, and the cross-entropies of logits [N, K] with their gradients.
#include <algorithm>
#include <cmath>

#include "operation.h"

namespace runner {
namespace {

/** exp(x − max) of a row and their sum, which is at least 1. */
struct Exponentials {
  float largest, sum = 0;

  Exponentials(const float* x, int64_t classes, float* y) : largest(*std::max_element(x, x + classes)) {
    for (int64_t k = 0; k < classes; k++) sum += y[k] = std::exp(x[k] - largest);
  }
};

void softmax(Call& call) {
  const Tensor x = call.input(0);
  const int64_t classes = x.last();
  float* y = call.output(0, x.shape).data;
  for (int64_t row = 0; row < x.rows(); row++) {
    float* to = y + row * classes;
    const Exponentials e(x.data + row * classes, classes, to);
    for (int64_t k = 0; k < classes; k++) to[k] /= e.sum;
  }
}

/** Logits, class numbers [N] → losses [N], gradients [N, K]. */
void sparse(Call& call) {
  const Tensor x = call.input(0);
  const int32_t* labels = call.in(1, kInt32).as<int32_t>();
  const int64_t rows = x.rows(), classes = x.last();
  const Tensor losses = call.output(0, {rows}), gradients = call.output(1, x.shape);
  for (int64_t row = 0; row < rows; row++) {
    const float* from = x.data + row * classes;
    float* to = gradients.data + row * classes;
    if (labels[row] < 0 || labels[row] >= classes) call.refuse("a label is no class");
    const Exponentials e(from, classes, to);
    for (int64_t k = 0; k < classes; k++) to[k] /= e.sum;
    losses.data[row] = std::log(e.sum) - (from[labels[row]] - e.largest);
    to[labels[row]] -= 1;
  }
}

/** Logits, shares of the classes [N, K] → losses [N], gradients [N, K]. */
void dense(Call& call) {
  const Tensor x = call.input(0), shares = call.input(1);
  const int64_t rows = x.rows(), classes = x.last();
  const Tensor losses = call.output(0, {rows}), gradients = call.output(1, x.shape);
  for (int64_t row = 0; row < rows; row++) {
    const float *from = x.data + row * classes, *share = shares.data + row * classes;
    float* to = gradients.data + row * classes;
    const Exponentials e(from, classes, to);
    const float logarithm = std::log(e.sum);
    float loss = 0;
    for (int64_t k = 0; k < classes; k++) {
      loss += share[k] * (logarithm - (from[k] - e.largest));
      to[k] = to[k] / e.sum - share[k];
    }
    losses.data[row] = loss;
  }
}

}  // namespace

void registerLosses() {
  addOperation("Softmax", {}, softmax);
  addOperation("SparseSoftmaxCrossEntropyWithLogits", {}, sparse);
  addOperation("SoftmaxCrossEntropyWithLogits", {}, dense);
}

}  // namespace runner
