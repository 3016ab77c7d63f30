// One step of an optimiser on one variable, in place. The binding hands variables over as tensors.
#include <cmath>

#include "operation.h"

namespace runner {
namespace {

float scalar(const Call& call, int index) { return *call.in(index, kFloat).as<float>(); }
float* variable(const Call& call, int index) { return call.in(index, kFloat).as<float>(); }

/** Variable, m, v, β₁ to the step, β₂ to the step, rate, β₁, β₂, ε, gradient (Kingma and Ba 2015, end of section 2). */
void adam(Call& call) {
  float *x = variable(call, 0), *m = variable(call, 1), *v = variable(call, 2);
  const float beta1Power = scalar(call, 3), beta2Power = scalar(call, 4), rate = scalar(call, 5);
  const float beta1 = scalar(call, 6), beta2 = scalar(call, 7), epsilon = scalar(call, 8);
  const Record& gradient = call.in(9, kFloat);
  const float* g = gradient.as<float>();
  const float alpha = rate * std::sqrt(1 - beta2Power) / (1 - beta1Power);
  const float share1 = 1 - beta1, share2 = 1 - beta2;
  const int64_t n = gradient.count();
  for (int64_t i = 0; i < n; i++) {
    m[i] += (g[i] - m[i]) * share1;
    v[i] += (g[i] * g[i] - v[i]) * share2;
    x[i] -= (m[i] * alpha) / (std::sqrt(v[i]) + epsilon);
  }
}

/** Variable, velocity, rate, gradient, momentum. */
void momentum(Call& call) {
  float *x = variable(call, 0), *velocity = variable(call, 1);
  const float rate = scalar(call, 2), share = scalar(call, 4);
  const Record& gradient = call.in(3, kFloat);
  const float* g = gradient.as<float>();
  const int64_t n = gradient.count();
  for (int64_t i = 0; i < n; i++) {
    velocity[i] = velocity[i] * share - g[i] * rate;
    x[i] += velocity[i];
  }
}

/** Variable, mean square, momentum's velocity, rate, ρ, momentum, ε, gradient. */
void rmsprop(Call& call) {
  float *x = variable(call, 0), *square = variable(call, 1), *velocity = variable(call, 2);
  const float rate = scalar(call, 3), share = 1 - scalar(call, 4), momentum = scalar(call, 5), epsilon = scalar(call, 6);
  const Record& gradient = call.in(7, kFloat);
  const float* g = gradient.as<float>();
  const int64_t n = gradient.count();
  for (int64_t i = 0; i < n; i++) {
    square[i] += (g[i] * g[i] - square[i]) * share;
    velocity[i] = velocity[i] * momentum + (g[i] * rate) / std::sqrt(square[i] + epsilon);
    x[i] -= velocity[i];
  }
}

void subtract(Call& call) {
  float* x = variable(call, 0);
  const Record& change = call.in(1, kFloat);
  const int64_t n = change.count();
  for (int64_t i = 0; i < n; i++) x[i] -= change.as<float>()[i];
}

}  // namespace

void registerOptimizers() {
  addOperation("ResourceApplyAdam", {}, adam);
  addOperation("ResourceApplyKerasMomentum", {}, momentum);
  addOperation("ResourceApplyRMSProp", {}, rmsprop);
  addOperation("AssignSubVariableOp", {}, subtract);
}

}  // namespace runner
