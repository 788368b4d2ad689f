#!/usr/bin/env bash
# part.sh FOLDER NAME PROGRAM ARGUMENT...: leaves its mark (pid and start time) in FOLDER/NAME.mark for the guard, then becomes PROGRAM,
# which keeps the pid and writes to FOLDER/NAME.log.
set -eu
folder=$1 name=$2
shift 2
read -r stat <"/proc/$$/stat"
read -r -a fields <<<"${stat##*) }"
printf '%s %s\n' "$$" "${fields[19]}" >"$folder/$name.mark"
cd "$folder"
exec "$@" </dev/null >"$folder/$name.log" 2>&1
