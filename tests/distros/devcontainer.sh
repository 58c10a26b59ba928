#!/usr/bin/env bash
# Does what .devcontainer/ says on a bare system, which it changes for good; without Docker, but under its refusals. Then
# runs the commands that are named, as its user would. As root, on a machine of tests/distros/machine.sh:
#     tests/distros/devcontainer.sh 'make compare QUICK=1 && make test'
set -euo pipefail
folder=$PWD
dockerfile=.devcontainer/Dockerfile
workspace=/workspaces/fastenough

setting() { # a text in devcontainer.json
    sed -nE "s/^ *\"$1\": \"(.*)\",?$/\1/p" "$folder/.devcontainer/devcontainer.json"
}

# The context of the build: nothing but what the patterns behind a ! let through.
copy_context() {
    local patterns
    mapfile -t patterns < <(sed -n 's/^!/:(glob)/p' "$folder/$dockerfile.dockerignore")
    git -C "$folder" ls-files -z "${patterns[@]}" | tar --null -C "$folder" -T - -cf - | tar -xf - -C "$1"
}

step() { # a line of the Dockerfile
    local word=${1%% *} rest=${1#* }
    case $word in
    FROM)
        [[ $rest == "debian:$(. /etc/os-release && echo "$VERSION_CODENAME")" ]] || { echo "devcontainer.sh: this is not $rest" >&2; exit 2; }
        ;;
    RUN) (cd / && sh -c "$rest") ;;
    COPY)
        [[ $rest == ". "* ]] || { echo "devcontainer.sh: does not know how to $1" >&2; exit 2; }
        mkdir -p "${rest#. }" && copy_context "${rest#. }"
        ;;
    *) echo "devcontainer.sh: does not know how to $1" >&2; exit 2 ;;
    esac
}

# a backslash at the end of a line joins the next one to it, in Dockerfiles as for read
while read line; do
    [[ -z $line || $line == \#* ]] && continue
    echo "-- $line"
    step "$line" </dev/null
done <"$dockerfile"

make -s build/tests/refuse
mkdir -p "$workspace" && cp -a . "$workspace"
user=$(setting remoteUser)
chown -R "$user:" "$workspace"
cd "$workspace"
for command in "$(setting postCreateCommand)" "$@"; do
    echo "-- $command"
    USER_NAME=$user /project/tests/distros/container.sh "$folder/build" sh -c "$command"
done
