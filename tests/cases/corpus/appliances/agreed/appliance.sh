#!/usr/bin/env bash
ONE_SERVICE_PARAMS=(
    'ONEAPP_CHAT_SITE_TITLE'  'configure'  'Title of the chat'  'O|text'
    'ONEAPP_CHAT_SITE_PORT'   'configure'  'Port of the chat'   'O|number'
)
ONEAPP_CHAT_SITE_PORT="${ONEAPP_CHAT_SITE_PORT:-8065}"

service_configure() {
    chat --title "$ONEAPP_CHAT_SITE_TITLE" --port "$ONEAPP_CHAT_SITE_PORT"
}
