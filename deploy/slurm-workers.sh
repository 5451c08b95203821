#!/usr/bin/env bash
#SBATCH --job-name=edgesweep-worker
#SBATCH --array=1-20
#SBATCH --ntasks=1
#SBATCH --cpus-per-task=16
#SBATCH --time=04:00:00
#SBATCH --requeue
#SBATCH --output=edgesweep-worker-%A_%a.log
# two minutes before the end: time to finish or return the tasks in flight
#SBATCH --signal=B:TERM@120
#
# Worker nodes as a job array. Each node exits when there is nothing left to do, so the array costs no more than the sweep needs.
#   export EDGESWEEP_NATS=nats://HOST:4222 EDGESWEEP_NATS_USER=worker EDGESWEEP_NATS_PASSWORD=...
#   sbatch deploy/slurm-workers.sh
# The nodes must be able to reach the server. They accept no connections.
set -uo pipefail
: "${EDGESWEEP_NATS:?set EDGESWEEP_NATS, EDGESWEEP_NATS_USER and EDGESWEEP_NATS_PASSWORD before sbatch}"

# seconds until the job ends, less the time for draining
drain=90
limit=${EDGESWEEP_MAX_TIME:-$((4 * 3600 - 300))}

# SLURM signals this script, not its children; the shell handles the signal only while it waits
worker='' asked=''
trap 'asked=yes; [ -z "$worker" ] || kill -TERM "$worker" 2>/dev/null' TERM INT

edgesweep worker \
  --name "slurm-${SLURM_ARRAY_JOB_ID:-0}-${SLURM_ARRAY_TASK_ID:-0}" \
  --threads "${SLURM_CPUS_PER_TASK:-1}" \
  --max-idle "${EDGESWEEP_MAX_IDLE:-300}" \
  --max-time "$limit" \
  --drain-timeout "$drain" &
worker=$!
[ -z "$asked" ] || kill -TERM "$worker" 2>/dev/null

wait "$worker"
status=$?
# the signal ends the first wait, the worker ends the second
if kill -0 "$worker" 2>/dev/null; then
  wait "$worker"
  status=$?
fi
exit "$status"
