#!/bin/sh
# A backup a day into a folder, the last 14 kept. Works while the shop runs; `shanhuo backup`
# verifies what it wrote and leaves nothing half written behind.
#   backup.sh FOLDER [KEEP]
set -eu
folder=$1
keep=${2:-14}
umask 077
mkdir -p "$folder"
shanhuo backup "$folder/shanhuo-$(date -u +%Y%m%d-%H%M%S).tar"
# Names sort by time, so all but the last KEEP are the old ones.
find "$folder" -maxdepth 1 -name 'shanhuo-????????-??????.tar' | sort | head -n "-$keep" \
    | while read -r old; do rm -- "$old"; done
