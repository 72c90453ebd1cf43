#!/bin/sh
# Puts the image's package where n8n looks for community packages, then starts n8n as its own image does.
set -eu
packages="${N8N_USER_FOLDER:-/home/node}/.n8n/nodes"
mkdir -p "$packages/node_modules"
[ -f "$packages/package.json" ] || echo '{ "name": "installed-nodes", "private": true }' > "$packages/package.json"
rm -rf "$packages/node_modules/n8n-nodes-bentonow"
cp -R "${BENTO_PACKAGES:-/opt/n8n-packages/node_modules}/n8n-nodes-bentonow" "$packages/node_modules/"
exec "${N8N_ENTRYPOINT:-/docker-entrypoint.sh}" "$@"
