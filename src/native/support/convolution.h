// What the operations of a convolution in the chain are given and give: x with its normalisation, from which they compute
// y (normalization.h), and z.
#pragma once
#include <operation.h>

namespace runner {

/**
 * Two operations: x, mean, variance, gamma, beta, kernel → z and its mean and variance; and the gradient, which is also given
 * z, its normalisation with the gradients of gamma and beta, and dy: → those of y, kernel, gamma and beta.
 */
inline void registerConvolution(const char* name, const char* gradientName, const char* ownAttribute,
                                void (*forward)(Call&), void (*backward)(Call&)) {
  registerOperation({name,
                     {"x", "mean", "variance", "gamma", "beta", "kernel"},
                     {"z", "z_mean", "z_variance"},
                     {"clip", ownAttribute},
                     forward});
  registerOperation({gradientName,
                     {"x", "mean", "variance", "gamma", "beta", "kernel", "z", "z_mean", "z_variance", "z_gamma",
                      "z_beta", "z_dgamma", "z_dbeta", "dy"},
                     {"dx", "dkernel", "dgamma", "dbeta"},
                     {"clip", "z_clip", ownAttribute},
                     backward});
}

}  // namespace runner
