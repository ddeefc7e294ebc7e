#!/usr/bin/env bash
ONE_SERVICE_PARAMS=(
    'SHOP_KEY' 'configure' 'Key' 'M|password'
)
