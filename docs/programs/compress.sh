#!/bin/sh
# How much does gzip save on a text of so many lines? Reads a number from the JSON of the task with sed.
set -e
parameter() { sed -n "s/.*\"$1\":\([0-9.]*\).*/\1/p" "$EDGESWEEP_IN"; }
seq "$(parameter lines)" > text
gzip "-$(parameter level)" < text > packed
echo "packed $(wc -l < text) lines" # goes to the log of the task
printf '{"bytes": %d, "ratio": %s}\n' \
  "$(wc -c < packed)" "$(awk -v a="$(wc -c < text)" -v b="$(wc -c < packed)" 'BEGIN { print a / b }')" > "$EDGESWEEP_OUT"
