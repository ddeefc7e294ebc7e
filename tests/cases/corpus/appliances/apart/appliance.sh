#!/usr/bin/env bash
ONE_SERVICE_PARAMS=(
    'ONEAPP_GAME_WORLD_NAME'  'configure'  'Name of the world'  'O|text'
)

service_configure() {
    game --world "$ONEAPP_GAME_WORLD_NAME" --mode "$ONEAPP_GAME_PLAY_MODE"
}
