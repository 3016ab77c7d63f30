#!/usr/bin/env bash
# stop-cluster.sh FOLDER: cancels the jobs of a cluster of start-cluster.sh and ends its processes, known by their pid files.
set -uo pipefail
folder=$(cd "$1" && pwd)
export SLURM_CONF=$folder/slurm.conf
# Jobs first: what a node has started outlives the node's own process.
if timeout 5 scontrol ping 2>/dev/null | grep -q 'is UP'; then
  timeout 5 squeue -h -o %A 2>/dev/null | sort -u | xargs -r timeout 10 scancel 2>/dev/null
  for _ in $(seq 60); do [ -z "$(timeout 5 squeue -h 2>/dev/null)" ] && break; sleep 0.1; done
fi
is_alive() { kill -0 "$1" 2>/dev/null && [ "$(awk '/^State/{print $2}' "/proc/$1/status" 2>/dev/null)" != Z ]; }
for name in node1 node2 controller munge; do
  pid=$(cat "$folder/$name.pid" 2>/dev/null) || continue
  [ -n "$pid" ] || continue
  kill -TERM "$pid" 2>/dev/null
  for _ in $(seq 50); do is_alive "$pid" || break; sleep 0.1; done
  is_alive "$pid" && kill -KILL "$pid"
  rm -f "$folder/$name.pid"
done
# Control groups stay behind where memory was limited.
if grep -q '^TaskPlugin=task/cgroup' "$folder/slurm.conf" 2>/dev/null; then
  find /sys/fs/cgroup/memory/slurm_node[12] -depth -type d -exec rmdir {} + 2>/dev/null
fi
exit 0
