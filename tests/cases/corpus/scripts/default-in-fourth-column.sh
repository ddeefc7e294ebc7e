#!/usr/bin/env bash
ONE_SERVICE_PARAMS=(
    'ONEAPP_NODE_VERSION'    'configure'  'Version of the node'  '1.31.0'
    'ONEAPP_NODE_LOG_LEVEL'  'configure'  'Level of the log'     'INFO'
)
