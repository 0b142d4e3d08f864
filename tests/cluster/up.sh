#!/usr/bin/env bash
# A real Slurm on this machine alone, without systemd: up.sh FOLDER [SLOTS]; down.sh FOLDER ends it.
# Everything of it lies in FOLDER (sockets, keys, state, logs) and listens on free ports of the loopback interface, so
# another Slurm on the machine is not touched. Use it with SLURM_CONF=FOLDER/slurm.conf and FOLDER/bin first in PATH.
# Needs root, and installs Slurm from the distribution where it is missing.
set -euo pipefail
folder=$(mkdir -p "$1" && cd "$1" && pwd)
slots=${2:-$(nproc)}
for tool in slurmctld slurmd munged; do
  command -v "$tool" >/dev/null || PATH=$PATH:/usr/sbin:/sbin command -v "$tool" >/dev/null || missing=1
done
if [ "${missing:-}" ]; then
  export DEBIAN_FRONTEND=noninteractive
  apt-get update -qq && apt-get install -y -qq --no-install-recommends slurm-wlm munge >/dev/null
fi
export PATH=$PATH:/usr/sbin:/sbin SLURM_CONF=$folder/slurm.conf
host=$(hostname -s)
chmod 755 "$folder"
mkdir -p "$folder"/{munge,state,spool,bin}
# Snakemake's plugin starts srun inside a job without SLURM_CONF.
printf '#!/bin/sh\nSLURM_CONF=%s exec %s "$@"\n' "$SLURM_CONF" "$(command -v srun)" >"$folder/bin/srun"
chmod 755 "$folder/bin/srun"

free_ports() {
  python3 - <<'P'
import socket
sockets = [socket.socket() for _ in range(2)]
for each in sockets:
    each.bind(("127.0.0.1", 0))
print(*(each.getsockname()[1] for each in sockets))
P
}
read -r controller_port node_port <<<"$(free_ports)"
memory=$(($(awk '/MemTotal/ {print $2}' /proc/meminfo) / 1024 * 9 / 10))

[ -s "$folder/munge/key" ] || (umask 077 && head -c 1024 /dev/urandom >"$folder/munge/key")
munged --force --socket="$folder/munge/socket" --key-file="$folder/munge/key" --pid-file="$folder/munge/pid" \
  --log-file="$folder/munge/log" --seed-file="$folder/munge/seed" 2>/dev/null

echo 'CgroupPlugin=cgroup/v1' >"$folder/cgroup.conf"
cat >"$folder/slurm.conf" <<CONF
ClusterName=initbench
SlurmctldHost=$host(127.0.0.1)
SlurmUser=root
SlurmctldPort=$controller_port
SlurmdPort=$node_port
AuthType=auth/munge
AuthInfo=socket=$folder/munge/socket
StateSaveLocation=$folder/state
SlurmdSpoolDir=$folder/spool
SlurmctldPidFile=$folder/slurmctld.pid
SlurmdPidFile=$folder/slurmd.pid
SlurmctldLogFile=$folder/slurmctld.log
SlurmdLogFile=$folder/slurmd.log
ProctrackType=proctrack/pgid
TaskPlugin=task/none
# Jobs above their memory are killed, without control groups.
JobAcctGatherType=jobacct_gather/linux
JobAcctGatherFrequency=task=1
JobAcctGatherParams=OverMemoryKill
AccountingStorageType=accounting_storage/none
SelectType=select/cons_tres
SelectTypeParameters=CR_CPU_Memory
SchedulerParameters=batch_sched_delay=0,sched_min_interval=0,bf_interval=5
SlurmdParameters=config_overrides
MinJobAge=600
ReturnToService=2
MpiDefault=none
KillWait=2
MailProg=/bin/true
NodeName=node1 NodeHostname=$host NodeAddr=127.0.0.1 CPUs=$slots RealMemory=$memory State=UNKNOWN
PartitionName=main Nodes=ALL Default=YES MaxTime=INFINITE DefMemPerCPU=256 State=UP
CONF
slurmctld -f "$SLURM_CONF" </dev/null >/dev/null 2>&1
slurmd -f "$SLURM_CONF" -N node1 </dev/null >/dev/null 2>&1
for _ in $(seq 120); do
  sinfo -h -o %T 2>/dev/null | grep -qE '^(idle|mixed|allocated)$' && exit 0
  sleep 0.25
done
echo "Slurm did not come up; the logs are in $folder" >&2
tail -n 20 "$folder"/slurmctld.log "$folder"/slurmd.log >&2
exit 1
