#!/usr/bin/env bash
# A real Slurm on this machine alone, without systemd: up.sh FOLDER SLOTS [--accounting]; down.sh FOLDER ends it.
# Everything of it lies in FOLDER (sockets, keys, state, logs) and listens on free ports of the loopback interface, so
# another Slurm on the machine is not touched. Use it with SLURM_CONF=FOLDER/slurm.conf and FOLDER/bin first in PATH.
# It does not outlive the process that called this, however that ends. Needs root, and installs Slurm from the distribution
# where it is missing; ends with 3 where that cannot be.
set -euo pipefail
folder=$(mkdir -p "$1" && cd "$1" && pwd)
slots=$2
accounting=${3:-}
export PATH=$PATH:/usr/sbin:/sbin SLURM_CONF=$folder/slurm.conf

exec 9<"$0" # several tests may come here at a time; the first installs
flock 9
need() { # need PACKAGES TOOLS: install the packages unless the tools are there
  for tool in $2; do
    command -v "$tool" >/dev/null && continue
    export DEBIAN_FRONTEND=noninteractive
    # shellcheck disable=SC2086
    { apt-get update -qq && apt-get install -y -qq --no-install-recommends $1; } >"$folder/apt.log" 2>&1 && return
    tail -n 5 "$folder/apt.log" >&2
    echo "these packages cannot be had here: $1" >&2
    exit 3
  done
}
need "slurm-wlm munge" "slurmctld slurmd munged"
[ -z "$accounting" ] || need "slurmdbd mariadb-server-core mariadb-client-core" "slurmdbd mariadbd mariadb-install-db my_print_defaults"
flock --unlock 9
exec 9<&-

host=$(hostname -s)
chmod 755 "$folder"
mkdir -p "$folder"/{munge,state,spool,bin}
# Snakemake's plugin starts srun inside a job without SLURM_CONF.
printf '#!/bin/sh\nSLURM_CONF=%s exec %s "$@"\n' "$SLURM_CONF" "$(command -v srun)" >"$folder/bin/srun"
chmod 755 "$folder/bin/srun"

free_ports() {
  python3 - <<'P'
import socket
sockets = [socket.socket() for _ in range(4)]
for each in sockets:
    each.bind(("127.0.0.1", 0))
print(*(each.getsockname()[1] for each in sockets))
P
}
read -r controller_port node_port accounting_port database_port <<<"$(free_ports)"
memory=$(($(awk '/MemTotal/ {print $2}' /proc/meminfo) / 1024 * 9 / 10))

wait_for() { # wait_for WHAT COMMAND: try it for half a minute
  for _ in $(seq 120); do
    timeout 10 bash -c "$2" >/dev/null 2>&1 && return
    sleep 0.25
  done
  echo "$1 did not come up; the logs are in $folder" >&2
  tail -n 20 "$folder"/*.log >&2
  exit 1
}

# The folder is there for as long as nobody has ended this Slurm.
# shellcheck disable=SC2016
setsid bash -c 'while kill -0 "$1" && [ -d "$2" ]; do sleep 1; done; [ -d "$2" ] && "$3" "$2"; rm -rf "$2"' \
  watch "$PPID" "$folder" "$(cd "$(dirname "$0")" && pwd)/down.sh" </dev/null >/dev/null 2>&1 &

[ -s "$folder/munge/key" ] || (umask 077 && head -c 1024 /dev/urandom >"$folder/munge/key")
munged --force --socket="$folder/munge/socket" --key-file="$folder/munge/key" --pid-file="$folder/munge/pid" \
  --log-file="$folder/munge/log" --seed-file="$folder/munge/seed" 2>/dev/null

storage="AccountingStorageType=accounting_storage/none"
if [ "$accounting" ]; then
  mariadb-install-db --no-defaults --user=root --datadir="$folder/database" --skip-test-db \
    --auth-root-authentication-method=normal >"$folder/database-install.log" 2>&1
  cat >"$folder/database.sql" <<'SQL'
CREATE DATABASE accounting;
CREATE USER 'slurm'@'127.0.0.1' IDENTIFIED BY 'slurm';
GRANT ALL ON accounting.* TO 'slurm'@'127.0.0.1';
SQL
  mariadbd --no-defaults --user=root --datadir="$folder/database" --socket="$folder/database.socket" \
    --bind-address=127.0.0.1 --port="$database_port" --skip-name-resolve --init-file="$folder/database.sql" \
    --pid-file="$folder/database.pid" </dev/null >"$folder/database.log" 2>&1 &
  (umask 077 && cat >"$folder/slurmdbd.conf") <<CONF
AuthType=auth/munge
AuthInfo=socket=$folder/munge/socket
DbdHost=localhost
DbdPort=$accounting_port
SlurmUser=root
StorageType=accounting_storage/mysql
StorageHost=127.0.0.1
StoragePort=$database_port
StorageUser=slurm
StoragePass=slurm
StorageLoc=accounting
LogFile=$folder/slurmdbd.log
PidFile=$folder/slurmdbd.pid
CONF
  storage="AccountingStorageType=accounting_storage/slurmdbd
AccountingStorageHost=localhost
AccountingStoragePort=$accounting_port
AccountingStoragePass=$folder/munge/socket"
fi

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
$storage
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
if [ "$accounting" ]; then
  wait_for "The database" "grep -q 'ready for connections' $folder/database.log"
  slurmdbd </dev/null >/dev/null 2>&1
  wait_for "Accounting" "sacctmgr -n list cluster"
  sacctmgr -i add cluster initbench >/dev/null
  sacctmgr -i add account users >/dev/null
  sacctmgr -i add user root account=users >/dev/null
fi
slurmctld -f "$SLURM_CONF" </dev/null >/dev/null 2>&1
slurmd -f "$SLURM_CONF" -N node1 </dev/null >/dev/null 2>&1
wait_for "Slurm" "sinfo -h -o %T | grep -qE '^(idle|mixed|allocated)$'"
