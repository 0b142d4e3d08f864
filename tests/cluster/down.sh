#!/usr/bin/env bash
# End the Slurm that up.sh started in FOLDER, its jobs first: down.sh FOLDER
set -uo pipefail
folder=$(cd "$1" && pwd) || exit 1
export PATH=$PATH:/usr/sbin:/sbin SLURM_CONF=$folder/slurm.conf
timeout 20 scancel --user=root 2>/dev/null
for _ in $(seq 40); do
  [ -z "$(timeout 5 squeue -h 2>/dev/null)" ] && break
  sleep 0.25
done
alive() { # a process that ended and that nobody has waited for does not count
  grep -qs '^State:.[^Z]' "/proc/$1/status"
}
for pid in slurmd.pid slurmctld.pid slurmdbd.pid database.pid munge/pid; do
  [ -s "$folder/$pid" ] || continue
  number=$(cat "$folder/$pid")
  kill "$number" 2>/dev/null
  for _ in $(seq 40); do
    alive "$number" || break
    sleep 0.25
  done
done
exit 0
