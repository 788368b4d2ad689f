#!/usr/bin/env bash
# Cleans up behind a demo, however it ended.
#   guard.sh wait FOLDER    when standard input ends (the launcher holds the other end): ends what runs for FOLDER, removes it
#   guard.sh sweep PARENT   the same for every demo folder of this user in PARENT whose launcher is gone
# A process is known by a mark, a file NAME.mark with its pid and its start time, so that a pid used again by another is not touched;
# a database server by working in the folder.
set -u
shopt -s nullglob

started() { # started PID: its start time in clock ticks since boot, nothing when it is gone
  local stat
  { read -r stat <"/proc/$1/stat"; } 2>/dev/null || return 0
  stat=${stat##*) } # the name before may hold blanks
  set -- $stat
  [ "$1" = Z ] || printf '%s' "${20}"
}

alive() { # alive MARK: prints the pid while the process that the mark is about runs
  local pid start
  read -r pid start <"$1" 2>/dev/null || return 1
  [[ $pid =~ ^[0-9]+$ ]] && [ -n "$start" ] && [ "$(started "$pid")" = "$start" ] && printf '%s\n' "$pid"
}

parts() { # parts FOLDER: the pids of kpi, shop and load
  local mark
  for mark in "$1"/*.mark; do
    [ "$mark" = "$1/launcher.mark" ] || alive "$mark"
  done
}

servers() { # servers FOLDER: the pids of postgres and redis-server that work in it
  local link process name
  while IFS=$'\t' read -r process link; do
    process=${process%/cwd}
    [[ $link == "$1"/* ]] && read -r name 2>/dev/null <"$process/comm" || continue
    case $name in postgres | redis-server) printf '%s\n' "${process#/proc/}" ;; esac
  done < <(find /proc/[0-9]*/cwd -maxdepth 0 -printf '%p\t%l\n' 2>/dev/null)
}

send() { # send SIGNAL PID...
  local signal=$1
  shift
  [ $# = 0 ] || kill -s "$signal" "$@" 2>/dev/null
}

clean() { # clean FOLDER
  local begin=$SECONDS quiet=0 asked=0 theirs running
  send TERM $(parts "$1")
  # 25 s: a command under way when the launcher died (initdb, cp) ends within seconds, but may start or write something until then.
  while [ $((SECONDS - begin)) -lt 25 ]; do
    theirs=$(servers "$1")
    running="$(parts "$1") $theirs"
    if [ $((SECONDS - begin)) -gt 3 ]; then
      send KILL $running
    elif [ $((asked % 5)) = 0 ]; then
      # An immediate shutdown, on which PostgreSQL gives its shared memory back; Redis ends by TERM.
      send QUIT $theirs
      send TERM $theirs
    fi
    asked=$((asked + 1))
    if [ -z "${running//[[:space:]]/}" ] && rm -rf -- "$1" 2>/dev/null && [ ! -e "$1" ]; then
      quiet=$((quiet + 1))
      [ "$quiet" -lt 3 ] || return 0
    else
      quiet=0
    fi
    sleep 0.1
  done
  return 1
}

sweep() { # sweep PARENT
  local folder
  for folder in "$1/kpi-demo-$(id -u)-"*; do
    # Ours, and a folder: in /tmp anybody may put something of this name.
    [ -d "$folder" ] && [ ! -L "$folder" ] && [ -O "$folder" ] || continue
    if [ -e "$folder/launcher.mark" ]; then
      [ -z "$(alive "$folder/launcher.mark")" ] || continue
    else
      # Made a moment ago and not marked yet, or left so.
      [ -n "$(find "$folder" -maxdepth 0 -mmin +1)" ] || continue
    fi
    clean "$folder" && printf '%s\n' "$folder"
  done
}

case ${1:-} in
  wait)
    cat >/dev/null
    clean "$2"
    ;;
  sweep) sweep "$2" ;;
  *)
    printf 'usage: guard.sh wait FOLDER | sweep PARENT\n' >&2
    exit 2
    ;;
esac
