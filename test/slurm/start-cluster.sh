#!/usr/bin/env bash
# start-cluster.sh FOLDER: a Slurm cluster of two nodes on this machine's loopback, for tests. Its munge, controller and
# nodes are processes of the calling user, with keys, sockets, pid files and logs in FOLDER. Ends when both nodes are idle.
# Then: export SLURM_CONF=FOLDER/slurm.conf. Settings by variables: BASE_PORT (17000, three ports from it on),
# MIN_JOB_AGE (60), MAX_ARRAY_SIZE (101), NODE_TIMEOUT (10), TASK_PLUGIN (task/none; task/cgroup limits memory).
set -euo pipefail
mkdir -p "$1"
folder=$(cd "$1" && pwd)
port=${BASE_PORT:-17000}
mkdir -p "$folder"/{munge,controller,node1,node2}
chmod 711 "$folder/munge"
[ -s "$folder/munge/key" ] || { (umask 077; head -c 128 /dev/urandom > "$folder/munge/key"); }
chmod 400 "$folder/munge/key"
munged --force --key-file="$folder/munge/key" --socket="$folder/munge/socket" --pid-file="$folder/munge.pid" \
  --log-file="$folder/munge/log" --seed-file="$folder/munge/seed" --num-threads=2
user=$(id -un)
cat > "$folder/slurm.conf" <<CONF
ClusterName=runnertest
SlurmctldHost=localhost(127.0.0.1)
SlurmctldPort=$port
# Else the daemons would listen on every address.
CommunicationParameters=NoInAddrAny,NoCtldInAddrAny
SlurmUser=$user
SlurmdUser=$user
AuthType=auth/munge
AuthInfo=socket=$folder/munge/socket
CredType=cred/munge
StateSaveLocation=$folder/controller
SlurmdSpoolDir=$folder/%n
SlurmctldPidFile=$folder/controller.pid
SlurmdPidFile=$folder/%n.pid
SlurmctldLogFile=$folder/controller.log
SlurmdLogFile=$folder/%n.log
# Without systemd, and without control groups unless they are asked for.
ProctrackType=proctrack/linuxproc
TaskPlugin=${TASK_PLUGIN:-task/none}
JobAcctGatherType=jobacct_gather/linux
MpiDefault=none
SwitchType=switch/none
ReturnToService=2
# Nodes may claim more processors than this machine has.
SlurmdParameters=config_overrides
SchedulerType=sched/backfill
SchedulerParameters=batch_sched_delay=0,sched_interval=2,bf_interval=2
SelectType=select/cons_tres
SelectTypeParameters=CR_CPU_Memory
# Short times, so that tests of failures end soon.
SlurmdTimeout=${NODE_TIMEOUT:-10}
SlurmctldTimeout=10
MessageTimeout=5
TCPTimeout=2
KillWait=2
UnkillableStepTimeout=10
BatchStartTimeout=10
MinJobAge=${MIN_JOB_AGE:-60}
JobRequeue=1
# A job of the main partition takes the place of those of the others, which differ in what becomes of them.
PreemptType=preempt/partition_prio
PreemptMode=REQUEUE
MaxArraySize=${MAX_ARRAY_SIZE:-101}
AccountingStorageType=accounting_storage/none
JobCompType=jobcomp/filetxt
JobCompLoc=$folder/completed.log
NodeName=node1 NodeHostname=localhost NodeAddr=127.0.0.1 Port=$((port + 1)) CPUs=2 RealMemory=4000 State=UNKNOWN
NodeName=node2 NodeHostname=localhost NodeAddr=127.0.0.1 Port=$((port + 2)) CPUs=2 RealMemory=4000 State=UNKNOWN
PartitionName=main Nodes=node1,node2 Default=YES MaxTime=01:00:00 DefaultTime=00:10:00 DefMemPerCPU=1000 PriorityTier=10 PreemptMode=OFF State=UP
PartitionName=requeued Nodes=node1,node2 MaxTime=01:00:00 DefaultTime=00:10:00 DefMemPerCPU=1000 PriorityTier=1 PreemptMode=REQUEUE State=UP
PartitionName=cancelled Nodes=node1,node2 MaxTime=01:00:00 DefaultTime=00:10:00 DefMemPerCPU=1000 PriorityTier=1 PreemptMode=CANCEL State=UP
CONF
cat > "$folder/cgroup.conf" << CONF
CgroupPlugin=cgroup/v1
CgroupMountpoint=/sys/fs/cgroup
ConstrainRAMSpace=yes
CONF
: > "$folder/completed.log"
export SLURM_CONF=$folder/slurm.conf
wait_for() { # what, command…
  local what=$1
  shift
  for _ in $(seq 100); do "$@" && return 0; sleep 0.1; done
  echo "start-cluster: $what; see the logs in $folder" >&2
  return 1
}
answers() { timeout 3 scontrol ping 2>/dev/null | grep -q 'is UP'; }
are_idle() { [ "$(timeout 3 sinfo -h -N -t idle -o %N 2>/dev/null | sort -u | wc -l)" = 2 ]; }
slurmctld
wait_for 'the controller does not answer' answers
slurmd -N node1
slurmd -N node2
wait_for 'the nodes are not idle' are_idle
