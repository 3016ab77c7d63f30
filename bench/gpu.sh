#!/bin/sh
# One sitting of half an hour on a machine with an NVIDIA card; the tables go to standard output and results/gpu.md:
#
#     bench/gpu.sh             # all of it
#     bench/gpu.sh --dry-run   # the same steps on a CPU, small, in some minutes
cd "$(dirname "$0")/.." && exec npx tsx bench/gpu/run.ts "$@"
